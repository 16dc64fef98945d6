import type { Clock } from '../lib/clock.ts';

/** Is told of an exception that nothing in the code expects. What it came up in has been ended. */
export type OnFault = (error: unknown) => void;

/** Lines are at least this far apart: a client that can provoke a fault must not fill the disk. */
const INTERVAL_MS = 1_000;

/** Tells of faults by one line each, with the place where it came up, and keeps silent about those that come too fast. */
export function faultLog(clock: Clock, write: (line: string) => void): OnFault {
  let silentUntil = -Infinity;
  let untold = 0;
  return (error) => {
    if (clock.now() < silentUntil) {
      untold += 1;
      return;
    }
    const others = untold === 0 ? '' : ` (and ${untold} before it that were not told)`;
    write(`A fault of the gateway ended a connection${others}: ${describe(error)}\n`);
    silentUntil = clock.now() + INTERVAL_MS;
    untold = 0;
  };
}

function describe(error: unknown): string {
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return text
    .split(/\s*\n\s*/)
    .slice(0, 3)
    .join(' ');
}
