/**
 * `value` with no `null` in any of its objects; itself where there is none. An API server writes `null` for an empty list that
 * its Go type does not omit, such as the endpoints of an EndpointSlice, and means by it what leaving the field out means.
 */
export function withoutNulls(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return withoutNullsInList(value);
  let isChanged = false;
  const entries: [string, unknown][] = [];
  for (const [name, field] of Object.entries(value)) {
    const kept = withoutNulls(field);
    if (kept !== field || kept === null) isChanged = true;
    if (kept !== null) entries.push([name, kept]);
  }
  return isChanged ? Object.fromEntries(entries) : value;
}

function withoutNullsInList(list: readonly unknown[]): readonly unknown[] {
  const kept = list.map(withoutNulls);
  return kept.some((item, index) => item !== list[index]) ? kept : list;
}
