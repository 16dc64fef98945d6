/** Negative if `a` comes before `b`, positive if after, 0 if it does not matter. */
export type Comparator<T> = (a: T, b: T) => number;

/** Compares by the first comparator that sees a difference. */
export function inOrder<T>(...comparators: readonly Comparator<T>[]): Comparator<T> {
  return (a, b) => {
    for (const compare of comparators) {
      const order = compare(a, b);
      if (order !== 0) return order;
    }
    return 0;
  };
}

/** The larger number comes first; `true` counts as larger than `false`. */
export function larger<T>(measure: (item: T) => number | boolean): Comparator<T> {
  return (a, b) => Number(measure(b)) - Number(measure(a));
}

/** The smaller number comes first. */
export function smaller<T>(measure: (item: T) => number): Comparator<T> {
  return (a, b) => measure(a) - measure(b);
}

/** The text that sorts before the other, by code units, comes first: earlier in time for RFC 3339, else alphabetically. */
export function earlier<T>(text: (item: T) => string): Comparator<T> {
  return (a, b) => compareText(text(a), text(b));
}

/** By code units: the same on every machine, whatever its locale. */
export function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
