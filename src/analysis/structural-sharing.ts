/** Equality and reuse of readonly data. Instances of classes are compared by identity. */

type Plain = Readonly<Record<string, unknown>>;

function isPlain(value: unknown): value is Plain {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/** Whether two values have the same content. A member that is undefined counts as absent. */
export function deepEqual(one: unknown, other: unknown): boolean {
  if (Object.is(one, other)) return true;
  if (Array.isArray(one) && Array.isArray(other))
    return one.length === other.length && one.every((item, index) => deepEqual(item, other[index]));
  if (!isPlain(one) || !isPlain(other)) return false;
  for (const key in one) if (!deepEqual(one[key], other[key])) return false;
  for (const key in other) if (other[key] !== undefined && one[key] === undefined) return false;
  return true;
}

/**
 * `next`, but with every part that has the content it had in `previous` being the same object as there, so that readers
 * find out by identity what has changed. Lists are compared position by position.
 */
export function reuse<T>(previous: unknown, next: T): T {
  return reuseUnknown(previous, next) as T;
}

function reuseUnknown(previous: unknown, next: unknown): unknown {
  if (Object.is(previous, next)) return next;
  if (Array.isArray(previous) && Array.isArray(next)) {
    const items = next.map((item, index) => reuseUnknown(previous[index], item));
    return items.length === previous.length && items.every((item, index) => item === previous[index])
      ? previous
      : items;
  }
  if (!isPlain(previous) || !isPlain(next)) return next;
  return reuseMembers(previous, next);
}

function reuseMembers(previous: Plain, next: Plain): Plain {
  let isSame = Object.keys(previous).every((key) => previous[key] === undefined || next[key] !== undefined);
  const members = Object.entries(next).map(([key, value]): [string, unknown] => {
    const member = reuseUnknown(previous[key], value);
    isSame &&= member === previous[key];
    return [key, member];
  });
  // Not by assignment: a key of a Secret may be called `__proto__`.
  return isSame ? previous : Object.fromEntries(members);
}
