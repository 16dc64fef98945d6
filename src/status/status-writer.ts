import type { KubeObject, ObjectKey, ObjectRef } from '../api/object.ts';
import { objectKey } from '../api/object.ts';
import type { Clock, Timer } from '../lib/clock.ts';
import type { StatusClient } from '../store/object-client.ts';

/** How a `StatusWriter` is made. */
export interface StatusWriterOptions {
  readonly client: StatusClient;
  readonly clock: Clock;
  /** The status that an object is to have, given the newest object; undefined if nothing is to be written. */
  readonly statusFor: (object: KubeObject) => unknown;
  /** A write failed; it is tried again. */
  readonly onError: (ref: ObjectRef, error: unknown) => void;
  /**
   * How long a change waits for what follows from it. Default 10: by then the workers have mostly acknowledged the plan, so
   * that one write tells of both, and whoever waits for the acknowledgement does not wait for the interval.
   */
  readonly settleMs?: number;
  /** Least time between two writes to one object. Default 250. */
  readonly intervalMs?: number;
  /** How many writes are under way at most. Default 16. */
  readonly maxConcurrent?: number;
}

interface Entry {
  readonly ref: ObjectRef;
  isWanted: boolean;
  isQueued: boolean;
  isRunning: boolean;
  /** Consecutive failures. */
  failures: number;
  /** Milliseconds since the epoch. */
  notBefore: number;
  timer: Timer | undefined;
}

const LONGEST_RETRY_MS = 30_000;

/**
 * Writes status. The first change of an object goes out as soon as it has settled, later ones wait until the interval has
 * passed and then carry the newest status; what would change nothing is not written and does not count. Nobody waits for it.
 */
export class StatusWriter {
  readonly #options: Required<StatusWriterOptions>;
  readonly #entries = new Map<ObjectKey, Entry>();
  readonly #queue: Entry[] = [];
  readonly #running = new Set<Promise<void>>();
  #isClosed = false;

  constructor(options: StatusWriterOptions) {
    this.#options = { settleMs: 10, intervalMs: 250, maxConcurrent: 16, ...options };
  }

  /** Has the object's status written; one that is asked for several times before it is written is written once. */
  enqueue(ref: ObjectRef): void {
    const entry = this.#entryOf(ref);
    entry.isWanted = true;
    this.#schedule(entry);
  }

  /** Ends: what waits is dropped, what is under way is waited for. */
  async close(): Promise<void> {
    this.#isClosed = true;
    for (const { timer } of this.#entries.values()) timer?.cancel();
    this.#entries.clear();
    this.#queue.length = 0;
    await Promise.all(this.#running);
  }

  #entryOf(ref: ObjectRef): Entry {
    const key = objectKey(ref);
    const known = this.#entries.get(key);
    if (known !== undefined) return known;
    const fresh = {
      ref,
      isWanted: false,
      isQueued: false,
      isRunning: false,
      failures: 0,
      notBefore: this.#options.clock.now() + this.#options.settleMs,
      timer: undefined,
    };
    this.#entries.set(key, fresh);
    return fresh;
  }

  /** Decides what becomes of an entry: wait, queue, or be forgotten. */
  #schedule(entry: Entry): void {
    if (this.#isClosed || entry.isRunning || entry.isQueued || entry.timer !== undefined) return;
    const wait = entry.notBefore - this.#options.clock.now();
    if (wait > 0) {
      entry.timer = this.#options.clock.after(wait, () => {
        entry.timer = undefined;
        this.#schedule(entry);
      });
    } else if (entry.isWanted) {
      entry.isQueued = true;
      this.#queue.push(entry);
      this.#startNext();
    } else {
      this.#entries.delete(objectKey(entry.ref));
    }
  }

  #startNext(): void {
    while (this.#running.size < this.#options.maxConcurrent) {
      const entry = this.#queue.shift();
      if (entry === undefined) return;
      entry.isQueued = false;
      entry.isWanted = false;
      entry.isRunning = true;
      const run = this.#write(entry).finally(() => {
        this.#running.delete(run);
        entry.isRunning = false;
        this.#schedule(entry);
        this.#startNext();
      });
      this.#running.add(run);
    }
  }

  async #write(entry: Entry): Promise<void> {
    const { client, clock, statusFor, intervalMs, onError } = this.#options;
    let hasWritten = false;
    try {
      await client.editStatus(entry.ref, (object) => {
        const status = statusFor(object);
        hasWritten = status !== undefined;
        return status;
      });
      entry.failures = 0;
      if (hasWritten) entry.notBefore = clock.now() + intervalMs;
    } catch (error) {
      onError(entry.ref, error);
      entry.failures += 1;
      entry.isWanted = true;
      entry.notBefore = clock.now() + Math.min(LONGEST_RETRY_MS, intervalMs * 2 ** entry.failures);
    }
  }
}
