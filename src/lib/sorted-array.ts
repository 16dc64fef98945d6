import type { Comparator } from './comparator.ts';

/** The index of the first item of a sorted array that does not come before `wanted`: where that is, or belongs. */
export function lowerBound<T>(sorted: readonly T[], wanted: T, compare: Comparator<T>): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const item = sorted[middle];
    if (item !== undefined && compare(item, wanted) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Puts `item` into its place, replacing one that compares as equal. */
export function insertSorted<T>(sorted: T[], item: T, compare: Comparator<T>): void {
  const at = lowerBound(sorted, item, compare);
  const present = sorted[at];
  sorted.splice(at, present !== undefined && compare(present, item) === 0 ? 1 : 0, item);
}

/** Takes out the item that compares as equal; nothing happens if there is none. */
export function removeSorted<T>(sorted: T[], item: T, compare: Comparator<T>): void {
  const at = lowerBound(sorted, item, compare);
  const present = sorted[at];
  if (present !== undefined && compare(present, item) === 0) sorted.splice(at, 1);
}
