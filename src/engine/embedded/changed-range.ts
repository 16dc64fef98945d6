/** Where two lists differ: between their common beginning and their common end. */
export interface ChangedRange<Item> {
  /** Index of the first difference. */
  readonly at: number;
  readonly removed: readonly Item[];
  readonly inserted: readonly Item[];
}

/**
 * Finds the difference of two lists by comparing items one by one. Cheap for long lists of which little changed, because
 * plans keep the identity of what a change does not touch.
 */
export function changedRange<Item>(
  before: readonly Item[],
  after: readonly Item[],
  same: (left: Item, right: Item) => boolean,
): ChangedRange<Item> {
  const shorter = Math.min(before.length, after.length);
  let at = 0;
  while (at < shorter && isSame(before[at], after[at], same)) at++;
  let tail = 0;
  while (tail < shorter - at && isSame(before.at(-1 - tail), after.at(-1 - tail), same)) tail++;
  return { at, removed: before.slice(at, before.length - tail), inserted: after.slice(at, after.length - tail) };
}

/** Items of a changed range by key: what went, what came, and what was replaced by another object of the same key. */
export function pairChanges<Item>(
  range: ChangedRange<Item>,
  key: (item: Item) => string,
): { readonly before: Item | undefined; readonly after: Item | undefined }[] {
  const gone = new Map(range.removed.map((item) => [key(item), item]));
  const pairs = range.inserted.map((after) => {
    const before = gone.get(key(after));
    gone.delete(key(after));
    return { before, after };
  });
  return [
    ...pairs.filter(({ before, after }) => before !== after),
    ...[...gone.values()].map((before) => ({ before, after: undefined })),
  ];
}

function isSame<Item>(
  left: Item | undefined,
  right: Item | undefined,
  same: (left: Item, right: Item) => boolean,
): boolean {
  return left === right || (left !== undefined && right !== undefined && same(left, right));
}
