import type { JsonSchema } from '../../api/schema.ts';
import { duplicate, invalid } from './field-error.ts';
import { canonicalJson, isList, isObject } from './json.ts';
import { pathOf, type Walk } from './walk.ts';
import { memberSchema } from './whole-schema.ts';

const withLists = new WeakMap<JsonSchema, boolean>();

/** Whether a schema has lists of type set or map anywhere. */
function hasKeyedLists(schema: JsonSchema): boolean {
  let found = withLists.get(schema);
  if (found === undefined) {
    const type = schema['x-kubernetes-list-type'];
    found =
      type === 'set' ||
      type === 'map' ||
      Object.values(schema.properties ?? {}).some(hasKeyedLists) ||
      (schema.items !== undefined && hasKeyedLists(schema.items)) ||
      (typeof schema.additionalProperties === 'object' && hasKeyedLists(schema.additionalProperties));
    withLists.set(schema, found);
  }
  return found;
}

/** Finds items of sets, and keys of map lists, that occur more than once. */
export function checkUniqueness(schema: JsonSchema, value: unknown, walk: Walk): void {
  if (!hasKeyedLists(schema)) return;
  if (isList(value)) checkList(schema, value, walk);
  if (!isObject(value)) return;
  for (const key of Object.keys(value)) {
    const member = memberSchema(schema, key);
    if (member === undefined) continue;
    walk.path.push(schema.properties?.[key] === member ? `.${key}` : `[${key}]`);
    checkUniqueness(member, value[key], walk);
    walk.path.pop();
  }
}

function checkList(schema: JsonSchema, list: readonly unknown[], walk: Walk): void {
  const type = schema['x-kubernetes-list-type'];
  if (type === 'set') checkRepeats(list, walk);
  if (type === 'map') checkMapList(schema, list, walk);
  if (schema.items === undefined) return;
  for (const [index, item] of list.entries()) {
    walk.path.push(`[${index}]`);
    checkUniqueness(schema.items, item, walk);
    walk.path.pop();
  }
}

function checkMapList(schema: JsonSchema, list: readonly unknown[], walk: Walk): void {
  const wrong = list.findIndex((item) => item !== null && !isObject(item));
  if (wrong !== -1) {
    const detail = 'must be an object for an array of list-type map';
    walk.errors.push(invalid(`${pathOf(walk)}[${wrong}]`, list[wrong], detail));
    return;
  }
  if (list.length < 2) return;
  const keys = schema['x-kubernetes-list-map-keys'] ?? [];
  checkRepeats(
    list.map((item) =>
      Object.fromEntries(keys.flatMap((key) => (isObject(item) && key in item ? [[key, item[key]]] : []))),
    ),
    walk,
  );
}

function checkRepeats(items: readonly unknown[], walk: Walk): void {
  const seen = new Map<string, number>();
  for (const [index, item] of items.entries()) {
    const text = canonicalJson(item);
    const times = seen.get(text) ?? 0;
    // Only the second occurrence is told, however many there are.
    if (times === 1) walk.errors.push(duplicate(`${pathOf(walk)}[${index}]`, item));
    seen.set(text, times + 1);
  }
}
