import { kindKey, refOf } from '../api/object.ts';
import type { GroupKind, KubeObject, ObjectRef } from '../api/object.ts';
import { EventLog } from './event-log.ts';
import { KindIndex } from './kind-index.ts';
import { MANIFESTS_FIELD_MANAGER } from './object-client.ts';
import type { ResourceSnapshot, StoreEvent } from './snapshot.ts';
import type { StorePersistence } from './store-persistence.ts';

/** How an `ObjectStore` is made. */
export interface ObjectStoreOptions {
  /** How many writes a watch may lag behind before it must list anew; up to twice as many are held. Default 5,000. */
  readonly eventCapacity?: number;
  /** The revision before the first write, if nothing is restored. Default 1. */
  readonly firstRevision?: number;
  /** Keeps objects across a restart. Without it they live in memory only. */
  readonly persistence?: StorePersistence;
}

/** What a write may ask for. */
export interface PutOptions {
  /** Write only if the stored object has this resourceVersion, or if there is none (`'absent'`). */
  readonly expected?: string;
  /** Whether the object is worth keeping on disk. Default true; false for writes that change the status only. */
  readonly isDurable?: boolean;
}

/** Thrown when a compare-and-set write finds another version than it expected. Nothing was written. */
export class StoreConflict extends Error {
  override readonly name = 'StoreConflict';
}

/** Every object, versioned and watchable. A write is seen by readers and subscribers at once, in order. */
export class ObjectStore implements ResourceSnapshot {
  readonly #kinds = new Map<string, KindIndex>();
  readonly #listeners = new Set<(event: StoreEvent) => void>();
  readonly #log: EventLog;
  readonly #persistence: StorePersistence | undefined;
  readonly #untold: StoreEvent[] = [];
  #isTelling = false;
  #revision: number;
  #durable: Promise<void> | undefined;

  constructor({ eventCapacity = 5_000, firstRevision = 1, persistence }: ObjectStoreOptions = {}) {
    this.#persistence = persistence;
    this.#revision = persistence?.restored.revision ?? firstRevision;
    this.#log = new EventLog(eventCapacity, this.#revision);
    for (const object of persistence?.restored.objects ?? []) {
      // Its status may have had later versions, which were not kept: a client must not be shown an older one than it knows.
      this.#indexFor(refOf(object)).put(withVersion(object, this.#revision));
    }
  }

  get revision(): number {
    return this.#revision;
  }

  get({ group, kind, namespace, name }: ObjectRef): KubeObject | undefined {
    return this.#kinds.get(kindKey({ group, kind }))?.get(namespace, name);
  }

  list(kind: GroupKind, namespace?: string): readonly KubeObject[] {
    return this.#kinds.get(kindKey(kind))?.list(namespace) ?? [];
  }

  /** Writes the object under a new resourceVersion and returns it as stored. */
  put(object: KubeObject, options: PutOptions = {}): KubeObject {
    const ref = refOf(object);
    const previous = this.get(ref);
    expectVersion(previous, options.expected);
    const stored = this.#stamp(object);
    this.#indexFor(ref).put(stored);
    if (options.isDurable !== false && !isFromManifests(stored)) this.#await(this.#persistence?.keep(stored));
    this.#publish(
      previous === undefined
        ? { type: 'Added', object: stored, revision: this.#revision }
        : { type: 'Modified', object: stored, previous, revision: this.#revision },
    );
    return stored;
  }

  /** Takes the object out; returns it in its last form, or undefined if there was none. */
  remove(ref: ObjectRef, options: Pick<PutOptions, 'expected'> = {}): KubeObject | undefined {
    const previous = this.get(ref);
    expectVersion(previous, options.expected);
    if (previous === undefined) return undefined;
    const last = this.#stamp(previous);
    this.#indexFor(ref).remove(ref.namespace, ref.name);
    this.#await(this.#persistence?.forget(ref));
    this.#publish({ type: 'Deleted', object: last, previous, revision: this.#revision });
    return last;
  }

  /** Calls `listener` synchronously after each write. The returned function ends that. */
  subscribe(listener: (event: StoreEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** The writes after `revision`, or undefined when they are no longer all known. */
  eventsAfter(revision: number): readonly StoreEvent[] | undefined {
    return this.#log.after(revision);
  }

  /** Resolves once everything written so far is on disk; undefined when nothing needs waiting for. */
  whenDurable(): Promise<void> | undefined {
    return this.#durable;
  }

  /** Waits for the disk and releases it. */
  async close(): Promise<void> {
    this.#listeners.clear();
    await this.#persistence?.close();
  }

  #stamp(object: KubeObject): KubeObject {
    const revision = this.#revision + 1;
    this.#persistence?.reserve(revision);
    this.#revision = revision;
    return withVersion(object, revision);
  }

  #indexFor({ group, kind }: GroupKind): KindIndex {
    const key = kindKey({ group, kind });
    const known = this.#kinds.get(key);
    if (known !== undefined) return known;
    const index = new KindIndex();
    this.#kinds.set(key, index);
    return index;
  }

  /** A listener may write: its events reach every listener after the one being told now. */
  #publish(event: StoreEvent): void {
    this.#log.append(event);
    this.#untold.push(event);
    if (this.#isTelling) return;
    this.#isTelling = true;
    try {
      for (let next = this.#untold.shift(); next !== undefined; next = this.#untold.shift()) {
        for (const listener of this.#listeners) listener(next);
      }
    } finally {
      this.#isTelling = false;
    }
  }

  #await(write: Promise<void> | undefined): void {
    if (write === undefined) return;
    const all = Promise.all([this.#durable, write]).then(() => {
      if (this.#durable === all) this.#durable = undefined;
    });
    this.#durable = all;
    // A failed write is told to whoever waits for it through `whenDurable`; nobody may be waiting.
    all.catch(() => undefined);
  }
}

function withVersion(object: KubeObject, revision: number): KubeObject {
  return { ...object, metadata: { ...object.metadata, resourceVersion: String(revision) } };
}

/** The file that such an object came from is kept by others, and is applied again at the next start. */
function isFromManifests({ metadata: { managedFields = [] } }: KubeObject): boolean {
  return managedFields.some(({ manager }) => manager === MANIFESTS_FIELD_MANAGER);
}

function expectVersion(stored: KubeObject | undefined, expected: string | undefined): void {
  if (expected === undefined) return;
  const found = stored?.metadata.resourceVersion ?? 'absent';
  if (found !== expected) throw new StoreConflict(`Expected version ${expected}, found ${found}.`);
}
