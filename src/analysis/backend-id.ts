import type { ObjectRef } from '../api/object.ts';
import { SERVICE } from './kinds.ts';

/** `namespace/name:port`. */
export function backendId({ namespace, name }: Pick<ObjectRef, 'namespace' | 'name'>, port: number): string {
  return `${namespace}/${name}:${port}`;
}

/** The Service and port that an id names. */
export function parseBackendId(id: string): { readonly service: ObjectRef; readonly port: number } {
  const slash = id.indexOf('/');
  const colon = id.lastIndexOf(':');
  const service = { ...SERVICE, namespace: id.slice(0, slash), name: id.slice(slash + 1, colon) };
  return { service, port: Number(id.slice(colon + 1)) };
}
