import type { StoreEvent } from './snapshot.ts';

/** The latest writes, oldest first, so that a watch can resume where it broke off. */
export class EventLog {
  readonly #capacity: number;
  readonly #events: StoreEvent[] = [];
  #forgottenRevision: number;

  /** @param capacity How many events are surely kept. @param revision The revision before the first event. */
  constructor(capacity: number, revision: number) {
    this.#capacity = capacity;
    this.#forgottenRevision = revision;
  }

  append(event: StoreEvent): void {
    this.#events.push(event);
    // Trimming half at a time makes the cost per event constant.
    if (this.#events.length >= 2 * this.#capacity) {
      const forgotten = this.#events.splice(0, this.#capacity).at(-1);
      if (forgotten !== undefined) this.#forgottenRevision = forgotten.revision;
    }
  }

  /** What was written after `revision`; undefined when some of it is forgotten and the reader must list anew. */
  after(revision: number): readonly StoreEvent[] | undefined {
    if (revision < this.#forgottenRevision) return undefined;
    let low = 0;
    let high = this.#events.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#events[middle]?.revision ?? 0) <= revision) low = middle + 1;
      else high = middle;
    }
    return this.#events.slice(low);
  }
}
