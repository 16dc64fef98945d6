import { systemClock } from '../lib/clock.ts';
import type { Clock } from '../lib/clock.ts';

/**
 * Within this time of the first signal another one is taken for the same request: `npm start` and process managers that signal
 * a whole group pass on what the terminal has sent to this process already.
 */
const ECHO_MS = 500;

/** The part of `process` that hears signals and ends it. */
export interface SignalledProcess {
  on(signal: 'SIGINT' | 'SIGTERM', listener: () => void): unknown;
  exit(code: number): void;
}

/**
 * Calls `stop` on the first SIGTERM or Ctrl-C and exits with 0 when it is done. A second signal, half a second later or more,
 * exits at once, with the code that a shell gives to a process that was ended by that signal.
 */
export function whenAskedToStop(
  stop: () => Promise<void>,
  target: SignalledProcess = process,
  clock: Clock = systemClock,
): void {
  let askedAt: number | undefined;
  for (const [signal, exitCode] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const) {
    target.on(signal, () => {
      if (askedAt === undefined) {
        askedAt = clock.now();
        // A failure to stop is a bug: it surfaces as an unhandled rejection and ends the process.
        void stop().then(() => target.exit(0));
      } else if (clock.now() - askedAt >= ECHO_MS) target.exit(exitCode);
    });
  }
}
