import { randomUUID } from 'node:crypto';
import type { KindDefinition } from '../api/kind-definition.ts';
import { refOf } from '../api/object.ts';
import type { GroupKind, KubeObject } from '../api/object.ts';
import type { Clock } from '../lib/clock.ts';
import type { ObjectStore } from '../store/object-store.ts';
import type { StoreEvent } from '../store/snapshot.ts';
import { crdOfKind } from './crd-of-kind.ts';
import { CLEANUP_FINALIZER } from './crd-rules.ts';
import { crdStatus } from './crd-status.ts';
import { deleteObject } from './deletion.ts';
import { kindOfCrd } from './kind-of-crd.ts';
import type { KindRegistry } from './kind-registry.ts';
import { isNative } from './native-kinds.ts';
import type { ApiObject } from './object-body.ts';
import { timestamp } from './object-metadata.ts';
import { deepEqual, isObject } from './schema/json.ts';
import type { WorkQueue } from './work-queue.ts';

/** What the controller of CustomResourceDefinitions needs. */
export interface CrdControllerOptions {
  readonly store: ObjectStore;
  readonly registry: KindRegistry;
  readonly clock: Clock;
  readonly queue: WorkQueue;
  /** The kinds that are served from the start; all but the native ones get a CRD that shows them. */
  readonly kinds: readonly KindDefinition[];
}

const CRD: GroupKind = { group: 'apiextensions.k8s.io', kind: 'CustomResourceDefinition' };

/** Serves what applied CRDs describe, tells so in their status, and stops when they are deleted. */
export class CrdController {
  readonly #options: CrdControllerOptions;
  readonly #unsubscribe: () => void;

  constructor(options: CrdControllerOptions) {
    this.#options = options;
    const { store, registry, kinds } = options;
    for (const kind of kinds) if (kind.origin === 'BuiltIn') registry.register(kind);
    for (const crd of store.list(CRD)) this.#serve(crd);
    this.#unsubscribe = store.subscribe((event) => this.#follow(event));
    for (const kind of kinds) if (!isNative(kind)) this.#show(kind);
  }

  /** Stops following the store. */
  close(): void {
    this.#unsubscribe();
  }

  #show(kind: KindDefinition): void {
    const { store, clock } = this.#options;
    const crd = crdOfKind(kind);
    if (store.get(refOf(crd)) !== undefined) return;
    const server = { uid: randomUUID(), creationTimestamp: timestamp(clock.now()), generation: 1 };
    const metadata = { ...crd.metadata, ...server, finalizers: [CLEANUP_FINALIZER] };
    store.put({ ...crd, metadata }, { isDurable: false });
  }

  #follow({ type, object }: StoreEvent): void {
    if (object.kind !== CRD.kind || !object.apiVersion.startsWith(`${CRD.group}/`)) {
      if (type === 'Deleted') this.#finishCrdOf(object);
      return;
    }
    if (type === 'Deleted') this.#stopServing(object);
    else this.#serve(object);
  }

  #serve(crd: KubeObject): void {
    const { registry, queue } = this.#options;
    const kind = kindOfCrd(crd, this.#originOf(crd));
    if (kind === undefined) return;
    const served = registry.kind(kind);
    const isClash = served !== undefined && served.plural !== kind.plural;
    if (!isClash && served?.origin !== 'BuiltIn') registry.register(kind);
    queue.add(() => this.#writeStatus(crd.metadata.name, kind, isClash));
    if (crd.metadata.deletionTimestamp !== undefined) queue.add(() => this.#cleanUp(crd.metadata.name, kind));
  }

  /** A CRD that looks like one of the default kinds is that kind until somebody applies another. */
  #originOf({ metadata: { name } }: KubeObject): KindDefinition['origin'] {
    const isDefault = this.#options.kinds.some(
      (kind) => kind.origin === 'Default' && `${kind.plural}.${kind.group}` === name,
    );
    return isDefault ? 'Default' : 'Custom';
  }

  #stopServing(crd: KubeObject): void {
    const { registry } = this.#options;
    const kind = kindOfCrd(crd, 'Custom');
    const served = kind === undefined ? undefined : registry.kind(kind);
    if (kind !== undefined && served?.plural === kind.plural && served.origin !== 'BuiltIn') registry.unregister(kind);
  }

  #writeStatus(name: string, kind: KindDefinition, isClash: boolean): void {
    const { store, clock } = this.#options;
    const crd = store.get({ ...CRD, namespace: '', name });
    if (crd === undefined) return;
    const before: unknown = Reflect.get(crd, 'status');
    const status = crdStatus(kind, isObject(before) ? before : {}, { isClash, now: timestamp(clock.now()) });
    const told: ApiObject = { ...crd, status };
    if (!deepEqual(status, before)) store.put(told, { isDurable: false });
  }

  /** Deletes the objects of a deleted CRD's kind, and lets the CRD go once there are none. */
  #cleanUp(name: string, kind: KindDefinition): void {
    const { store, clock, registry } = this.#options;
    const resource = registry.resourceOfKind(kind);
    for (const object of store.list(kind)) {
      if (resource === undefined || object.metadata.deletionTimestamp !== undefined) continue;
      const target = { resource, namespace: object.metadata.namespace ?? '', name: object.metadata.name };
      const options = { propagationPolicy: 'Background', isDryRun: false } as const;
      deleteObject({ store, clock }, target, { ...object }, options);
    }
    const crd = store.get({ ...CRD, namespace: '', name });
    if (crd !== undefined && store.list(kind).length === 0) this.#release(crd);
  }

  #release(crd: KubeObject): void {
    const { store } = this.#options;
    const finalizers = (crd.metadata.finalizers ?? []).filter((finalizer) => finalizer !== CLEANUP_FINALIZER);
    if (finalizers.length === 0) store.remove(refOf(crd));
    else if (finalizers.length !== crd.metadata.finalizers?.length) {
      store.put({ ...crd, metadata: { ...crd.metadata, finalizers } });
    }
  }

  #finishCrdOf(object: KubeObject): void {
    const { store, registry, queue } = this.#options;
    const { group, kind } = refOf(object);
    const definition = registry.kind({ group, kind });
    if (definition === undefined || isNative(definition)) return;
    const name = `${definition.plural}.${group}`;
    const crd = store.get({ ...CRD, namespace: '', name });
    if (crd?.metadata.deletionTimestamp !== undefined) queue.add(() => this.#cleanUp(name, definition));
  }
}
