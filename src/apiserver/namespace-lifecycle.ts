import { randomUUID } from 'node:crypto';
import { groupOf } from '../api/object.ts';
import type { KubeObject } from '../api/object.ts';
import type { Clock } from '../lib/clock.ts';
import type { ObjectStore } from '../store/object-store.ts';
import { deleteObject } from './deletion.ts';
import type { KindRegistry } from './kind-registry.ts';
import type { ApiObject } from './object-body.ts';
import { timestamp } from './object-metadata.ts';
import { isObject } from './schema/json.ts';
import type { WorkQueue } from './work-queue.ts';

/** What the lifecycle of namespaces needs. */
export interface NamespaceLifecycleOptions {
  readonly store: ObjectStore;
  readonly registry: KindRegistry;
  readonly clock: Clock;
  readonly queue: WorkQueue;
}

const INITIAL_NAMESPACES = ['default', 'kube-node-lease', 'kube-public', 'kube-system'];

/** Makes the namespaces that every cluster has, unless they are there. */
export function createInitialNamespaces({ store, clock }: Pick<NamespaceLifecycleOptions, 'store' | 'clock'>): void {
  for (const name of INITIAL_NAMESPACES) {
    if (store.get({ group: '', kind: 'Namespace', namespace: '', name }) !== undefined) continue;
    const namespace: ApiObject = {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: {
        name,
        uid: randomUUID(),
        creationTimestamp: timestamp(clock.now()),
        labels: { 'kubernetes.io/metadata.name': name },
      },
      spec: { finalizers: ['kubernetes'] },
      status: { phase: 'Active' },
    };
    store.put(namespace);
  }
}

/** A new namespace names in its spec who must empty it before it goes. */
export function withContentFinalizer(namespace: KubeObject): ApiObject {
  const spec: unknown = Reflect.get(namespace, 'spec');
  return { ...namespace, spec: { finalizers: ['kubernetes'], ...(isObject(spec) ? spec : {}) } };
}

/** Empties namespaces that are deleted, and removes them once nothing is left in them. */
export class NamespaceLifecycle {
  readonly #options: NamespaceLifecycleOptions;
  readonly #unsubscribe: () => void;

  constructor(options: NamespaceLifecycleOptions) {
    this.#options = options;
    const { store, queue } = options;
    this.#unsubscribe = store.subscribe(({ type, object }) => {
      if (isNamespace(object) && type !== 'Deleted') this.#schedule(object);
      if (!isNamespace(object) && type === 'Deleted') this.#scheduleHome(object);
    });
    for (const namespace of store.list({ group: '', kind: 'Namespace' })) {
      if (namespace.metadata.deletionTimestamp !== undefined) queue.add(() => this.#empty(namespace.metadata.name));
    }
  }

  /** Stops following the store. */
  close(): void {
    this.#unsubscribe();
  }

  #schedule({ metadata: { name, deletionTimestamp } }: KubeObject): void {
    if (deletionTimestamp !== undefined) this.#options.queue.add(() => this.#empty(name));
  }

  #scheduleHome({ metadata: { namespace } }: KubeObject): void {
    if (namespace === undefined) return;
    const home = this.#find(namespace);
    if (home !== undefined) this.#schedule(home);
  }

  #find(name: string): KubeObject | undefined {
    return this.#options.store.get({ group: '', kind: 'Namespace', namespace: '', name });
  }

  #empty(name: string): void {
    const { store, registry } = this.#options;
    const home = this.#find(name);
    if (home === undefined || home.metadata.deletionTimestamp === undefined) return;
    let isEmpty = true;
    for (const kind of registry.all()) {
      if (kind.scope !== 'Namespaced') continue;
      for (const object of store.list(kind, name)) isEmpty = this.#delete(object) && isEmpty;
    }
    if (isEmpty && (home.metadata.finalizers ?? []).length === 0) {
      store.remove({ group: '', kind: 'Namespace', namespace: '', name });
    }
  }

  /** Whether the object is gone: finalizers may hold it. */
  #delete(object: KubeObject): boolean {
    const { store, clock, registry } = this.#options;
    const resource = registry.resourceOfKind({ group: groupOf(object.apiVersion), kind: object.kind });
    if (resource === undefined) return true;
    const { name, namespace = '' } = object.metadata;
    const options = { propagationPolicy: 'Background', isDryRun: false } as const;
    return deleteObject({ store, clock }, { resource, name, namespace }, { ...object }, options).isGone;
  }
}

function isNamespace({ kind, apiVersion }: KubeObject): boolean {
  return kind === 'Namespace' && apiVersion === 'v1';
}
