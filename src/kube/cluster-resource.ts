import type { KindDefinition } from '../api/kind-definition.ts';
import { apiVersionOf } from '../api/object.ts';
import type { GroupKind } from '../api/object.ts';
import { ApiError } from '../store/api-error.ts';
import type { ApiTransport } from './api-transport.ts';
import { parseResourceNames } from './parse-answer.ts';
import type { TypeMeta } from './parse-answer.ts';

/** A kind in the version in which a cluster serves it. */
export interface ClusterResource extends TypeMeta {
  /** The path of all objects of the kind, in every namespace. */
  readonly path: string;
  /** The path of one object; `namespace` is `''` for cluster-scoped kinds. */
  objectPath(namespace: string, name: string): string;
}

/**
 * Asks the API in which version it serves a kind: the one that the Gateway API stores it in, or else the first known one.
 * Undefined while the definition of the kind is not installed.
 */
export async function findResource(
  transport: Pick<ApiTransport, 'request'>,
  definition: KindDefinition,
): Promise<ClusterResource | undefined> {
  for (const version of versionsOf(definition)) {
    const root = rootPath(definition, version);
    if ((await resourceNames(transport, root)).includes(definition.plural))
      return resourceAt(definition, version, root);
  }
  return undefined;
}

function versionsOf({ versions }: KindDefinition): readonly string[] {
  const byPreference = [...versions].sort((one, other) => Number(other.storage) - Number(one.storage));
  return byPreference.map(({ name }) => name);
}

function rootPath({ group }: GroupKind, version: string): string {
  return group === '' ? `/api/${version}` : `/apis/${group}/${version}`;
}

async function resourceNames(transport: Pick<ApiTransport, 'request'>, path: string): Promise<readonly string[]> {
  try {
    return parseResourceNames(await transport.request({ method: 'GET', path }));
  } catch (error) {
    if (error instanceof ApiError && error.code === 404) return [];
    throw error;
  }
}

function resourceAt({ group, kind, plural }: KindDefinition, version: string, root: string): ClusterResource {
  return {
    apiVersion: apiVersionOf(group, version),
    kind,
    path: `${root}/${plural}`,
    objectPath: (namespace, name) => `${root}${namespace === '' ? '' : `/namespaces/${namespace}`}/${plural}/${name}`,
  };
}
