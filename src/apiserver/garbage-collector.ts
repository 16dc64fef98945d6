import { groupOf, objectKey, refOf } from '../api/object.ts';
import type { KubeObject, ObjectRef, OwnerReference } from '../api/object.ts';
import type { Clock } from '../lib/clock.ts';
import type { ObjectStore } from '../store/object-store.ts';
import type { StoreEvent } from '../store/snapshot.ts';
import { deleteObject, isReleased } from './deletion.ts';
import type { KindRegistry } from './kind-registry.ts';
import type { WorkQueue } from './work-queue.ts';

/** What the garbage collector needs. */
export interface GarbageCollectorOptions {
  readonly store: ObjectStore;
  readonly registry: KindRegistry;
  readonly clock: Clock;
  readonly queue: WorkQueue;
}

/**
 * Deletes objects whose owners (`metadata.ownerReferences`) are all gone, and does what the finalizers
 * `foregroundDeletion` and `orphan` ask for.
 */
export class GarbageCollector {
  readonly #options: GarbageCollectorOptions;
  readonly #dependents = new Map<string, Map<string, ObjectRef>>();
  readonly #unsubscribe: () => void;

  constructor(options: GarbageCollectorOptions) {
    this.#options = options;
    this.#unsubscribe = options.store.subscribe((event) => this.#follow(event));
    for (const kind of options.registry.all()) {
      for (const object of options.store.list(kind)) this.#add(object);
    }
  }

  /** Stops following the store. */
  close(): void {
    this.#unsubscribe();
  }

  #follow({ type, object, previous }: StoreEvent): void {
    if (previous !== undefined && previous.metadata.ownerReferences !== object.metadata.ownerReferences) {
      this.#forget(previous);
    }
    if (type !== 'Deleted') return this.#add(object);
    this.#forget(object);
    const { queue } = this.#options;
    for (const dependent of this.#dependentsOf(object)) queue.add(() => this.#collect(dependent));
    for (const owner of object.metadata.ownerReferences ?? []) queue.add(() => this.#finishOwner(owner, object));
  }

  #add(object: KubeObject): void {
    const { ownerReferences = [], deletionTimestamp, finalizers = [] } = object.metadata;
    const ref = refOf(object);
    for (const { uid } of ownerReferences) {
      const dependents = this.#dependents.get(uid) ?? new Map<string, ObjectRef>();
      this.#dependents.set(uid, dependents.set(objectKey(ref), ref));
    }
    const { queue } = this.#options;
    if (ownerReferences.length > 0) queue.add(() => this.#collect(ref));
    if (deletionTimestamp !== undefined && finalizers.length > 0) queue.add(() => this.#finish(ref));
  }

  #forget(object: KubeObject): void {
    for (const { uid } of object.metadata.ownerReferences ?? []) {
      const dependents = this.#dependents.get(uid);
      dependents?.delete(objectKey(refOf(object)));
      if (dependents?.size === 0) this.#dependents.delete(uid);
    }
  }

  #dependentsOf({ metadata: { uid = '' } }: KubeObject): readonly ObjectRef[] {
    return [...(this.#dependents.get(uid)?.values() ?? [])];
  }

  /** Deletes the object if it had owners and none of them is left. */
  #collect(ref: ObjectRef): void {
    const object = this.#options.store.get(ref);
    const owners = object?.metadata.ownerReferences ?? [];
    if (object === undefined || owners.length === 0 || owners.some((owner) => this.#exists(owner, ref.namespace)))
      return;
    this.#delete(object);
  }

  /** An owner is of the dependent's namespace, or cluster-scoped. */
  #owner({ apiVersion, kind, name, uid }: OwnerReference, namespace: string): KubeObject | undefined {
    const { store, registry } = this.#options;
    const group = groupOf(apiVersion);
    const isNamespaced = registry.kind({ group, kind })?.scope === 'Namespaced';
    const owner = store.get({ group, kind, name, namespace: isNamespaced ? namespace : '' });
    return owner?.metadata.uid === uid ? owner : undefined;
  }

  #exists(owner: OwnerReference, namespace: string): boolean {
    // A kind that is not served may be served later: its objects are not known to be gone.
    const isKnown = this.#options.registry.kind({ group: groupOf(owner.apiVersion), kind: owner.kind }) !== undefined;
    return !isKnown || this.#owner(owner, namespace) !== undefined;
  }

  #finishOwner(reference: OwnerReference, { metadata: { namespace = '' } }: KubeObject): void {
    const owner = this.#owner(reference, namespace);
    if (owner !== undefined) this.#finish(refOf(owner));
  }

  /** Does what the collector's own finalizers of a deleted object stand for, and takes them off. */
  #finish(ref: ObjectRef): void {
    const object = this.#options.store.get(ref);
    if (object?.metadata.deletionTimestamp === undefined) return;
    const finalizers = object.metadata.finalizers ?? [];
    if (finalizers.includes('orphan')) {
      for (const dependent of this.#dependentsOf(object)) this.#disown(dependent, object);
      return this.#release(object, 'orphan');
    }
    if (!finalizers.includes('foregroundDeletion')) return;
    const dependents = this.#dependentsOf(object).flatMap((dependent) => this.#options.store.get(dependent) ?? []);
    for (const dependent of dependents) this.#delete(dependent);
    if (this.#dependentsOf(object).length === 0) this.#release(object, 'foregroundDeletion');
  }

  #disown(ref: ObjectRef, { metadata: { uid } }: KubeObject): void {
    const { store } = this.#options;
    const dependent = store.get(ref);
    if (dependent === undefined) return;
    const { ownerReferences = [], ...metadata } = dependent.metadata;
    const others = ownerReferences.filter((owner) => owner.uid !== uid);
    store.put({ ...dependent, metadata: { ...metadata, ...(others.length === 0 ? {} : { ownerReferences: others }) } });
  }

  #release(object: KubeObject, finalizer: string): void {
    const { store } = this.#options;
    const { finalizers = [], ...metadata } = object.metadata;
    const others = finalizers.filter((name) => name !== finalizer);
    const released = { ...object, metadata: { ...metadata, ...(others.length === 0 ? {} : { finalizers: others }) } };
    if (isReleased(released)) store.remove(refOf(object));
    else store.put(released);
  }

  #delete(object: KubeObject): void {
    const { store, clock, registry } = this.#options;
    const { group, kind, namespace, name } = refOf(object);
    const resource = registry.resourceOfKind({ group, kind });
    if (resource === undefined || object.metadata.deletionTimestamp !== undefined) return;
    const options = { propagationPolicy: 'Background', isDryRun: false } as const;
    deleteObject({ store, clock }, { resource, namespace, name }, { ...object }, options);
  }
}
