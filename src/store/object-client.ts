import type { KubeObject, ObjectRef } from '../api/object.ts';

/**
 * The field manager under which the manifests of a directory are applied. What it owns is not kept on disk by the embedded
 * API: the file is, and it is applied again at the next start.
 */
export const MANIFESTS_FIELD_MANAGER = 'sallyport-manifests';

/** What an apply did. `warnings` are the sentences that `kubectl` would print as `Warning:`. */
export interface ApplyResult {
  readonly object: KubeObject;
  readonly outcome: 'Created' | 'Configured' | 'Unchanged';
  readonly warnings: readonly string[];
}

/** Writes status. */
export interface StatusClient {
  /**
   * Replaces the status by what `edit` makes of the newest object. `edit` returns undefined when nothing is to be
   * written; it may be called again after a conflict. An object that is gone is no error.
   */
  editStatus(ref: ObjectRef, edit: (object: KubeObject) => unknown): Promise<void>;
}

/** Writes Events. */
export interface EventClient {
  /** Records a Kubernetes Event about `about`; repeated ones are counted in one object. */
  recordEvent(event: EventRecord): Promise<void>;
}

/**
 * Writes objects as any other client of the API would: through validation, defaulting and field ownership.
 * Failures are thrown as `ApiError`, with the same code and message that `kubectl` would be given.
 * An object without `metadata.namespace` of a namespaced kind is taken to be in `default`.
 */
export interface ObjectClient extends StatusClient, EventClient {
  get(ref: ObjectRef): Promise<KubeObject | undefined>;
  /** Server-side apply under `fieldManager`; conflicts are won. A kind may be given in any served version. */
  apply(object: KubeObject, fieldManager: string): Promise<ApplyResult>;
  /** Deletes the object; one that is already gone is no error. */
  delete(ref: ObjectRef): Promise<void>;
}

/** Something worth telling about an object, shown by `kubectl describe`. */
export interface EventRecord {
  readonly about: ObjectRef & { readonly uid?: string; readonly apiVersion: string; readonly resourceVersion?: string };
  readonly type: 'Normal' | 'Warning';
  readonly reason: string;
  readonly message: string;
}
