import type { KubeObject } from '../api/object.ts';
import type { ServedResource } from './kind-registry.ts';
import type { Representation } from './media-types.ts';
import { partialMetadata } from './partial-metadata.ts';
import { renderTable } from './table.ts';
import type { IncludeObject, ListMetadata } from './table.ts';

/** How the answer to a request is to be written. */
export interface RenderOptions {
  readonly resource: ServedResource;
  readonly representation: Representation;
  readonly include: IncludeObject;
  /** Milliseconds since the Unix epoch. */
  readonly nowMs: number;
  /** False for the later tables of a watch. Default true. */
  readonly withColumns?: boolean;
}

/** The stored object in the version that was asked for. Conversion changes `apiVersion` only. */
export function inVersion(object: KubeObject, { apiVersion }: ServedResource): KubeObject {
  return object.apiVersion === apiVersion ? object : { ...object, apiVersion };
}

/** One object as the client wants it. */
export function renderObject(object: KubeObject, options: RenderOptions): unknown {
  const converted = inVersion(object, options.resource);
  if (options.representation === 'PartialMetadata') return partialMetadata(converted);
  if (options.representation === 'Object') return converted;
  const { resourceVersion } = object.metadata;
  return renderTable(options.resource, [converted], resourceVersion === undefined ? {} : { resourceVersion }, options);
}

/** A list as the client wants it. */
export function renderList(objects: readonly KubeObject[], metadata: ListMetadata, options: RenderOptions): unknown {
  const { resource, representation } = options;
  const items = objects.map((object) => inVersion(object, resource));
  if (representation === 'Table') return renderTable(resource, items, metadata, options);
  if (representation === 'PartialMetadata') {
    return {
      kind: 'PartialObjectMetadataList',
      apiVersion: 'meta.k8s.io/v1',
      metadata,
      items: items.map(partialMetadata),
    };
  }
  return { kind: resource.kind.listKind, apiVersion: resource.apiVersion, metadata, items };
}
