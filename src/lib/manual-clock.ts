import type { Clock, Timer } from './clock.ts';

interface Pending {
  readonly at: number;
  readonly run: () => void;
}

/** A clock that tests move by hand: time stands still until `advance` is called. */
export class ManualClock implements Clock {
  #now: number;
  readonly #pending = new Set<Pending>();

  /** @param startMs Milliseconds since the Unix epoch that the clock shows first. */
  constructor(startMs = 0) {
    this.#now = startMs;
  }

  now(): number {
    return this.#now;
  }

  after(delayMs: number, run: () => void): Timer {
    const pending = { at: this.#now + delayMs, run };
    this.#pending.add(pending);
    return { cancel: () => void this.#pending.delete(pending) };
  }

  /** Moves time forward by `ms`, running due timers in order of their time; timers that they start are run too. */
  advance(ms: number): void {
    const end = this.#now + ms;
    for (let next = this.#nextDue(end); next !== undefined; next = this.#nextDue(end)) {
      this.#pending.delete(next);
      this.#now = next.at;
      next.run();
    }
    this.#now = end;
  }

  #nextDue(end: number): Pending | undefined {
    let due: Pending | undefined;
    for (const pending of this.#pending) {
      if (pending.at <= end && (due === undefined || pending.at < due.at)) due = pending;
    }
    return due;
  }
}
