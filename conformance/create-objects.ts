import { readFile } from 'node:fs/promises';
import { parseAllDocuments } from 'yaml';
import { groupOf } from '../src/api/object.ts';
import type { KubeObject } from '../src/api/object.ts';
import type { ApiClient } from './api-client.ts';

/** Creates the objects of manifests, one after the other. */
export async function createObjects(api: ApiClient, files: readonly string[]): Promise<void> {
  for (const file of files)
    for (const document of parseAllDocuments(await readFile(file, 'utf8'))) {
      const object = document.toJS() as KubeObject;
      await api.create(collectionOf(object), object);
    }
}

function collectionOf({ apiVersion, kind, metadata }: KubeObject): string {
  const plural = kind.endsWith('y') ? `${kind.slice(0, -1)}ies` : `${kind}s`;
  const prefix = groupOf(apiVersion) === '' ? '/api' : '/apis';
  const namespace = metadata.namespace === undefined ? '' : `/namespaces/${metadata.namespace}`;
  return `${prefix}/${apiVersion}${namespace}/${plural.toLowerCase()}`;
}
