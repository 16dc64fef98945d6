import { isObject, setProperty } from '../schema/json.ts';

/**
 * RFC 7386: members of the patch replace members of the value, null removes them, objects merge, and everything else,
 * lists included, replaces. Returns `value` itself if nothing changes.
 */
export function mergePatch(value: unknown, patch: unknown): unknown {
  if (!isObject(patch)) return patch;
  const before = isObject(value) ? value : {};
  let changed = before !== value;
  const merged: Record<string, unknown> = { ...before };
  for (const key of Object.keys(patch)) {
    const member = Object.hasOwn(before, key) ? before[key] : undefined;
    if (patch[key] === null) {
      changed ||= Object.hasOwn(before, key);
      delete merged[key];
      continue;
    }
    const next = mergePatch(member, patch[key]);
    changed ||= next !== member;
    setProperty(merged, key, next);
  }
  return changed ? merged : value;
}
