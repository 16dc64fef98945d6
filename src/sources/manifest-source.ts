import { refOf } from '../api/object.ts';
import type { KubeObject, ObjectKey, ObjectRef } from '../api/object.ts';
import { ApiError } from '../store/api-error.ts';
import { MANIFESTS_FIELD_MANAGER } from '../store/object-client.ts';
import type { ApplyResult, ObjectClient } from '../store/object-client.ts';
import { applyRank } from './apply-order.ts';
import { fieldIn, nameOf, parseFile, problemAt, problemsOf } from './manifest-entry.ts';
import type { ManifestEntry } from './manifest-entry.ts';
import type { ManifestScan } from './scan-manifests.ts';
import type { SourceProblem } from './source-problem.ts';
import type { DirectoryWatch, WatchDirectories } from './watch-directories.ts';

/** What a source did, one event for each change that matters. */
export type SourceEvent =
  | {
      readonly type: 'Applied';
      readonly ref: ObjectRef;
      readonly path: string;
      readonly outcome: 'Created' | 'Configured';
    }
  | { readonly type: 'Pruned'; readonly ref: ObjectRef; readonly path: string }
  /** What the API said about an object that it took. */
  | ({ readonly type: 'Warning'; readonly ref: ObjectRef } & SourceProblem)
  | ({ readonly type: 'Problem' } & SourceProblem)
  /** A file that had problems has none any more. */
  | { readonly type: 'Solved'; readonly path: string };

/** What a `ManifestSource` works with; files and notifications are passed in. */
export interface ManifestSourceOptions {
  readonly client: ObjectClient;
  readonly scan: () => Promise<ManifestScan>;
  readonly watch: WatchDirectories;
  readonly onEvent: (event: SourceEvent) => void;
}

interface FileState {
  readonly text: string;
  readonly entries: readonly ManifestEntry[];
  /** The text could not be parsed: `entries` are those of the last text that could. */
  readonly isBroken: boolean;
}

/** An object that a file brought in, and so may take away. */
interface Held {
  readonly ref: ObjectRef;
  readonly uid: string | undefined;
  readonly path: string;
  readonly rank: number;
}

/** Applies the manifests of files, follows their changes, and deletes what they no longer hold. */
export class ManifestSource {
  readonly #options: ManifestSourceOptions;
  readonly #files = new Map<string, FileState>();
  readonly #held = new Map<ObjectKey, Held>();
  readonly #failed = new Set<ObjectKey>();
  readonly #problems = new Map<string, readonly SourceProblem[]>();
  #watch: DirectoryWatch | undefined;
  #running: Promise<void> | undefined;
  #isStale = false;
  #isClosed = false;

  constructor(options: ManifestSourceOptions) {
    this.#options = options;
  }

  /** Applies everything once, then follows changes. Problems are events, never exceptions. */
  async start(): Promise<void> {
    this.#watch = this.#options.watch(() => void this.sync());
    await this.sync();
  }

  /** Brings the API in line with the files. Calls while one is running lead to one more run. */
  sync(): Promise<void> {
    this.#isStale = true;
    this.#running ??= this.#run().finally(() => {
      this.#running = undefined;
    });
    return this.#running;
  }

  /** Stops following changes and waits for the run in progress. What was applied stays. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#watch?.close();
    await this.#running;
  }

  async #run(): Promise<void> {
    while (this.#isStale && !this.#isClosed) {
      this.#isStale = false;
      const scan = await this.#options.scan();
      this.#watch?.follow(scan.directories);
      await this.#reconcile(scan);
    }
  }

  async #reconcile(scan: ManifestScan): Promise<void> {
    const problems: SourceProblem[] = [...scan.refused];
    const isRefused = (path: string) =>
      scan.refused.some((refused) => path === refused.path || path.startsWith(`${refused.path}/`));
    const changed = this.#readFiles(scan, isRefused, problems);
    const desired = this.#desired(problems);
    const due = [...desired.values()].filter(
      ({ identity, path }) =>
        changed.has(path) || this.#failed.has(identity) || this.#held.get(identity)?.path !== path,
    );
    this.#failed.clear();
    for (const entry of due.sort(byRank)) await this.#apply(entry, problems);
    const unsound = new Set(problems.map(({ path }) => path));
    await this.#prune((identity, path) => desired.has(identity) || unsound.has(path) || isRefused(path), problems);
    this.#tell(problems);
  }

  /** Takes in the files whose text differs from what is known; returns their paths. */
  #readFiles(scan: ManifestScan, isRefused: (path: string) => boolean, problems: SourceProblem[]): ReadonlySet<string> {
    const changed = new Set<string>();
    for (const { path, text } of scan.files) {
      const known = this.#files.get(path);
      if (known?.text === text && !known.isBroken) continue;
      const parsed = parseFile(path, text, problems);
      if (parsed !== undefined) changed.add(path);
      this.#files.set(path, { text, entries: parsed ?? known?.entries ?? [], isBroken: parsed === undefined });
    }
    const present = new Set(scan.files.map(({ path }) => path));
    for (const path of this.#files.keys()) {
      if (!present.has(path) && !isRefused(path)) this.#files.delete(path);
    }
    return changed;
  }

  /** One manifest for each object; of two for the same object the first one counts, and the second is a problem. */
  #desired(problems: SourceProblem[]): ReadonlyMap<ObjectKey, ManifestEntry> {
    const desired = new Map<ObjectKey, ManifestEntry>();
    for (const { entries } of this.#files.values()) {
      for (const entry of entries) {
        const first = desired.get(entry.identity);
        if (first === undefined) desired.set(entry.identity, entry);
        else
          problems.push(
            problemAt(
              entry,
              '',
              `${nameOf(entry.manifest.object)} stands in "${first.path}" already; remove one of the two.`,
            ),
          );
      }
    }
    return desired;
  }

  async #apply(entry: ManifestEntry, problems: SourceProblem[]): Promise<void> {
    const { manifest, path, identity } = entry;
    try {
      await this.#ensureNamespace(manifest.object);
      const result = await this.#options.client.apply(manifest.object, MANIFESTS_FIELD_MANAGER);
      const ref = refOf(result.object);
      this.#held.set(identity, { ref, uid: result.object.metadata.uid, path, rank: applyRank(manifest.object) });
      this.#tellApplied(result, entry);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      this.#failed.add(identity);
      problems.push(...problemsOf(error, entry));
    }
  }

  #tellApplied({ object, outcome, warnings }: ApplyResult, entry: ManifestEntry): void {
    const ref = refOf(object);
    if (outcome !== 'Unchanged') this.#options.onEvent({ type: 'Applied', ref, path: entry.path, outcome });
    for (const message of warnings)
      this.#options.onEvent({ type: 'Warning', ref, ...problemAt(entry, fieldIn(message), message) });
  }

  /** A namespace that is made along the way belongs to nobody's file: it is never pruned. */
  async #ensureNamespace({ metadata: { namespace } }: KubeObject): Promise<void> {
    if (namespace === undefined || namespace === '') return;
    const { client } = this.#options;
    if ((await client.get({ group: '', kind: 'Namespace', namespace: '', name: namespace })) !== undefined) return;
    await client.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } }, 'sallyport');
  }

  async #prune(isWanted: (identity: ObjectKey, path: string) => boolean, problems: SourceProblem[]): Promise<void> {
    const gone = [...this.#held].filter(([identity, { path }]) => !isWanted(identity, path));
    for (const [identity, held] of gone.sort(([, a], [, b]) => b.rank - a.rank)) {
      this.#held.delete(identity);
      const object = await this.#options.client.get(held.ref);
      // Somebody else's object of the same name is not ours to delete.
      if (object === undefined || object.metadata.uid !== held.uid) continue;
      await this.#delete(object, held, problems);
    }
  }

  async #delete(object: KubeObject, { ref, path }: Held, problems: SourceProblem[]): Promise<void> {
    try {
      await this.#options.client.delete(ref);
      this.#options.onEvent({ type: 'Pruned', ref, path });
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      problems.push({ path, message: `${nameOf(object)} stays: ${error.message}.` });
    }
  }

  /** Tells problems that were not there before, and files that are sound again. */
  #tell(problems: readonly SourceProblem[]): void {
    const now = new Map<string, SourceProblem[]>();
    for (const problem of problems) {
      const sameFile = now.get(problem.path);
      if (sameFile === undefined) now.set(problem.path, [problem]);
      else sameFile.push(problem);
    }
    for (const [path, found] of now) {
      const known = new Set(this.#problems.get(path)?.map(problemKey));
      for (const problem of found) {
        if (!known.has(problemKey(problem))) this.#options.onEvent({ type: 'Problem', ...problem });
      }
    }
    for (const path of this.#problems.keys()) {
      if (!now.has(path)) this.#options.onEvent({ type: 'Solved', path });
    }
    this.#problems.clear();
    for (const [path, found] of now) this.#problems.set(path, found);
  }
}

function problemKey({ line, column, message }: SourceProblem): string {
  return `${line}:${column}:${message}`;
}

function byRank(a: ManifestEntry, b: ManifestEntry): number {
  return applyRank(a.manifest.object) - applyRank(b.manifest.object);
}
