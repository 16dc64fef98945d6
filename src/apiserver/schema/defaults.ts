import type { JsonSchema } from '../../api/schema.ts';
import { isList, isObject, setProperty } from './json.ts';
import { memberSchema, wholeSchema } from './whole-schema.ts';

/**
 * Fills in what the schema has defaults for, in objects that are there; a missing object gets none of its inner defaults
 * unless it has a default itself. A null where the schema allows none counts as absent. Returns `value` itself if nothing
 * was missing.
 */
export function applyDefaults<T>(schema: JsonSchema, value: T): T {
  return withDefaults(wholeSchema(schema), value) as T;
}

function withDefaults(schema: JsonSchema | undefined, value: unknown): unknown {
  if (schema === undefined) return value;
  if (isList(value)) return listWithDefaults(schema, value);
  return isObject(value) ? objectWithDefaults(schema, value) : value;
}

function listWithDefaults(schema: JsonSchema, list: readonly unknown[]): readonly unknown[] {
  const { items } = schema;
  const filled = list.map((item) => withDefaults(items, isUnwantedNull(items, item) ? (items?.default ?? null) : item));
  return filled.some((item, index) => item !== list[index]) ? filled : list;
}

function objectWithDefaults(schema: JsonSchema, value: Readonly<Record<string, unknown>>): unknown {
  const filled: Record<string, unknown> = {};
  let changed = false;
  for (const key of Object.keys(value)) {
    const member = memberSchema(schema, key);
    const given = isUnwantedNull(member, value[key]) ? member?.default : value[key];
    if (given !== undefined) setProperty(filled, key, withDefaults(member, given));
    changed ||= filled[key] !== value[key] || given === undefined;
  }
  for (const [key, member] of defaultedProperties(schema)) {
    if (Object.hasOwn(filled, key)) continue;
    setProperty(filled, key, withDefaults(member, member.default));
    changed = true;
  }
  return changed ? filled : value;
}

function isUnwantedNull(schema: JsonSchema | undefined, value: unknown): boolean {
  return value === null && schema !== undefined && schema.nullable !== true;
}

const defaultedBySchema = new WeakMap<JsonSchema, readonly (readonly [string, JsonSchema])[]>();

function defaultedProperties(schema: JsonSchema): readonly (readonly [string, JsonSchema])[] {
  let defaulted = defaultedBySchema.get(schema);
  if (defaulted === undefined) {
    defaulted = Object.entries(schema.properties ?? {}).filter(([, member]) => member.default !== undefined);
    defaultedBySchema.set(schema, defaulted);
  }
  return defaulted;
}
