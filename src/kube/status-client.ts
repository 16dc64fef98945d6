import { objectKey, refOf } from '../api/object.ts';
import type { KubeObject, ObjectKey, ObjectRef } from '../api/object.ts';
import { ApiError } from '../store/api-error.ts';
import type { StatusClient } from '../store/object-client.ts';
import type { ApiTransport } from './api-transport.ts';
import type { ClusterResource } from './cluster-resource.ts';
import { mirroredObject } from './mirrored-object.ts';
import type { ObjectMirror } from './object-mirror.ts';
import { parseObject } from './parse-answer.ts';

/** What a `ClusterStatusClient` writes through. */
export interface ClusterStatusClientOptions {
  readonly transport: Pick<ApiTransport, 'request'>;
  readonly mirror: Pick<ObjectMirror, 'get' | 'subscribe'>;
  readonly resourceOf: (ref: ObjectRef) => ClusterResource | undefined;
  /** Told of each write of ours. */
  readonly onWritten: (written: { readonly object: KubeObject; readonly previous: KubeObject }) => void;
}

/** How often others may be faster than us before a write is put off. */
const MAX_CONFLICTS = 5;

/**
 * Writes status to a cluster: the whole status of the version that it was made from, or nothing. Whoever wrote in between is
 * read and taken into account, so no entry of another controller is lost.
 */
export class ClusterStatusClient implements StatusClient {
  readonly #options: ClusterStatusClientOptions;
  /** Objects as we wrote them, until the watch tells of them: a second write need not conflict with the first. */
  readonly #written = new Map<ObjectKey, KubeObject>();
  readonly #unsubscribe: () => void;

  constructor(options: ClusterStatusClientOptions) {
    this.#options = options;
    this.#unsubscribe = options.mirror.subscribe(({ object }) => void this.#written.delete(objectKey(refOf(object))));
  }

  async editStatus(ref: ObjectRef, edit: (object: KubeObject) => unknown): Promise<void> {
    const resource = this.#options.resourceOf(ref);
    let object = this.#written.get(objectKey(ref)) ?? this.#options.mirror.get(ref);
    for (let conflicts = 0; resource !== undefined && object !== undefined; conflicts += 1) {
      const status = edit(object);
      if (status === undefined) return;
      try {
        return await this.#write(resource, object, status);
      } catch (error) {
        if (!(error instanceof ApiError) || error.code !== 409 || conflicts === MAX_CONFLICTS) throw error;
      }
      object = await this.#read(resource, ref);
    }
  }

  /** Ends the memory of what was written. */
  close(): void {
    this.#unsubscribe();
  }

  async #write(resource: ClusterResource, previous: KubeObject, status: unknown): Promise<void> {
    const { transport, onWritten } = this.#options;
    const { namespace = '', name } = previous.metadata;
    const path = `${resource.objectPath(namespace, name)}/status`;
    const answer = await ifThere(() => transport.request({ method: 'PUT', path, body: { ...previous, status } }));
    if (answer === undefined) return;
    const object = mirroredObject(parseObject(answer));
    if (this.#isNews(object)) this.#written.set(objectKey(refOf(object)), object);
    onWritten({ object, previous });
  }

  /** The watch may be faster than the answer. */
  #isNews(object: KubeObject): boolean {
    return this.#options.mirror.get(refOf(object))?.metadata.resourceVersion !== object.metadata.resourceVersion;
  }

  async #read(resource: ClusterResource, { namespace, name }: ObjectRef): Promise<KubeObject | undefined> {
    const path = resource.objectPath(namespace, name);
    const answer = await ifThere(() => this.#options.transport.request({ method: 'GET', path }));
    return answer === undefined ? undefined : mirroredObject(parseObject(answer));
  }
}

/** Undefined if the object is gone. */
async function ifThere(ask: () => Promise<unknown>): Promise<unknown> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof ApiError && error.code === 404) return undefined;
    throw error;
  }
}
