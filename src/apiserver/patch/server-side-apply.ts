import type { KubeObject } from '../../api/object.ts';
import type { JsonSchema } from '../../api/schema.ts';
import { applyDefaults } from '../schema/defaults.ts';
import { isObject } from '../schema/json.ts';
import { wholeSchema } from '../schema/whole-schema.ts';
import { difference, type FieldSet, intersection, isEmptySet, NO_FIELDS, renderPaths, union } from './field-set.ts';
import {
  loseFields,
  type Manager,
  managersOf,
  ownable,
  sameOwnership,
  withManagers,
  type Writer,
} from './managed-fields.ts';
import {
  compareFields,
  type Comparison,
  fieldsOf,
  mergeValues,
  removeFields,
  withDeclaredParents,
} from './structured-value.ts';

/** What to apply to what. */
export interface ApplyRequest extends Writer {
  readonly schema: JsonSchema;
  /** The stored object; undefined if it does not exist yet. */
  readonly live: KubeObject | undefined;
  /** The applied object, pruned but not defaulted, and only the part that this (sub)resource may write. */
  readonly applied: KubeObject;
  /** Take fields that others own with another value, instead of failing. */
  readonly force: boolean;
}

/** A field that somebody else owns with another value. */
export interface ApplyConflict {
  /** Such as `conflict with "kubectl-client-side-apply" using v1`. */
  readonly message: string;
  /** Such as `.spec.ports`. */
  readonly field: string;
  /** How the manager is written in messages. */
  readonly manager: string;
}

/** The merged object with defaults and `managedFields`; to be validated. With conflicts, `object` is the live one. */
export interface ApplyOutcome {
  readonly object: KubeObject;
  readonly conflicts: readonly ApplyConflict[];
}

/**
 * Server-side apply: merges, takes away what the manager applied before and does not any more (unless others own it), and
 * records who owns what. Applying the same again changes nothing.
 */
export function serverSideApply(request: ApplyRequest): ApplyOutcome {
  const schema = wholeSchema(request.schema);
  const { applied, subresource = '' } = request;
  const live = request.live === undefined ? undefined : withManagers(request.live, []);
  const managers = managersOf(request.live);
  const isSelf = (each: Manager): boolean =>
    each.operation === 'Apply' && each.name === request.manager && each.subresource === subresource;
  const previous = managers.find(isSelf);
  const others = managers.filter((each) => !isSelf(each));
  const fields = ownable(fieldsOf(schema, applied));
  const merged = mergeValues(schema, live ?? {}, applied);
  const owned = others.reduce((all, each) => union(all, each.fields), fields);
  const kept = withoutDropped(schema, merged, { last: previous?.fields ?? NO_FIELDS, owned });
  // Compared with defaults filled in, or a list that is owned as a whole would seem changed by every apply that leaves
  // the defaults of its items out.
  const object = asObject(applyDefaults(schema, kept), applied);
  const changes = compareFields(schema, live ?? {}, object);
  const conflicts = conflictsOf(request, schema, { others, changes });
  if (conflicts.length > 0 && request.live !== undefined) return { object: request.live, conflicts };
  const entry: Manager = {
    name: request.manager,
    operation: 'Apply',
    apiVersion: applied.apiVersion,
    subresource,
    time: request.time,
    fields,
  };
  const isUnchanged = object === live || isSame(changes);
  const mine = isUnchanged && sameOwnership(previous, entry) ? { ...entry, time: previous?.time } : entry;
  return {
    object: withManagers(object, [...loseFields(others, changes), ...(isEmptySet(fields) ? [] : [mine])]),
    conflicts: [],
  };
}

function asObject(value: unknown, applied: KubeObject): KubeObject {
  // Merging and removing keep apiVersion, kind and the name, which nobody owns.
  return isObject(value) ? ({ ...value } as unknown as KubeObject) : applied;
}

function isSame({ added, modified, removed }: Comparison): boolean {
  return isEmptySet(added) && isEmptySet(modified) && isEmptySet(removed);
}

/** Takes away what the manager owned the last time and nobody owns now. */
function withoutDropped(
  schema: JsonSchema,
  merged: unknown,
  { last, owned }: { readonly last: FieldSet; readonly owned: FieldSet },
): unknown {
  if (isEmptySet(last)) return merged;
  const candidates = intersection(
    withDeclaredParents(schema, fieldsOf(schema, merged)),
    withDeclaredParents(schema, last),
  );
  const dropped = ownable(difference(candidates, withDeclaredParents(schema, owned)));
  return isEmptySet(dropped) ? merged : removeFields(schema, merged, dropped);
}

function conflictsOf(
  { force, manager, live }: ApplyRequest,
  schema: JsonSchema,
  { others, changes }: { readonly others: readonly Manager[]; readonly changes: Comparison },
): readonly ApplyConflict[] {
  if (force) return [];
  const changed = union(changes.added, changes.modified);
  const allowed = manager === 'kubectl' ? lastAppliedFields(schema, live) : NO_FIELDS;
  return others.flatMap((other) => {
    const paths = renderPaths(difference(intersection(other.fields, changed), allowed));
    const name = renderManager(other);
    return paths.map((field) => ({ message: `conflict with ${name}`, field, manager: name }));
  });
}

const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';

/**
 * Fields that `kubectl apply` set before it went over to server-side apply, as far as they still have that value. The
 * same person changes them now, so they are no conflict.
 */
function lastAppliedFields(schema: JsonSchema, live: KubeObject | undefined): FieldSet {
  const text = live?.metadata.annotations?.[LAST_APPLIED];
  if (text === undefined) return NO_FIELDS;
  try {
    const applied: unknown = JSON.parse(text);
    const { modified, removed } = compareFields(schema, applyDefaults(schema, applied), live);
    return difference(fieldsOf(schema, applied), union(modified, removed));
  } catch {
    return NO_FIELDS;
  }
}

function renderManager({ name, operation, apiVersion, subresource, time }: Manager): string {
  const through = subresource === '' ? '' : ` with subresource ${JSON.stringify(subresource)}`;
  const using = operation === 'Apply' ? '' : ` using ${apiVersion}${time === undefined ? '' : ` at ${time}`}`;
  return `${JSON.stringify(name)}${through}${using}`;
}

/** The message of the Conflict that an apply fails with. */
export function renderConflicts(conflicts: readonly ApplyConflict[]): string {
  const [first] = conflicts;
  if (first !== undefined && conflicts.length === 1) {
    return `Apply failed with 1 conflict: ${first.message}: ${first.field}`;
  }
  const managers = [...new Set(conflicts.map(({ manager }) => manager))].sort();
  const lines = managers.flatMap((manager) => [
    `conflicts with ${manager}:`,
    ...conflicts.filter((conflict) => conflict.manager === manager).map(({ field }) => `- ${field}`),
  ]);
  return `Apply failed with ${conflicts.length} conflicts: ${lines.join('\n')}`;
}
