import type { KubeObject } from '../api/object.ts';
import type { ResourceSnapshot } from '../store/snapshot.ts';
import type { ServedResource } from './kind-registry.ts';
import { isObject } from './schema/json.ts';
import { parseFieldSelector, parseLabelSelector } from './selectors.ts';
import type { ObjectFilter } from './selectors.ts';
import type { ListMetadata } from './table.ts';
import { badRequest, tooLargeResourceVersion } from './status-errors.ts';
import { numberParameter } from './request-info.ts';

/** Which objects a list or a watch is about. */
export interface Selection {
  readonly resource: ServedResource;
  /** `''` for all namespaces. */
  readonly namespace: string;
  /** Absent when every object of the kind and namespace is meant. */
  readonly filter?: ObjectFilter;
}

/** Objects and the `metadata` of their list. */
export interface ObjectPage {
  readonly items: readonly KubeObject[];
  readonly metadata: ListMetadata;
}

interface ContinueToken {
  readonly revision: number;
  readonly namespace: string;
  readonly name: string;
}

/** What the query parameters `labelSelector` and `fieldSelector` select. */
export function parseSelection(resource: ServedResource, namespace: string, query: URLSearchParams): Selection {
  const filters = [
    parseLabelSelector(query.get('labelSelector') ?? ''),
    parseFieldSelector(query.get('fieldSelector') ?? '', resource.kind),
  ].filter((filter) => filter !== undefined);
  if (filters.length === 0) return { resource, namespace };
  return { resource, namespace, filter: (object) => filters.every((matches) => matches(object)) };
}

/** Every selected object, in order. */
export function selectObjects(
  store: ResourceSnapshot,
  { resource, namespace, filter }: Selection,
): readonly KubeObject[] {
  const objects = store.list(resource.kind, namespace === '' ? undefined : namespace);
  return filter === undefined ? objects : objects.filter(filter);
}

/**
 * One page of the selected objects. Later pages show the objects as they are then, but carry the revision of the first, so
 * that a watch from there misses nothing.
 */
export function listPage(store: ResourceSnapshot, selection: Selection, query: URLSearchParams): ObjectPage {
  checkResourceVersion(query, store.revision);
  const limit = numberParameter(query, 'limit') ?? 0;
  const token = parseContinue(query.get('continue') ?? '');
  const revision = token?.revision ?? store.revision;
  const rest = selectObjects(store, selection).filter((object) => token === undefined || isAfter(object, token));
  const metadata = { resourceVersion: String(revision) };
  if (limit === 0 || rest.length <= limit) return { items: rest, metadata };
  const items = rest.slice(0, limit);
  const remaining = selection.filter === undefined ? { remainingItemCount: rest.length - limit } : {};
  return { items, metadata: { ...metadata, continue: renderContinue(revision, items.at(-1)), ...remaining } };
}

/** The revision in the query parameter `resourceVersion`; undefined for any or the newest. */
export function checkResourceVersion(query: URLSearchParams, current: number): number | undefined {
  const asked = query.get('resourceVersion') ?? '';
  if (asked === '' || asked === '0') return undefined;
  if (!/^\d+$/.test(asked)) {
    throw badRequest(
      `Invalid value: ${JSON.stringify(asked)}: strconv.ParseUint: parsing ${JSON.stringify(asked)}: invalid syntax`,
    );
  }
  if (Number(asked) > current) throw tooLargeResourceVersion(Number(asked), current);
  return Number(asked);
}

function isAfter({ metadata }: KubeObject, { namespace, name }: ContinueToken): boolean {
  const own = metadata.namespace ?? '';
  return own === namespace ? metadata.name > name : own > namespace;
}

function renderContinue(revision: number, last: KubeObject | undefined): string {
  const token = { revision, namespace: last?.metadata.namespace ?? '', name: last?.metadata.name ?? '' };
  return Buffer.from(JSON.stringify(token)).toString('base64url');
}

function parseContinue(text: string): ContinueToken | undefined {
  if (text === '') return undefined;
  const token = tryParse(Buffer.from(text, 'base64url').toString());
  if (isObject(token)) {
    const { revision, namespace, name } = token;
    if (typeof revision === 'number' && typeof namespace === 'string' && typeof name === 'string') {
      return { revision, namespace, name };
    }
  }
  throw badRequest('continue key is not valid');
}

function tryParse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
