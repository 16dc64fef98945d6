import type { KubeObject, ManagedFieldsEntry } from '../../api/object.ts';
import type { JsonSchema } from '../../api/schema.ts';
import { wholeSchema } from '../schema/whole-schema.ts';
import {
  difference,
  type FieldSet,
  intersection,
  isEmptySet,
  NO_FIELDS,
  parseFieldsV1,
  renderFieldsV1,
  sameFields,
  union,
} from './field-set.ts';
import { compareFields, type Comparison } from './structured-value.ts';

/** More entries of operation Update are folded into one of this name, oldest first. */
const MAX_UPDATE_MANAGERS = 10;
const ANCIENT = 'ancient-changes';

/** One field manager and what it owns. */
export interface Manager {
  readonly name: string;
  readonly operation: 'Apply' | 'Update';
  readonly apiVersion: string;
  readonly subresource: string;
  /** RFC 3339; undefined if the entry never had one. */
  readonly time: string | undefined;
  readonly fields: FieldSet;
}

/** Who writes, when. */
export interface Writer {
  readonly manager: string;
  /** `status` or another subresource; absent for the object itself. */
  readonly subresource?: string;
  /** RFC 3339 with whole seconds. */
  readonly time: string;
}

/** Reads `metadata.managedFields`. */
export function managersOf(object: KubeObject | undefined): readonly Manager[] {
  return (object?.metadata.managedFields ?? []).map((entry) => ({
    name: entry.manager ?? '',
    operation: entry.operation ?? 'Update',
    apiVersion: entry.apiVersion ?? '',
    subresource: entry.subresource ?? '',
    time: entry.time,
    fields: parseFieldsV1(entry.fieldsV1),
  }));
}

/** The object with these managers in `metadata.managedFields`, in Kubernetes' order. */
export function withManagers(object: KubeObject, managers: readonly Manager[]): KubeObject {
  const { managedFields: _before, ...metadata } = object.metadata;
  const entries = [...managers].sort(byOperationTimeAndName).map(entryOf);
  return { ...object, metadata: entries.length === 0 ? metadata : { ...metadata, managedFields: entries } };
}

function entryOf({ name, operation, apiVersion, subresource, time, fields }: Manager): ManagedFieldsEntry {
  return {
    manager: name,
    operation,
    apiVersion,
    ...(time !== undefined && { time }),
    fieldsType: 'FieldsV1',
    fieldsV1: renderFieldsV1(fields),
    ...(subresource !== '' && { subresource }),
  };
}

function byOperationTimeAndName(left: Manager, right: Manager): number {
  return (
    compareText(left.operation, right.operation) ||
    compareText(left.time ?? '', right.time ?? '') ||
    compareText(left.name, right.name) ||
    compareText(left.apiVersion, right.apiVersion) ||
    compareText(left.subresource, right.subresource)
  );
}

function compareText(left: string, right: string): number {
  return left < right ? -1 : Number(left > right);
}

/** Never owned by anybody: the server sets them, or they name the object. */
const UNOWNED = parseFieldsV1({
  'f:apiVersion': {},
  'f:kind': {},
  'f:metadata': {
    '.': {},
    'f:name': {},
    'f:namespace': {},
    'f:creationTimestamp': {},
    'f:selfLink': {},
    'f:uid': {},
    'f:generation': {},
    'f:managedFields': {},
    'f:resourceVersion': {},
    'f:deletionTimestamp': {},
    'f:deletionGracePeriodSeconds': {},
  },
});

/** Leaves out what is never owned by anybody. */
export function ownable(fields: FieldSet): FieldSet {
  return difference(fields, UNOWNED);
}

/** A plain write: create, replace, or any patch that is not an apply. */
export interface PlainWrite extends Writer {
  readonly schema: JsonSchema;
  /** The stored object; undefined when the object is created. */
  readonly before: KubeObject | undefined;
  /** The object as it is about to be stored, after defaulting and pruning. */
  readonly after: KubeObject;
}

/**
 * Records a plain write: the writer owns what it changed, others lose it. Whoever sends an empty `managedFields` list
 * wipes the record; other contents of the sent list replace it. Costs a comparison that skips what both objects share.
 */
export function updateManagedFields(write: PlainWrite): KubeObject {
  const { before, after } = write;
  const sent = after.metadata.managedFields;
  const isReset = sent !== undefined && sent.every((entry) => Object.keys(entry).length === 0);
  const managers = managersOf(sent === undefined ? before : after);
  if (isReset) return withManagers(after, []);
  const changes = compareFields(wholeSchema(write.schema), withoutRecord(before) ?? {}, withoutRecord(after));
  const owned = ownable(union(changes.added, changes.modified));
  if (isEmptySet(owned) && isEmptySet(changes.removed)) return withManagers(after, managers);
  const others = loseFields(managers, changes);
  return withManagers(after, capped(isEmptySet(owned) ? others : withUpdate(others, owned, write)));
}

function withoutRecord(object: KubeObject | undefined): KubeObject | undefined {
  if (object?.metadata.managedFields === undefined) return object;
  const { managedFields: _record, ...metadata } = object.metadata;
  return { ...object, metadata };
}

/** What is left to managers after somebody else changed these fields. */
export function loseFields(managers: readonly Manager[], { added, modified, removed }: Comparison): readonly Manager[] {
  const lost = union(union(added, modified), removed);
  return managers.flatMap((manager) => {
    if (isEmptySet(intersection(manager.fields, lost))) return [manager];
    const fields = difference(manager.fields, lost);
    return isEmptySet(fields) ? [] : [{ ...manager, fields }];
  });
}

function withUpdate(managers: readonly Manager[], owned: FieldSet, write: PlainWrite): readonly Manager[] {
  const { manager: name, time, subresource = '', after } = write;
  const isSame = (each: Manager): boolean =>
    each.name === name &&
    each.operation === 'Update' &&
    each.subresource === subresource &&
    each.apiVersion === after.apiVersion;
  const previous = managers.find(isSame)?.fields ?? NO_FIELDS;
  const entry: Manager = {
    name,
    operation: 'Update',
    apiVersion: after.apiVersion,
    subresource,
    time,
    // Who writes the same fields again keeps its record, which then need not be written and read anew.
    fields: isEmptySet(difference(owned, previous)) ? previous : union(previous, owned),
  };
  return [...managers.filter((each) => !isSame(each)), entry];
}

function capped(managers: readonly Manager[]): readonly Manager[] {
  const updates = managers.filter(({ operation }) => operation === 'Update').sort(byOperationTimeAndName);
  const surplus = updates.length - MAX_UPDATE_MANAGERS;
  if (surplus <= 0) return managers;
  const folded = updates.slice(0, surplus + 1);
  const [oldest] = folded;
  if (oldest === undefined) return managers;
  const fields = folded.reduce((all, each) => union(all, each.fields), NO_FIELDS);
  const ancient: Manager = { ...oldest, name: ANCIENT, subresource: '', time: folded.at(-1)?.time, fields };
  return [...managers.filter((each) => !folded.includes(each)), ancient];
}

/** Whether two records say the same, times aside. */
export function sameOwnership(left: Manager | undefined, right: Manager): boolean {
  return left !== undefined && left.apiVersion === right.apiVersion && sameFields(left.fields, right.fields);
}
