import type { KubeObject } from '../api/object.ts';

const TLS_SECRET_TYPE = 'kubernetes.io/tls';
const WITHOUT_SECRETS = { data: undefined, stringData: undefined };

/**
 * What is kept of an object of the cluster: not who wrote which field, which nobody here reads and is often the larger part,
 * and of Secrets that are no certificate nothing that is secret.
 */
export function mirroredObject(object: KubeObject): KubeObject {
  const { managedFields: _managedFields, ...metadata } = object.metadata;
  const mirrored = { ...object, metadata };
  if (mirrored.apiVersion !== 'v1' || mirrored.kind !== 'Secret') return mirrored;
  if ('type' in mirrored && mirrored.type === TLS_SECRET_TYPE) return mirrored;
  return { ...mirrored, ...WITHOUT_SECRETS };
}
