import { groupOf, kindKey, versionOf } from '../api/object.ts';
import type { KubeObject, ObjectRef } from '../api/object.ts';
import type { Clock } from '../lib/clock.ts';
import { ApiError } from '../store/api-error.ts';
import type { ApplyResult, EventRecord, ObjectClient } from '../store/object-client.ts';
import type { ObjectStore } from '../store/object-store.ts';
import { EVENT_KIND, eventName, eventNamespace, eventObject } from './event-recorder.ts';
import type { KindRegistry, ServedResource } from './kind-registry.ts';
import type { WriteTarget } from './object-body.ts';
import type { WriteOptions, WritePath } from './write-path.ts';

/** What the client writes through. */
export interface InProcessClientOptions {
  readonly store: ObjectStore;
  readonly registry: KindRegistry;
  readonly writes: WritePath;
  readonly clock: Clock;
}

/** Who is recorded as the manager of statuses and Events. */
const CONTROLLER = 'sallyport';

/** The embedded API without HTTP: the same admission, ownership and errors. */
export class InProcessClient implements ObjectClient {
  readonly #options: InProcessClientOptions;

  constructor(options: InProcessClientOptions) {
    this.#options = options;
  }

  async get(ref: ObjectRef): Promise<KubeObject | undefined> {
    return this.#options.store.get(ref);
  }

  async apply(object: KubeObject, fieldManager: string): Promise<ApplyResult> {
    const { writes, store } = this.#options;
    const target = this.#targetOf(object);
    const { namespace: _namespace, ...metadata } = object.metadata;
    const applied = {
      ...object,
      metadata: target.namespace === '' ? metadata : { ...metadata, namespace: target.namespace },
    };
    const written = writes.patch(target, { type: 'Apply', applied, force: true }, writeOptions(fieldManager));
    await store.whenDurable();
    return written;
  }

  async delete(ref: ObjectRef): Promise<void> {
    const { writes, store } = this.#options;
    const resource = this.#resourceOf(ref);
    if (resource === undefined || store.get(ref) === undefined) return;
    const target = { resource, namespace: ref.namespace, name: ref.name };
    writes.delete(target, { propagationPolicy: 'Background', isDryRun: false });
    await store.whenDurable();
  }

  async editStatus(ref: ObjectRef, edit: (object: KubeObject) => unknown): Promise<void> {
    const { writes, store } = this.#options;
    const resource = this.#resourceOf(ref);
    const object = store.get(ref);
    if (resource === undefined || object === undefined) return;
    const status = edit(object);
    if (status === undefined) return;
    const target = { resource, namespace: ref.namespace, name: ref.name, subresource: 'status' } as const;
    // Statuses are not kept on disk, so there is nothing to wait for.
    writes.update(target, { ...object, apiVersion: resource.apiVersion, status }, writeOptions(CONTROLLER));
  }

  async recordEvent(record: EventRecord): Promise<void> {
    const { writes, store, clock } = this.#options;
    const resource = this.#resourceOf(EVENT_KIND);
    if (resource === undefined) return;
    const target = { resource, namespace: eventNamespace(record), name: eventName(record) };
    const previous = store.get({ ...EVENT_KIND, namespace: target.namespace, name: target.name });
    const event = eventObject(record, clock.now(), previous);
    try {
      if (previous === undefined) writes.create(target, event, writeOptions(CONTROLLER));
      else writes.update(target, event, writeOptions(CONTROLLER));
    } catch (error) {
      // An Event is worth nothing more than the object it tells of, whose namespace may be gone.
      if (!(error instanceof ApiError)) throw error;
    }
  }

  #resourceOf({ group, kind }: { readonly group: string; readonly kind: string }): ServedResource | undefined {
    return this.#options.registry.resourceOfKind({ group, kind });
  }

  /** The namespace of a namespaced object is `default` if it names none; that of a cluster-scoped one is ignored. */
  #targetOf({ apiVersion, kind, metadata }: KubeObject): WriteTarget {
    const group = groupOf(apiVersion);
    const resource = this.#options.registry.resourceOfKind({ group, kind }, versionOf(apiVersion));
    if (resource === undefined) {
      const message = `no matches for kind "${kind}" in version "${apiVersion}"`;
      throw new ApiError(404, 'NotFound', message, { kind: kindKey({ group, kind }) });
    }
    const namespace = resource.kind.scope === 'Cluster' ? '' : (metadata.namespace ?? 'default');
    return { resource, namespace, name: metadata.name };
  }
}

function writeOptions(fieldManager: string): WriteOptions {
  return { fieldManager, isDryRun: false, fieldValidation: 'Warn' };
}
