import { canonicalJson, isObject, type JsonObject } from '../schema/json.ts';

/**
 * A set of field paths as a tree. Steps are written as in `fieldsV1`: `f:name` for a member, `k:{"name":"a"}` for an item
 * of a map list, `v:"a"` for an item of a set.
 */
export interface FieldSet {
  /** Whether the path to here is itself in the set, not only paths below it. */
  readonly isMember: boolean;
  readonly children: ReadonlyMap<string, FieldSet>;
}

/** A field set that is being filled. */
export interface MutableFieldSet extends FieldSet {
  isMember: boolean;
  readonly children: Map<string, MutableFieldSet>;
}

/** The set without any path. */
export const NO_FIELDS: FieldSet = { isMember: false, children: new Map() };

/** A new set that may be filled. */
export function emptyFieldSet(): MutableFieldSet {
  return { isMember: false, children: new Map() };
}

/** The node below `set` at `step`, made if it is not there. */
export function childOf(set: MutableFieldSet, step: string): MutableFieldSet {
  let child = set.children.get(step);
  if (child === undefined) {
    child = emptyFieldSet();
    set.children.set(step, child);
  }
  return child;
}

/** Adds one path. */
export function insertPath(set: MutableFieldSet, path: readonly string[]): void {
  let node = set;
  for (const step of path) node = childOf(node, step);
  node.isMember = true;
}

/** Whether a set holds no path. */
export function isEmptySet(set: FieldSet): boolean {
  if (set.isMember) return false;
  for (const child of set.children.values()) if (!isEmptySet(child)) return false;
  return true;
}

type Choose = (left: boolean, right: boolean) => boolean;

function combine(left: FieldSet, right: FieldSet, choose: Choose): FieldSet {
  const children = new Map<string, FieldSet>();
  for (const step of new Set([...left.children.keys(), ...right.children.keys()])) {
    const child = combine(left.children.get(step) ?? NO_FIELDS, right.children.get(step) ?? NO_FIELDS, choose);
    if (child.isMember || child.children.size > 0) children.set(step, child);
  }
  return { isMember: choose(left.isMember, right.isMember), children };
}

/** Paths in either set. */
export function union(left: FieldSet, right: FieldSet): FieldSet {
  return combine(left, right, (inLeft, inRight) => inLeft || inRight);
}

/** Paths in both sets. */
export function intersection(left: FieldSet, right: FieldSet): FieldSet {
  return combine(left, right, (inLeft, inRight) => inLeft && inRight);
}

/** Paths of `left` that are not in `right`; a path below one of `right` stays. */
export function difference(left: FieldSet, right: FieldSet): FieldSet {
  return right.children.size === 0 && !right.isMember
    ? left
    : combine(left, right, (inLeft, inRight) => inLeft && !inRight);
}

/** Whether two sets hold the same paths. */
export function sameFields(left: FieldSet, right: FieldSet): boolean {
  return isEmptySet(difference(left, right)) && isEmptySet(difference(right, left));
}

// Stored objects are immutable, and most writes leave most entries alone: these save reading and writing them again.
const parsed = new WeakMap<JsonObject, FieldSet>();
const rendered = new WeakMap<FieldSet, JsonObject>();

/** Reads a `fieldsV1`; what it does not understand counts as nothing. */
export function parseFieldsV1(fields: JsonObject | undefined): FieldSet {
  if (fields === undefined) return NO_FIELDS;
  const known = parsed.get(fields);
  if (known !== undefined) return known;
  const set = emptyFieldSet();
  for (const [step, inner] of Object.entries(fields)) fillFrom(childOf(set, normalStep(step)), inner);
  parsed.set(fields, set);
  rendered.set(set, fields);
  return set;
}

function fillFrom(set: MutableFieldSet, fields: unknown): void {
  if (!isObject(fields)) return;
  const steps = Object.keys(fields);
  set.isMember = steps.length === 0 || steps.includes('.');
  for (const step of steps) if (step !== '.') fillFrom(childOf(set, normalStep(step)), fields[step]);
}

/** Keys of items may be written with other spacing or order; here they have one form. */
function normalStep(step: string): string {
  if (!step.startsWith('k:') && !step.startsWith('v:')) return step;
  try {
    return `${step.slice(0, 2)}${canonicalJson(JSON.parse(step.slice(2)))}`;
  } catch {
    return step;
  }
}

/** Writes a set as `fieldsV1`, steps in order; a set that was read is written as it was. */
export function renderFieldsV1(set: FieldSet): JsonObject {
  const known = rendered.get(set);
  if (known !== undefined) return known;
  const fields: Record<string, unknown> = {};
  if (set.isMember && set.children.size > 0) fields['.'] = {};
  for (const step of [...set.children.keys()].sort())
    fields[step] = renderFieldsV1(set.children.get(step) ?? NO_FIELDS);
  return fields;
}

/** All paths as Kubernetes shows them, such as `.spec.listeners[name="http"].port`, in order. */
export function renderPaths(set: FieldSet, prefix = ''): readonly string[] {
  const paths = set.isMember && prefix !== '' ? [prefix] : [];
  for (const step of [...set.children.keys()].sort()) {
    paths.push(...renderPaths(set.children.get(step) ?? NO_FIELDS, `${prefix}${renderStep(step)}`));
  }
  return paths;
}

function renderStep(step: string): string {
  const content = step.slice(2);
  if (step.startsWith('f:')) return `.${content}`;
  if (step.startsWith('v:')) return `[=${content}]`;
  if (!step.startsWith('k:')) return `[${content}]`;
  const keys: unknown = JSON.parse(content);
  if (!isObject(keys)) return `[${content}]`;
  return `[${Object.entries(keys)
    .map(([name, value]) => `${name}=${JSON.stringify(value)}`)
    .join(',')}]`;
}
