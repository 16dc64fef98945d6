const FIRST_MS = 400;
const LONGEST_MS = 15_000;

/**
 * How long to wait before the next try after so many failures in a row: twice as long each time, up to 15 s, of which a random
 * half is taken off, so that those who failed together do not come back together. `random` is from 0 to 1.
 */
export function retryDelayMs(failures: number, random: number): number {
  const longest = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.max(0, failures - 1));
  return longest * (1 - random / 2);
}
