import type { KubeObject } from '../api/object.ts';
import { POD, isOf } from './kinds.ts';
import { deepEqual } from './structural-sharing.ts';

/**
 * Whether a write left everything alone that the analysis may look at: it was of the status, of bookkeeping in the
 * metadata, or of nothing. A Pod's status counts, because it holds the Pod's address.
 */
export function sameMeaning(previous: KubeObject, next: KubeObject): boolean {
  if (previous === next) return true;
  return deepEqual(meaning(previous), meaning(next));
}

function meaning(object: KubeObject): Readonly<Record<string, unknown>> {
  const { uid, generation, labels, annotations, creationTimestamp, deletionTimestamp } = object.metadata;
  return {
    ...object,
    metadata: { uid, generation, labels, annotations, creationTimestamp, deletionTimestamp },
    ...(isOf(object, POD) ? {} : { status: undefined }),
  };
}
