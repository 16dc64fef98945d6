import { refOf } from '../api/object.ts';
import type { KubeObject, ObjectMeta } from '../api/object.ts';
import type { Clock } from '../lib/clock.ts';
import type { ObjectStore } from '../store/object-store.ts';
import { timestamp } from './object-metadata.ts';
import type { ApiObject, WriteTarget } from './object-body.ts';
import { isObject } from './schema/json.ts';
import { badRequest, conflict } from './status-errors.ts';

/** What happens to objects that the deleted one owns. */
export type PropagationPolicy = 'Background' | 'Foreground' | 'Orphan';

/** What a client may ask for when it deletes. */
export interface DeleteOptions {
  readonly propagationPolicy: PropagationPolicy;
  readonly isDryRun: boolean;
  /** Delete only the object of this identity or version. */
  readonly uid?: string;
  readonly resourceVersion?: string;
}

/** What became of it: `object` still exists while finalizers hold it. */
export interface Deleted {
  readonly object: KubeObject;
  readonly isGone: boolean;
}

const POLICY_FINALIZERS: Readonly<Record<PropagationPolicy, string | undefined>> = {
  Background: undefined,
  Foreground: 'foregroundDeletion',
  Orphan: 'orphan',
};

/** Reads a `DeleteOptions` body and the query parameters that mean the same. */
export function parseDeleteOptions(body: unknown, query: URLSearchParams): DeleteOptions {
  const options = isObject(body) ? body : {};
  const preconditions = isObject(options['preconditions']) ? options['preconditions'] : {};
  const { uid, resourceVersion } = preconditions;
  const dryRun = options['dryRun'] ?? query.getAll('dryRun');
  const orphans = options['orphanDependents'] === true;
  return {
    propagationPolicy: parsePolicy(
      options['propagationPolicy'] ?? query.get('propagationPolicy') ?? undefined,
      orphans,
    ),
    isDryRun: Array.isArray(dryRun) && dryRun.includes('All'),
    ...(typeof uid === 'string' ? { uid } : {}),
    ...(typeof resourceVersion === 'string' ? { resourceVersion } : {}),
  };
}

function parsePolicy(policy: unknown, orphans: boolean): PropagationPolicy {
  if (policy === undefined) return orphans ? 'Orphan' : 'Background';
  if (policy === 'Background' || policy === 'Foreground' || policy === 'Orphan') return policy;
  throw badRequest(`invalid propagationPolicy ${JSON.stringify(policy)}: must be Background, Foreground or Orphan`);
}

/** Deletes the object, or marks it as deleted while finalizers hold it. */
export function deleteObject(
  { store, clock }: { readonly store: ObjectStore; readonly clock: Clock },
  target: WriteTarget,
  existing: ApiObject,
  options: DeleteOptions,
): Deleted {
  checkPreconditions(target, existing.metadata, options);
  const finalizers = finalizersFor(existing.metadata, options.propagationPolicy);
  const isHeld = finalizers.length > 0 || holdsContent(existing);
  if (!isHeld) {
    const last = options.isDryRun ? existing : store.remove(refOf(existing));
    return { object: last ?? existing, isGone: true };
  }
  if (existing.metadata.deletionTimestamp !== undefined) return { object: existing, isGone: false };
  const marked = markDeleted(existing, finalizers, timestamp(clock.now()));
  return { object: options.isDryRun ? marked : store.put(marked), isGone: false };
}

/** Whether nothing holds an object any longer that was deleted before. */
export function isReleased(object: ApiObject): boolean {
  const { deletionTimestamp, finalizers = [] } = object.metadata;
  return deletionTimestamp !== undefined && finalizers.length === 0 && !holdsContent(object);
}

function checkPreconditions({ resource, name }: WriteTarget, metadata: ObjectMeta, options: DeleteOptions): void {
  const { uid, resourceVersion } = options;
  if (uid !== undefined && uid !== metadata.uid) {
    const because = `Precondition failed: UID in precondition: ${uid}, UID in object meta: ${metadata.uid}`;
    throw conflict(resource.kind, name, because);
  }
  if (resourceVersion !== undefined && resourceVersion !== metadata.resourceVersion) {
    const because = `Precondition failed: ResourceVersion in precondition: ${resourceVersion}, ResourceVersion in object meta: ${metadata.resourceVersion}`;
    throw conflict(resource.kind, name, because);
  }
}

function finalizersFor({ finalizers = [] }: ObjectMeta, policy: PropagationPolicy): readonly string[] {
  const wanted = POLICY_FINALIZERS[policy];
  return wanted === undefined || finalizers.includes(wanted) ? finalizers : [...finalizers, wanted];
}

/** A Namespace names in its spec who must empty it first. */
function holdsContent({ kind, apiVersion, spec }: ApiObject): boolean {
  if (kind !== 'Namespace' || apiVersion !== 'v1' || !isObject(spec)) return false;
  return Array.isArray(spec['finalizers']) && spec['finalizers'].length > 0;
}

function markDeleted(object: ApiObject, finalizers: readonly string[], deletionTimestamp: string): ApiObject {
  const { generation } = object.metadata;
  return {
    ...object,
    metadata: {
      ...object.metadata,
      deletionTimestamp,
      deletionGracePeriodSeconds: 0,
      ...(generation === undefined ? {} : { generation: generation + 1 }),
      ...(finalizers.length === 0 ? {} : { finalizers }),
    },
    ...(holdsContent(object) ? { status: { phase: 'Terminating' } } : {}),
  };
}
