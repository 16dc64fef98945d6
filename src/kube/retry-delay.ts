const FIRST_MS = 400;

/**
 * How long to wait before the next try after so many in a row: twice as long each time, up to a limit, of which a random half is
 * taken off, so that those who failed together do not come back together. `random` is from 0 to 1.
 */
export function retryDelayMs(tries: number, limitMs: number, random: number): number {
  const longest = Math.min(limitMs, FIRST_MS * 2 ** Math.max(0, tries - 1));
  return longest * (1 - random / 2);
}
