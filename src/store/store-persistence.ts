import type { KubeObject, ObjectRef } from '../api/object.ts';

/** Keeps what was written across a crash. Calls come in the order of the writes. */
export interface StorePersistence {
  /** The objects that were kept, and a revision that no earlier process has handed out. */
  readonly restored: { readonly objects: readonly KubeObject[]; readonly revision: number };
  /** Keeps an object; resolves once it is on disk. */
  keep(object: KubeObject): Promise<void>;
  /** Forgets an object; resolves once that is on disk. */
  forget(ref: ObjectRef): Promise<void>;
  /** Called before `revision` is handed out: when it returns, no later process will hand it out again. */
  reserve(revision: number): void;
  /** Waits for what is under way and releases the files. */
  close(): Promise<void>;
}
