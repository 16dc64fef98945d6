import { randomUUID } from 'node:crypto';
import { apiVersionOf, kindKey, refOf } from '../api/object.ts';
import type { KubeObject } from '../api/object.ts';
import type { Clock } from '../lib/clock.ts';
import { MANIFESTS_FIELD_MANAGER } from '../store/object-client.ts';
import type { ObjectStore } from '../store/object-store.ts';
import { admitObject, admitStatus, pruning } from './admission.ts';
import type { Admitted, FieldValidation } from './admission.ts';
import { deleteObject, isReleased } from './deletion.ts';
import type { Deleted, DeleteOptions } from './deletion.ts';
import { storageVersionOf } from './kind-registry.ts';
import type { KindRules } from './kind-rules.ts';
import { isNative } from './native-kinds.ts';
import { parseObjectBody } from './object-body.ts';
import type { ApiObject, WriteTarget } from './object-body.ts';
import { changesDesiredState, isUnchanged, newMetadata, timestamp, updatedMetadata } from './object-metadata.ts';
import { applyObject, patchObject, recordUpdate } from './patch-object.ts';
import type { Author, Patch } from './patch-object.ts';
import { inVersion } from './rendering.ts';
import { invalid as invalidField } from './schema/field-error.ts';
import { alreadyExists, conflict, forbidden, invalid, modified, notFound } from './status-errors.ts';

/** What every write may ask for. */
export interface WriteOptions {
  /** Who is recorded as the owner of what the write changes. */
  readonly fieldManager: string;
  /** Whether everything is done but the write itself. */
  readonly isDryRun: boolean;
  readonly fieldValidation: FieldValidation;
}

/** What a write did. `object` is in the version of the request. */
export interface Written {
  readonly object: KubeObject;
  readonly outcome: 'Created' | 'Configured' | 'Unchanged';
  readonly warnings: readonly string[];
}

/** What the write path needs. */
export interface WritePathOptions {
  readonly store: ObjectStore;
  readonly clock: Clock;
  /** What a kind does beyond its schema, by `kindKey`. */
  readonly rules: ReadonlyMap<string, KindRules>;
}

/** An apply has recorded already who owns what. */
type ApplyOrWriteOptions = WriteOptions & { readonly isApply?: boolean };

const NAMESPACES = { group: '', plural: 'namespaces' };
const PERMANENT_NAMESPACES: readonly string[] = ['default', 'kube-system', 'kube-public'];
const NO_RULES: KindRules = {};

/**
 * Every write to the API, whoever makes it: body → admission (prune, default, validate) → store. It is synchronous, so
 * nothing can come between reading the stored object and replacing it.
 */
export class WritePath {
  readonly #store: ObjectStore;
  readonly #clock: Clock;
  readonly #rules: ReadonlyMap<string, KindRules>;

  constructor({ store, clock, rules }: WritePathOptions) {
    this.#store = store;
    this.#clock = clock;
    this.#rules = rules;
  }

  /** The stored object in the version of the target, or a 404. */
  read(target: WriteTarget): ApiObject {
    const object = this.find(target);
    if (object === undefined) throw notFound(target.resource.kind, target.name);
    return object;
  }

  /** The stored object in the version of the target, if there is one. */
  find(target: WriteTarget): ApiObject | undefined {
    const { group, kind } = target.resource.kind;
    const stored = this.#store.get({ group, kind, namespace: target.namespace, name: target.name });
    return stored === undefined ? undefined : { ...inVersion(stored, target.resource) };
  }

  /** Makes a new object; fails if there is one of that name. */
  create(target: WriteTarget, body: unknown, options: WriteOptions): Written {
    return this.#add(target, parseObjectBody(body, target), options);
  }

  /** Replaces the object, or its status. */
  update(target: WriteTarget, body: unknown, options: WriteOptions): Written {
    const existing = this.read(target);
    const given = parseObjectBody(body, target);
    requireVersion(target, given);
    return this.#replace(target, given, existing, options);
  }

  /** Changes the object, or its status. A server-side apply makes the object if there is none. */
  patch(target: WriteTarget, patch: Patch, options: WriteOptions): Written {
    const existing = this.find(target);
    if (patch.type === 'Apply') return this.#apply(target, patch, existing, options);
    if (existing === undefined) throw notFound(target.resource.kind, target.name);
    return this.#replace(target, parseObjectBody(patchObject(target, existing, patch), target), existing, options);
  }

  /** Deletes the object, or marks it as deleted while finalizers hold it. */
  delete(target: WriteTarget, options: DeleteOptions): Deleted {
    const existing = this.read(target);
    if (kindKey(target.resource.kind) === 'Namespace' && PERMANENT_NAMESPACES.includes(target.name)) {
      throw forbidden(target.resource.kind, target.name, 'this namespace may not be deleted');
    }
    const stored = toStorageVersion(target, existing);
    const deleted = deleteObject({ store: this.#store, clock: this.#clock }, target, stored, options);
    return { ...deleted, object: inVersion(deleted.object, target.resource) };
  }

  #apply(
    target: WriteTarget,
    patch: Extract<Patch, { type: 'Apply' }>,
    existing: ApiObject | undefined,
    options: WriteOptions,
  ): Written {
    if (existing === undefined && target.subresource !== undefined) throw notFound(target.resource.kind, target.name);
    const unknown: string[] = [];
    const prune = pruning(target, options.fieldValidation, (warning) => void unknown.push(warning));
    const applied = applyObject(target, existing, { ...patch, prune, author: this.#author(options) });
    const isApply = true;
    const written =
      existing === undefined
        ? this.#add(target, applied, { ...options, isApply })
        : this.#replace(target, applied, existing, { ...options, isApply });
    return { ...written, warnings: [...unknown, ...written.warnings] };
  }

  #add(target: WriteTarget, given: ApiObject, options: ApplyOrWriteOptions): Written {
    const { kind, version } = target.resource;
    const metadata = newMetadata(given.metadata, {
      uid: randomUUID(),
      createdAt: timestamp(this.#clock.now()),
      ...(kind.hasGeneration ? { generation: 1 } : {}),
    });
    const placed = { ...target, name: metadata.name };
    this.#checkNamespace(placed);
    const { status: _status, ...withoutStatus } = given;
    const object: ApiObject = version.hasStatus ? { ...withoutStatus, metadata } : { ...given, metadata };
    const admitted = admitObject(placed, object, { ...options, rules: this.#rulesOf(target) });
    if (this.find(placed) !== undefined) throw alreadyExists(kind, metadata.name);
    const owned = this.#recorded(placed, admitted.object, undefined, options);
    return { object: this.#put(placed, owned, options), outcome: 'Created', warnings: admitted.warnings };
  }

  #replace(target: WriteTarget, given: ApiObject, existing: ApiObject, options: ApplyOrWriteOptions): Written {
    checkIdentity(target, given, existing);
    const { object: admitted, warnings } = this.#admitChange(target, given, existing, options);
    const owned = this.#recorded(target, admitted, existing, options);
    const object = withGeneration(target, owned, existing);
    if (isUnchanged(object, existing)) return { object: existing, outcome: 'Unchanged', warnings };
    return { object: this.#put(target, object, options), outcome: 'Configured', warnings };
  }

  #admitChange(target: WriteTarget, given: ApiObject, existing: ApiObject, options: ApplyOrWriteOptions): Admitted {
    const admission = { ...options, existing, rules: this.#rulesOf(target) };
    const { managedFields } = given.metadata;
    const owners = managedFields === undefined ? {} : { managedFields };
    if (target.subresource === 'status') {
      const { status: _status, ...rest } = existing;
      const status = given['status'] === undefined ? {} : { status: given['status'] };
      return admitStatus(target, { ...rest, ...status, metadata: { ...existing.metadata, ...owners } }, admission);
    }
    const metadata = updatedMetadata(given.metadata, existing.metadata);
    const { status: _status, ...desired } = given;
    const kept = existing['status'] === undefined ? {} : { status: existing['status'] };
    const object = target.resource.version.hasStatus ? { ...desired, ...kept, metadata } : { ...given, metadata };
    return admitObject(target, object, admission);
  }

  #recorded(
    target: WriteTarget,
    object: ApiObject,
    existing: ApiObject | undefined,
    options: ApplyOrWriteOptions,
  ): ApiObject {
    return options.isApply === true ? object : recordUpdate(target, object, existing, this.#author(options));
  }

  #put(target: WriteTarget, object: ApiObject, options: WriteOptions): KubeObject {
    if (options.isDryRun) return object;
    const stored = toStorageVersion(target, object);
    const written = isReleased(stored)
      ? (this.#store.remove(refOf(stored)) ?? stored)
      : this.#store.put(stored, { isDurable: isWorthKeeping(target, options) });
    return inVersion(written, target.resource);
  }

  #checkNamespace({ resource: { kind }, namespace, name }: WriteTarget): void {
    if (kind.scope !== 'Namespaced') return;
    const found = this.#store.get({ group: '', kind: 'Namespace', namespace: '', name: namespace });
    if (found === undefined) throw notFound(NAMESPACES, namespace);
    if (found.metadata.deletionTimestamp === undefined) return;
    const because = `unable to create new content in namespace ${namespace} because it is being terminated`;
    throw forbidden(kind, name, because);
  }

  #rulesOf({ resource: { kind } }: WriteTarget): KindRules {
    return this.#rules.get(kindKey(kind)) ?? NO_RULES;
  }

  #author({ fieldManager }: WriteOptions): Author {
    return { fieldManager, time: timestamp(this.#clock.now()) };
  }
}

/** Statuses and Events are told anew after a restart, and the manifests of a directory are applied anew. */
function isWorthKeeping({ resource: { kind }, subresource }: WriteTarget, { fieldManager }: WriteOptions): boolean {
  return subresource !== 'status' && kindKey(kind) !== 'Event' && fieldManager !== MANIFESTS_FIELD_MANAGER;
}

/** Kinds that clients know from a CRD are replaced only by those who say which version they replace. */
function requireVersion({ resource: { kind }, name }: WriteTarget, { metadata: { resourceVersion } }: ApiObject): void {
  if (resourceVersion !== undefined && resourceVersion !== '') return;
  if (isNative(kind)) return;
  throw invalid(kind, name, [invalidField('metadata.resourceVersion', 0, 'must be specified for an update')]);
}

function checkIdentity({ resource, name }: WriteTarget, given: ApiObject, existing: ApiObject): void {
  const { uid, resourceVersion } = given.metadata;
  if (uid !== undefined && uid !== existing.metadata.uid) {
    const because = `Precondition failed: UID in precondition: ${uid}, UID in object meta: ${existing.metadata.uid}`;
    throw conflict(resource.kind, name, because);
  }
  if (
    resourceVersion !== undefined &&
    resourceVersion !== '' &&
    resourceVersion !== existing.metadata.resourceVersion
  ) {
    throw modified(resource.kind, name);
  }
}

function withGeneration(
  { resource: { kind, version } }: WriteTarget,
  object: ApiObject,
  existing: ApiObject,
): ApiObject {
  const { generation } = existing.metadata;
  if (!kind.hasGeneration || generation === undefined) return object;
  if (!changesDesiredState(object, existing, version.hasStatus)) return object;
  return { ...object, metadata: { ...object.metadata, generation: generation + 1 } };
}

function toStorageVersion({ resource: { kind } }: WriteTarget, object: ApiObject): ApiObject {
  return { ...object, apiVersion: apiVersionOf(kind.group, storageVersionOf(kind).name) };
}
