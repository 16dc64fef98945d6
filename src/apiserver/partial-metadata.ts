import type { KubeObject } from '../api/object.ts';

/** The object's metadata alone, as clients ask for that do not care for the rest. */
export function partialMetadata({ metadata }: KubeObject): KubeObject {
  return { kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1', metadata };
}
