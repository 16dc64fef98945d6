import type { JsonSchema } from '../../api/schema.ts';
import { canonicalJson, deepEqual, isList, isObject, type JsonObject, setProperty } from '../schema/json.ts';
import { memberSchema } from '../schema/whole-schema.ts';
import { childOf, emptyFieldSet, type FieldSet, insertPath, type MutableFieldSet, NO_FIELDS } from './field-set.ts';

/** Whether a list is owned item by item. Lists are owned as a whole unless the schema says otherwise. */
function isKeyedList(schema: JsonSchema | undefined): schema is JsonSchema {
  const type = schema?.['x-kubernetes-list-type'];
  return type === 'set' || type === 'map';
}

/** Whether an object is owned member by member, which it is unless the schema says otherwise. */
function isGranular(schema: JsonSchema | undefined): boolean {
  return schema?.['x-kubernetes-map-type'] !== 'atomic';
}

/** The step that leads to an item of a keyed list. Keys that are left out count with their default. */
function itemStep(schema: JsonSchema, item: unknown): string {
  if (schema['x-kubernetes-list-type'] === 'set') return `v:${canonicalJson(item)}`;
  const key: Record<string, unknown> = {};
  for (const name of schema['x-kubernetes-list-map-keys'] ?? []) {
    const given = isObject(item) ? item[name] : undefined;
    const value = given ?? schema.items?.properties?.[name]?.default;
    if (value !== undefined) key[name] = value;
  }
  return `k:${canonicalJson(key)}`;
}

/** All fields that a value has: what an applier owns by applying it. */
export function fieldsOf(schema: JsonSchema | undefined, value: unknown): FieldSet {
  const set = emptyFieldSet();
  collectFields(schema, value, set);
  return set;
}

function collectFields(schema: JsonSchema | undefined, value: unknown, set: MutableFieldSet): void {
  if (isList(value) && isKeyedList(schema)) {
    for (const item of value) {
      const child = childOf(set, itemStep(schema, item));
      collectFields(schema.items, item, child);
      child.isMember = true;
    }
    return;
  }
  if (!isObject(value) || !isGranular(schema)) {
    set.isMember = true;
    return;
  }
  for (const key of Object.keys(value)) {
    const member = value[key];
    const child = childOf(set, `f:${key}`);
    collectFields(memberSchema(schema, key), member, child);
    child.isMember ||= isEmpty(member) || !isDeclared(schema, key);
  }
}

function isEmpty(value: unknown): boolean {
  return value === null || (isObject(value) && Object.keys(value).length === 0);
}

function isDeclared(schema: JsonSchema | undefined, key: string): boolean {
  return schema?.properties !== undefined && Object.hasOwn(schema.properties, key);
}

/** Makes declared members that have members in the set members themselves: whoever owns all of an object owns the object. */
export function withDeclaredParents(schema: JsonSchema | undefined, set: FieldSet): FieldSet {
  const children = new Map<string, FieldSet>();
  for (const [step, child] of set.children) {
    const key = step.slice(2);
    const isField = step.startsWith('f:');
    const inner = withDeclaredParents(isField ? memberSchema(schema, key) : schema?.items, child);
    children.set(step, isField && isDeclared(schema, key) ? { ...inner, isMember: true } : inner);
  }
  return { isMember: set.isMember, children };
}

/** How one value differs from another. A path is in at most one of the sets. */
export interface Comparison {
  readonly removed: FieldSet;
  readonly modified: FieldSet;
  readonly added: FieldSet;
}

interface Comparing {
  readonly path: string[];
  readonly removed: MutableFieldSet;
  readonly modified: MutableFieldSet;
  readonly added: MutableFieldSet;
}

/** Compares two values field by field. What they share by identity costs nothing. */
export function compareFields(schema: JsonSchema | undefined, before: unknown, after: unknown): Comparison {
  const state = { path: [], removed: emptyFieldSet(), modified: emptyFieldSet(), added: emptyFieldSet() };
  compareValues(schema, { before, after }, state);
  return state;
}

interface Pair {
  readonly before: unknown;
  readonly after: unknown;
}

function compareValues(schema: JsonSchema | undefined, pair: Pair, state: Comparing): void {
  const { before, after } = pair;
  if (before === after) return;
  const some = after ?? before;
  if (isList(some) && isKeyedList(schema) && isListOrAbsent(before) && isListOrAbsent(after)) {
    compareItems(schema, { before: before ?? [], after: after ?? [] }, state);
  } else if (isObject(some) && isGranular(schema) && isObjectOrAbsent(before) && isObjectOrAbsent(after)) {
    compareMembers(schema, { before: before ?? {}, after: after ?? {} }, state);
  } else if (before !== undefined && after !== undefined && !deepEqual(before, after)) {
    insertPath(state.modified, state.path);
  }
  if (before === undefined) insertPath(state.added, state.path);
  else if (after === undefined) insertPath(state.removed, state.path);
}

function isListOrAbsent(value: unknown): value is readonly unknown[] | undefined {
  return value === undefined || isList(value);
}

function isObjectOrAbsent(value: unknown): value is JsonObject | undefined {
  return value === undefined || isObject(value);
}

function compareMembers(
  schema: JsonSchema | undefined,
  { before, after }: { readonly before: JsonObject; readonly after: JsonObject },
  state: Comparing,
): void {
  const compareKey = (key: string): void => {
    state.path.push(`f:${key}`);
    compareValues(memberSchema(schema, key), { before: ownMember(before, key), after: ownMember(after, key) }, state);
    state.path.pop();
  };
  for (const key of Object.keys(before)) if (before[key] !== after[key]) compareKey(key);
  for (const key of Object.keys(after)) if (!Object.hasOwn(before, key)) compareKey(key);
}

function ownMember(value: JsonObject, key: string): unknown {
  return Object.hasOwn(value, key) ? value[key] : undefined;
}

function compareItems(
  schema: JsonSchema,
  { before, after }: { readonly before: readonly unknown[]; readonly after: readonly unknown[] },
  state: Comparing,
): void {
  const old = itemsByStep(schema, before);
  const current = itemsByStep(schema, after);
  for (const step of new Set([...old.keys(), ...current.keys()])) {
    state.path.push(step);
    compareValues(schema.items, { before: old.get(step), after: current.get(step) }, state);
    state.path.pop();
  }
}

function itemsByStep(schema: JsonSchema, list: readonly unknown[]): Map<string, unknown> {
  return new Map(list.map((item) => [itemStep(schema, item), item]));
}

/** Lays `applied` over `live`: keyed lists and granular objects merge, everything else is replaced. */
export function mergeValues(schema: JsonSchema | undefined, live: unknown, applied: unknown): unknown {
  if (isList(applied) && isList(live) && isKeyedList(schema)) return mergeItems(schema, live, applied);
  if (!isObject(applied) || !isObject(live) || !isGranular(schema)) return deepEqual(live, applied) ? live : applied;
  const merged: Record<string, unknown> = { ...live };
  let changed = false;
  for (const key of Object.keys(applied)) {
    const member = mergeValues(memberSchema(schema, key), ownMember(live, key), applied[key]);
    changed ||= member !== live[key];
    setProperty(merged, key, member);
  }
  return changed ? merged : live;
}

/** Items come in the applied order; those that are only in `live` keep their place before the item that followed them. */
function mergeItems(schema: JsonSchema, live: readonly unknown[], applied: readonly unknown[]): readonly unknown[] {
  const liveItems = itemsByStep(schema, live);
  const pending = [...itemsByStep(schema, applied)];
  // Repeated keys cannot be merged; validation refuses them where they stand.
  if (pending.length !== applied.length) return applied;
  const waiting = new Set(pending.map(([step]) => step));
  const shared = new Set(waiting);
  const merged: unknown[] = [];
  const takeApplied = (until: string | undefined): void => {
    for (let next = pending.shift(); next !== undefined; next = pending.shift()) {
      const [step, item] = next;
      merged.push(mergeValues(schema.items, liveItems.get(step), item));
      waiting.delete(step);
      if (step === until) return;
    }
  };
  for (const item of live) {
    const step = itemStep(schema, item);
    if (!shared.has(step)) merged.push(item);
    else if (waiting.has(step)) takeApplied(step);
  }
  takeApplied(undefined);
  const isSame = merged.length === live.length && merged.every((item, index) => item === live[index]);
  return isSame ? live : merged;
}

/** Takes away every path of the set, with all that is below it. Objects and lists that end up empty go as well. */
export function removeFields(schema: JsonSchema | undefined, value: unknown, set: FieldSet): unknown {
  if (set.children.size === 0) return value;
  if (isList(value)) return isKeyedList(schema) ? removeItems(schema, value, set) : undefined;
  if (!isObject(value) || !isGranular(schema)) return isObject(value) ? undefined : value;
  const kept: Record<string, unknown> = {};
  for (const key of Object.keys(value)) {
    const child = set.children.get(`f:${key}`) ?? NO_FIELDS;
    const member = child.isMember ? undefined : removeFields(memberSchema(schema, key), value[key], child);
    if (member !== undefined) setProperty(kept, key, member);
  }
  return Object.keys(kept).length === 0 ? undefined : kept;
}

function removeItems(schema: JsonSchema, list: readonly unknown[], set: FieldSet): readonly unknown[] | undefined {
  const kept = list.flatMap((item) => {
    const child = set.children.get(itemStep(schema, item)) ?? NO_FIELDS;
    const rest = child.isMember ? undefined : removeFields(schema.items, item, child);
    return rest === undefined ? [] : [rest];
  });
  return kept.length === 0 ? undefined : kept;
}
