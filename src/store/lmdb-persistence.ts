import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { open } from 'lmdb';
import type { RootDatabase } from 'lmdb';
import { objectKey, refOf } from '../api/object.ts';
import type { KubeObject, ObjectRef } from '../api/object.ts';
import { UsageError } from '../lib/usage-error.ts';
import type { StorePersistence } from './store-persistence.ts';

// How far ahead revisions are promised on disk: one synchronous write in so many.
const RESERVED_REVISIONS = 100_000;
const REVISION_KEY = 'revision';
const OBJECT_PREFIX = 'object/';

/** Keeps objects in an LMDB file, as JSON. A write has reached the disk (fsync) when its promise resolves. */
export class LmdbPersistence implements StorePersistence {
  readonly #database: RootDatabase<string, string>;
  readonly restored: { readonly objects: readonly KubeObject[]; readonly revision: number };
  #reservedUpTo: number;

  private constructor(database: RootDatabase<string, string>) {
    this.#database = database;
    const revision = Number(database.get(REVISION_KEY) ?? 1);
    this.restored = { objects: restoredObjects(database), revision };
    this.#reservedUpTo = revision;
  }

  /**
   * Opens the store in that directory, making what is missing. Only its owner may read it, since it holds Secrets. Throws a
   * `UsageError` if it cannot be used, or if another process has it: each would overwrite what the other one wrote.
   */
  static open(directory: string): LmdbPersistence {
    const persistence = usable(directory, () => new LmdbPersistence(openDatabase(join(directory, 'store'))));
    const user = persistence.#otherUser();
    if (user === undefined) return persistence;
    // The caller learns why; that closing takes a moment matters to nobody.
    void persistence.close();
    throw new UsageError(
      `The data directory "${directory}" is in use by process ${user}; stop it, or name another directory with --data-dir.`,
    );
  }

  /**
   * Another process that reads the database: whoever has read once is listed until it closes the database or dies. It is asked
   * after our own first read, so that of two that start at the same time at least one sees the other.
   */
  #otherUser(): number | undefined {
    this.#database.readerCheck();
    const processes = this.#database.readerList().matchAll(/^\s*(\d+)\s/gm);
    return Array.from(processes, ([, id]) => Number(id)).find((id) => id !== process.pid);
  }

  async keep(object: KubeObject): Promise<void> {
    await this.#database.put(OBJECT_PREFIX + objectKey(refOf(object)), JSON.stringify(object));
  }

  async forget(ref: ObjectRef): Promise<void> {
    await this.#database.remove(OBJECT_PREFIX + objectKey(ref));
  }

  reserve(revision: number): void {
    if (revision < this.#reservedUpTo) return;
    this.#reservedUpTo = revision + RESERVED_REVISIONS;
    this.#database.putSync(REVISION_KEY, String(this.#reservedUpTo));
  }

  async close(): Promise<void> {
    await this.#database.close();
  }
}

function usable<T>(directory: string, use: () => T): T {
  try {
    return use();
  } catch (error) {
    const cause = error instanceof Error ? error.message : String(error);
    throw new UsageError(
      `The data directory "${directory}" cannot be used (${cause}); name another one with --data-dir.`,
    );
  }
}

function openDatabase(home: string): RootDatabase<string, string> {
  mkdirSync(home, { recursive: true, mode: 0o700 });
  return open({
    path: join(home, 'objects.lmdb'),
    encoding: 'string',
    // Otherwise a write is reported before it has reached the disk.
    overlappingSync: false,
  });
}

function restoredObjects(database: RootDatabase<string, string>): readonly KubeObject[] {
  const range = database.getRange({ start: OBJECT_PREFIX, end: `${OBJECT_PREFIX}\uffff` });
  return Array.from(range, ({ value }) => parseKept(value));
}

/** What `keep` wrote: it was a valid object then. */
function parseKept(text: string): KubeObject {
  return JSON.parse(text) as KubeObject;
}
