import type { KindDefinition } from '../api/kind-definition.ts';
import { refOf } from '../api/object.ts';
import type { KubeObject } from '../api/object.ts';
import type { Clock } from '../lib/clock.ts';
import { ApiError } from '../store/api-error.ts';
import type { ApiTransport } from './api-transport.ts';
import { findResource } from './cluster-resource.ts';
import type { ClusterResource } from './cluster-resource.ts';
import { mirroredObject } from './mirrored-object.ts';
import type { ObjectMirror } from './object-mirror.ts';
import { parseListPage, parseWatchEvent } from './parse-answer.ts';
import { retryDelayMs } from './retry-delay.ts';
import { SilenceAlarm } from './silence-alarm.ts';

/** How it stands with a kind. */
export type KindHealth =
  /** The mirror holds what the cluster holds, but for what is on its way. */
  | { readonly type: 'Synced' }
  /** The API does not serve the kind. */
  | { readonly type: 'Missing' }
  /** `message` is a sentence. What the mirror holds stays there. */
  | { readonly type: 'Failing'; readonly message: string };

/** How a `Reflector` is made. */
export interface ReflectorOptions {
  readonly transport: ApiTransport;
  readonly clock: Clock;
  /** From 0 to 1. */
  readonly random: () => number;
  readonly definition: KindDefinition;
  readonly mirror: Pick<ObjectMirror, 'put' | 'remove' | 'replace'>;
  readonly onHealth: (health: KindHealth) => void;
}

const PAGE_SIZE = 500;
/** A server has that long to agree to a watch. */
const OPENING_LIMIT_MS = 30_000;
/**
 * Servers send a bookmark about every minute. One that says nothing for longer than this may be gone without our knowing; that
 * it may be only quiet costs one request.
 */
const SILENCE_LIMIT_MS = 150_000;
/** A watch that ends earlier and said nothing did not work. */
const SHORTEST_WATCH_MS = 1_000;
/** How long the server is asked to keep a watch: not equally long for all, so that they do not come back together. */
const WATCH_SECONDS = { least: 300, spread: 300 };
/**
 * How often a kind that was served must be found missing before its objects are taken to be gone: a server that comes up may
 * serve its other kinds a moment later.
 */
const MISSING_LIMIT = 3;
/** The longest time between two tries while the API is away, and while it is there without the kind. */
const LONGEST_RETRY_MS = 5_000;
const MISSING_RETRY_MS = 15_000;
/** After so many refusals in a row to go on, all is listed anew, whatever the reason that was given. */
const RESUME_LIMIT = 5;

/** Thrown while the kind is not served. */
class KindMissing extends Error {}

/**
 * Keeps the objects of one kind in a mirror equal to those of a cluster: lists them, then watches. A watch that ends or breaks is
 * resumed where it was; what cannot be resumed is listed anew, and compared. Failures are waited out, longer each time.
 */
export class Reflector {
  readonly #options: ReflectorOptions;
  #isClosed = false;
  /** Ends what is being waited for. */
  #interrupt: () => void = () => undefined;
  #resource: ClusterResource | undefined;
  /** Where the watch goes on; undefined when all must be listed. */
  #resourceVersion: string | undefined;
  #pageSize: number | undefined = PAGE_SIZE;
  #hasSynced = false;
  /** Failures in a row. */
  #failures = 0;
  /** How often in a row the kind was found missing. */
  #timesMissing = 0;

  constructor(options: ReflectorOptions) {
    this.#options = options;
  }

  /** The kind as the cluster serves it; undefined while it does not. */
  get resource(): ClusterResource | undefined {
    return this.#resource;
  }

  /** Follows the cluster from now on; resolves after `close`. To be called once. */
  async run(): Promise<void> {
    while (!this.#isClosed) {
      try {
        await this.#follow();
      } catch (error) {
        if (!this.#isClosed) await this.#waitAfter(error);
      }
    }
  }

  /** Ends at once. What the mirror holds stays there. */
  close(): void {
    this.#isClosed = true;
    this.#interrupt();
  }

  async #follow(): Promise<void> {
    const { transport, definition } = this.#options;
    this.#resource ??= await findResource(transport, definition);
    if (this.#resource === undefined) throw new KindMissing();
    this.#resourceVersion ??= await this.#list(this.#resource);
    await this.#watch(this.#resource);
  }

  async #list(resource: ClusterResource): Promise<string> {
    const { transport, definition, mirror } = this.#options;
    const objects: KubeObject[] = [];
    let resourceVersion = '';
    let continueToken = '';
    do {
      const path = `${resource.path}${this.#pageQuery(continueToken)}`;
      const page = parseListPage(await transport.request({ method: 'GET', path }), resource);
      for (const object of page.objects) objects.push(mirroredObject(object));
      ({ resourceVersion, continueToken } = page);
    } while (continueToken !== '');
    if (this.#isClosed) return resourceVersion;
    mirror.replace(definition, objects);
    this.#pageSize = PAGE_SIZE;
    this.#becomeSynced();
    return resourceVersion;
  }

  #pageQuery(continueToken: string): string {
    if (this.#pageSize === undefined) return '';
    const query = new URLSearchParams({ limit: String(this.#pageSize) });
    if (continueToken !== '') query.set('continue', continueToken);
    return `?${query.toString()}`;
  }

  async #watch(resource: ClusterResource): Promise<void> {
    const { transport, clock } = this.#options;
    const startedAt = clock.now();
    const silence = new SilenceAlarm(clock);
    let hasSpoken = false;
    this.#interrupt = () => silence.goOff();
    silence.expectWithin(OPENING_LIMIT_MS);
    try {
      await transport.watch(`${resource.path}?${this.#watchQuery()}`, {
        signal: silence.signal,
        onOpen: () => {
          silence.expectWithin(SILENCE_LIMIT_MS);
          this.#becomeSynced();
        },
        onLine: (line) => {
          silence.expectWithin(SILENCE_LIMIT_MS);
          this.#take(line);
          hasSpoken = true;
        },
      });
    } catch (error) {
      if (hasSpoken) this.#failures = 0;
      if (!silence.signal.aborted) throw error;
      if (clock.now() - startedAt <= OPENING_LIMIT_MS) throw new Error('it does not answer');
    } finally {
      silence.cancel();
    }
    if (!hasSpoken && clock.now() - startedAt < SHORTEST_WATCH_MS) throw new Error('it ends watches at once');
    this.#failures = 0;
  }

  #watchQuery(): string {
    const timeoutSeconds = WATCH_SECONDS.least + Math.floor(this.#options.random() * WATCH_SECONDS.spread);
    const query = new URLSearchParams({
      watch: '1',
      allowWatchBookmarks: 'true',
      resourceVersion: this.#resourceVersion ?? '',
      timeoutSeconds: String(timeoutSeconds),
    });
    return query.toString();
  }

  #take(line: string): void {
    const { mirror } = this.#options;
    const event = parseWatchEvent(line);
    if (this.#isClosed) return;
    if (event.type === 'Error') throw event.error;
    if (event.type === 'Put') mirror.put(mirroredObject(event.object));
    if (event.type === 'Remove') mirror.remove(refOf(event.object));
    if (event.resourceVersion !== '') this.#resourceVersion = event.resourceVersion;
  }

  #becomeSynced(): void {
    this.#hasSynced = true;
    this.#timesMissing = 0;
    this.#options.onHealth({ type: 'Synced' });
  }

  async #waitAfter(error: unknown): Promise<void> {
    const { random } = this.#options;
    if (error instanceof KindMissing) {
      this.#takeMissing();
      return this.#sleep(retryDelayMs(this.#timesMissing, MISSING_RETRY_MS, random()));
    }
    this.#failures += 1;
    if (error instanceof ApiError) this.#takeRefusal(error);
    else this.#fail(`The API server cannot be reached (${error instanceof Error ? error.message : String(error)}).`);
    const askedMs = error instanceof ApiError ? (error.details?.retryAfterSeconds ?? 0) * 1000 : 0;
    return this.#sleep(Math.max(askedMs, retryDelayMs(this.#failures, LONGEST_RETRY_MS, random())));
  }

  #takeMissing(): void {
    const { mirror, definition, onHealth } = this.#options;
    this.#timesMissing += 1;
    if (this.#hasSynced && this.#timesMissing < MISSING_LIMIT) return;
    this.#hasSynced = false;
    mirror.replace(definition, []);
    onHealth({ type: 'Missing' });
  }

  #takeRefusal(error: ApiError): void {
    // A list that takes longer than the server keeps a snapshot must come in one piece.
    if (error.code === 410 && this.#resourceVersion === undefined) this.#pageSize = undefined;
    if (isLost(error) || this.#failures > RESUME_LIMIT) this.#resourceVersion = undefined;
    if (error.code === 404) this.#resource = undefined;
    // Both are the ordinary course of things: what was watched is too old, or no longer served.
    if (error.code !== 410 && error.code !== 404) this.#fail(`The API server answers ${error.code}: ${error.message}`);
  }

  /** What is in order at the next try is not worth telling: connections end, and a server that starts refuses for a moment. */
  #fail(reason: string): void {
    if (this.#failures === 1) return;
    this.#options.onHealth({ type: 'Failing', message: reason.endsWith('.') ? reason : `${reason}.` });
  }

  #sleep(delayMs: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = this.#options.clock.after(delayMs, resolve);
      this.#interrupt = () => {
        timer.cancel();
        resolve();
      };
    });
  }
}

/** Whether a watch cannot go on where it was: that is too old, or of a storage that was set back. */
function isLost({ code, details }: ApiError): boolean {
  const isTooLarge = details?.causes?.some(({ reason }) => reason === 'ResourceVersionTooLarge') ?? false;
  return code === 400 || code === 404 || code === 410 || isTooLarge;
}
