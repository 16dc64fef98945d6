import type { Clock, Timer } from '../lib/clock.ts';

/** Goes off when nothing is heard for too long. */
export class SilenceAlarm {
  readonly #clock: Clock;
  readonly #aborter = new AbortController();
  #timer: Timer | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Aborted once the alarm has gone off. */
  get signal(): AbortSignal {
    return this.#aborter.signal;
  }

  /** Starts anew: something was heard, and more is to be heard within this time. */
  expectWithin(limitMs: number): void {
    this.#timer?.cancel();
    this.#timer = this.#clock.after(limitMs, () => this.goOff());
  }

  /** Does not wait any longer. */
  goOff(): void {
    this.#timer?.cancel();
    this.#aborter.abort();
  }

  /** Ends without having gone off. */
  cancel(): void {
    this.#timer?.cancel();
  }
}
