/** Which entries of a list are ours, and which of them are about the same. */
export interface EntryIdentity<Entry> {
  readonly isOurs: (entry: Entry) => boolean;
  readonly isSame: (one: Entry, other: Entry) => boolean;
}

/**
 * The list of a status with our entries replaced by `own`. Those of others, and ours that stay, keep their places: a list in another
 * order is a change to whoever shares the object, and two that sorted it differently would never come to rest.
 */
export function replaceOwn<Entry>(
  entries: readonly Entry[],
  own: readonly Entry[],
  { isOurs, isSame }: EntryIdentity<Entry>,
): readonly Entry[] {
  const kept = entries.flatMap((entry) =>
    isOurs(entry) ? own.filter((next) => isSame(next, entry)).slice(0, 1) : [entry],
  );
  return [...new Set([...kept, ...own])];
}
