/** A cancellable timer. `cancel` may be called more than once. */
export interface Timer {
  cancel(): void;
}

/** Time as a parameter: production code gets `systemClock`, tests a `ManualClock`. */
export interface Clock {
  /** Milliseconds since the Unix epoch. */
  now(): number;
  /** Calls `run` once, `delayMs` milliseconds from now, unless cancelled before. */
  after(delayMs: number, run: () => void): Timer;
}

/** The machine's clock. Its timers do not keep the process alive. */
export const systemClock: Clock = {
  now: () => Date.now(),
  after(delayMs, run) {
    const timer = setTimeout(run, delayMs);
    timer.unref();
    return { cancel: () => clearTimeout(timer) };
  },
};
