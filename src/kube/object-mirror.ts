import { kindKey, refOf } from '../api/object.ts';
import type { GroupKind, KubeObject, ObjectRef } from '../api/object.ts';
import { KindIndex } from '../store/kind-index.ts';
import type { ResourceSnapshot, StoreEvent } from '../store/snapshot.ts';

/**
 * The objects of a cluster as they were last heard of, with the cluster's resourceVersions. Readers see a change at once;
 * nobody writes to it but those who listen to the cluster.
 */
export class ObjectMirror implements ResourceSnapshot {
  readonly #kinds = new Map<string, KindIndex>();
  readonly #listeners = new Set<(event: StoreEvent) => void>();
  #revision = 1;

  get revision(): number {
    return this.#revision;
  }

  get({ group, kind, namespace, name }: ObjectRef): KubeObject | undefined {
    return this.#kinds.get(kindKey({ group, kind }))?.get(namespace, name);
  }

  list(kind: GroupKind, namespace?: string): readonly KubeObject[] {
    return this.#kinds.get(kindKey(kind))?.list(namespace) ?? [];
  }

  /** Calls `listener` synchronously after each change. The returned function ends that. */
  subscribe(listener: (event: StoreEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** Takes in an object; one in the version that is known already changes nothing. */
  put(object: KubeObject): void {
    const ref = refOf(object);
    const previous = this.get(ref);
    if (previous !== undefined && isSameVersion(previous, object)) return;
    this.#indexOf(ref).put(object);
    this.#tell(previous === undefined ? { type: 'Added', object } : { type: 'Modified', object, previous });
  }

  /** Forgets an object, if it is known. */
  remove(ref: ObjectRef): void {
    const previous = this.get(ref);
    if (previous === undefined) return;
    this.#indexOf(ref).remove(ref.namespace, ref.name);
    this.#tell({ type: 'Deleted', object: previous, previous });
  }

  /** Takes in that these are all objects of a kind: only what differs is a change. */
  replace(kind: GroupKind, objects: readonly KubeObject[]): void {
    const kept = new Set(objects.map(nameOf));
    for (const object of this.list(kind)) if (!kept.has(nameOf(object))) this.remove(refOf(object));
    for (const object of objects) this.put(object);
  }

  #indexOf(kind: GroupKind): KindIndex {
    const key = kindKey(kind);
    const known = this.#kinds.get(key);
    if (known !== undefined) return known;
    const index = new KindIndex();
    this.#kinds.set(key, index);
    return index;
  }

  #tell(event: Omit<StoreEvent, 'revision'>): void {
    this.#revision += 1;
    for (const listener of this.#listeners) listener({ ...event, revision: this.#revision });
  }
}

function nameOf({ metadata: { namespace = '', name } }: KubeObject): string {
  return `${namespace}/${name}`;
}

/** An object that was made anew has another uid, and versions of another API server may be the same by chance. */
function isSameVersion({ metadata: one, apiVersion }: KubeObject, other: KubeObject): boolean {
  return (
    one.resourceVersion === other.metadata.resourceVersion &&
    one.uid === other.metadata.uid &&
    apiVersion === other.apiVersion
  );
}
