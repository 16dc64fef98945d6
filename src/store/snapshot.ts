import type { GroupKind, KubeObject, ObjectRef } from '../api/object.ts';

/** The objects of one moment, read-only. Objects are in their kind's storage version. */
export interface ResourceSnapshot {
  /** Grows with every write; equal revisions mean equal content. */
  readonly revision: number;
  get(ref: ObjectRef): KubeObject | undefined;
  /** Objects of a kind, ordered by namespace and name; in one namespace if given. */
  list(kind: GroupKind, namespace?: string): readonly KubeObject[];
}

/** One write, in the order in which writes happened. */
export interface StoreEvent {
  readonly type: 'Added' | 'Modified' | 'Deleted';
  readonly object: KubeObject;
  /** The object before the write; absent for `Added`. */
  readonly previous?: KubeObject;
  /** The store's revision after this write. */
  readonly revision: number;
}
