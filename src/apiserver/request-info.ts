import { badRequest } from './status-errors.ts';

/** What a URL of the API names. */
export interface ResourcePath {
  readonly group: string;
  readonly version: string;
  /** `''` for cluster-scoped resources and for lists over all namespaces. */
  readonly namespace: string;
  /** The plural name, such as `httproutes`. */
  readonly resource: string;
  readonly name?: string;
  readonly subresource?: string;
}

/** Reads `/api/v1/…` and `/apis/GROUP/VERSION/…`; undefined for a path of another form. */
export function parseResourcePath(path: string): ResourcePath | undefined {
  const segments = path.split('/').slice(1).map(decodeSegment);
  const isCore = segments[0] === 'api';
  if (!isCore && segments[0] !== 'apis') return undefined;
  const [group, version, ...rest] = isCore ? ['', ...segments.slice(1)] : segments.slice(1);
  if (group === undefined || version === undefined || rest.length === 0) return undefined;
  return resourceIn({ group, version }, rest);
}

/** `namespaces/NAME` and its subresources are the Namespace itself; anything longer lies within it. */
function resourceIn(
  at: { readonly group: string; readonly version: string },
  segments: readonly string[],
): ResourcePath | undefined {
  const [first, second, third] = segments;
  const isNamespaceItself =
    third === undefined || ((third === 'status' || third === 'finalize') && segments.length === 3);
  const isWithin = first === 'namespaces' && second !== undefined && !isNamespaceItself;
  const [resource, name, subresource, ...excess] = isWithin ? segments.slice(2) : segments;
  if (resource === undefined || resource === '' || excess.length > 0) return undefined;
  return {
    ...at,
    namespace: isWithin ? second : '',
    resource,
    ...(name === undefined || name === '' ? {} : { name }),
    ...(subresource === undefined ? {} : { subresource }),
  };
}

function decodeSegment(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    throw badRequest(`invalid URL escape in ${JSON.stringify(segment)}`);
  }
}

/** Whether a query parameter is set to true as Kubernetes reads it: present without a value counts. */
export function isSet(query: URLSearchParams, name: string): boolean {
  const value = query.get(name);
  return value !== null && value !== 'false' && value !== '0';
}

/** A whole, non-negative number among the query parameters. */
export function numberParameter(query: URLSearchParams, name: string): number | undefined {
  const value = query.get(name);
  if (value === null || value === '') return undefined;
  if (!/^\d+$/.test(value)) throw badRequest(`unable to parse ${name} "${value}": not a non-negative number`);
  return Number(value);
}
