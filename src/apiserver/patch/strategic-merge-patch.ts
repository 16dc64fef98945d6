import type { JsonSchema } from '../../api/schema.ts';
import { deepEqual, isList, isObject, type JsonObject, setProperty } from '../schema/json.ts';
import { memberSchema, wholeSchema } from '../schema/whole-schema.ts';
import { PatchError } from './patch-error.ts';

const DELETE_FROM_LIST = '$deleteFromPrimitiveList/';
const SET_ORDER = '$setElementOrder/';

/**
 * Kubernetes' strategic merge patch: like a merge patch, but lists whose schema says so are merged item by item. Only
 * built-in kinds have such schemas. Understands `$patch`, `$retainKeys`, `$setElementOrder/…` and
 * `$deleteFromPrimitiveList/…`. Throws a PatchError.
 */
export function strategicMergePatch(schema: JsonSchema, value: unknown, patch: unknown): unknown {
  if (!isObject(patch)) throw new PatchError(400, 'error decoding patch: a strategic merge patch must be an object');
  return mergeObject(wholeSchema(schema), isObject(value) ? value : {}, patch);
}

function mergeObject(schema: JsonSchema | undefined, value: JsonObject, patch: JsonObject): JsonObject {
  if (patch['$patch'] === 'replace') return withoutDirectives(patch);
  if (patch['$patch'] === 'delete') return {};
  checkDirective(patch['$patch']);
  const merged: Record<string, unknown> = retained(value, patch['$retainKeys']);
  for (const key of Object.keys(patch)) {
    if (key.startsWith('$')) continue;
    if (patch[key] === null) delete merged[key];
    else setProperty(merged, key, mergeMember(memberSchema(schema, key), merged[key], patch[key]));
  }
  for (const key of Object.keys(patch)) {
    const list = key.startsWith(DELETE_FROM_LIST) ? key.slice(DELETE_FROM_LIST.length) : undefined;
    if (list !== undefined) merged[list] = listOf(merged[list]).filter((item) => !includes(listOf(patch[key]), item));
  }
  for (const key of Object.keys(patch)) {
    const list = key.startsWith(SET_ORDER) ? key.slice(SET_ORDER.length) : undefined;
    if (list === undefined || !isList(merged[list])) continue;
    const mergeKey = memberSchema(schema, list)?.['x-kubernetes-patch-merge-key'];
    merged[list] = inOrder(listOf(merged[list]), { wanted: listOf(patch[key]), before: listOf(value[list]), mergeKey });
  }
  return merged;
}

function checkDirective(directive: unknown): void {
  if (directive === undefined || directive === 'merge') return;
  throw new PatchError(422, `Unknown patch type found: ${JSON.stringify(directive)}`);
}

function retained(value: JsonObject, keys: unknown): Record<string, unknown> {
  if (!isList(keys)) return { ...value };
  return Object.fromEntries(Object.entries(value).filter(([key]) => keys.includes(key)));
}

function mergeMember(schema: JsonSchema | undefined, value: unknown, patch: unknown): unknown {
  if (isObject(patch)) {
    const strategy = schema?.['x-kubernetes-patch-strategy'];
    const replaces = strategy === 'replace' || !isObject(value);
    return replaces ? mergeObject(schema, {}, patch) : mergeObject(schema, value, patch);
  }
  if (!isList(patch) || !schema?.['x-kubernetes-patch-strategy']?.startsWith('merge')) return patch;
  return mergeList(schema, listOf(value), patch);
}

function mergeList(schema: JsonSchema, value: readonly unknown[], patch: readonly unknown[]): readonly unknown[] {
  const key = schema['x-kubernetes-patch-merge-key'];
  if (key === undefined) return [...value, ...patch.filter((item) => !includes(value, item))];
  if (patch.some((item) => isObject(item) && item['$patch'] === 'replace')) {
    return patch.filter((item) => !isObject(item) || item['$patch'] !== 'replace');
  }
  const merged = [...value];
  for (const item of patch) {
    if (!isObject(item)) throw new PatchError(422, 'error decoding patch: items of a merged list must be objects');
    if (!Object.hasOwn(item, key)) {
      throw new PatchError(422, `map: ${JSON.stringify(item)} does not contain declared merge key: ${key}`);
    }
    mergeItem(merged, { item, key, schema: schema.items });
  }
  return merged;
}

interface ItemPatch {
  readonly item: JsonObject;
  readonly key: string;
  readonly schema: JsonSchema | undefined;
}

function mergeItem(merged: unknown[], { item, key, schema }: ItemPatch): void {
  const index = merged.findIndex((each) => isObject(each) && deepEqual(each[key], item[key]));
  const found = merged[index];
  if (item['$patch'] === 'delete') {
    if (index !== -1) merged.splice(index, 1);
  } else if (isObject(found)) merged[index] = mergeObject(schema, found, item);
  else merged.push(mergeObject(schema, {}, item));
}

interface Order {
  readonly wanted: readonly unknown[];
  readonly before: readonly unknown[];
  readonly mergeKey: string | undefined;
}

/** Puts items in the wanted order; those that are not in it keep their place among those that were there before. */
function inOrder(items: readonly unknown[], { wanted, before, mergeKey }: Order): readonly unknown[] {
  const keyOf = (item: unknown): unknown => (mergeKey !== undefined && isObject(item) ? item[mergeKey] : item);
  const wantedKeys = wanted.map(keyOf);
  const position = (list: readonly unknown[], key: unknown): number => list.findIndex((each) => deepEqual(each, key));
  const beforeKeys = before.map(keyOf);
  const named = items
    .filter((item) => position(wantedKeys, keyOf(item)) !== -1)
    .sort((left, right) => position(wantedKeys, keyOf(left)) - position(wantedKeys, keyOf(right)));
  const others = items.filter((item) => position(wantedKeys, keyOf(item)) === -1);
  const ordered: unknown[] = [];
  for (const item of named) {
    const at = position(beforeKeys, keyOf(item));
    while (at !== -1 && others.length > 0 && position(beforeKeys, keyOf(others[0])) < at) ordered.push(others.shift());
    ordered.push(item);
  }
  return [...ordered, ...others];
}

function withoutDirectives(patch: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(patch).filter(([key]) => !key.startsWith('$')));
}

function listOf(value: unknown): readonly unknown[] {
  return isList(value) ? value : [];
}

function includes(list: readonly unknown[], item: unknown): boolean {
  return list.some((each) => deepEqual(each, item));
}
