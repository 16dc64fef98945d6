import { headerModifierProblem } from '../analysis/rule-filters.ts';
import type { ResolvedBackend } from '../analysis/topology.ts';
import type { HTTPCORSFilter } from '../api/parts/http-cors-filter.ts';
import type { HTTPHeaderFilter } from '../api/parts/http-header.ts';
import type { HTTPPathModifier } from '../api/parts/http-path-filters.ts';
import type { HTTPRouteFilter } from '../api/parts/http-route-filter.ts';
import type { HTTPRequestMirrorFilter } from '../api/parts/request-mirror.ts';
import type { BackendId, CorsPlan, FilterPlan, HeaderModifierPlan, HeaderValue, PathModifierPlan } from './types.ts';

/** HTTPCORSFilter.maxAge: "the default value is 5 (seconds)". */
const DEFAULT_MAX_AGE_SECONDS = 5;

/** A list of filters in the order of the spec, or why it cannot be built. */
export type FiltersOutcome =
  | { readonly type: 'Filters'; readonly filters: readonly FilterPlan[] }
  | { readonly type: 'Broken'; readonly because: string };

/** What filters of a rule or backendRef are built from. */
export interface FiltersInput {
  readonly filters: readonly HTTPRouteFilter[] | undefined;
  /** Parallel to `filters`. */
  readonly mirrors: readonly (ResolvedBackend | undefined)[];
  /** The path prefix that matched, for `ReplacePrefixMatch`. */
  readonly prefix: string | undefined;
}

/** Redirects are actions, not filters: see `build-action.ts`. A mirror whose backend is invalid is left out, as the spec wants. */
export function buildFilters({ filters = [], mirrors, prefix }: FiltersInput): FiltersOutcome {
  const built: FilterPlan[] = [];
  for (const [index, filter] of filters.entries()) {
    const mirror = mirrors[index];
    if (filter.type === 'RequestRedirect') continue;
    if (filter.type === 'RequestMirror' && mirror?.type === 'Invalid') continue;
    const problem = headersProblem(filter);
    const plan = problem === undefined ? buildFilter(filter, mirror, prefix) : undefined;
    if (plan === undefined) return { type: 'Broken', because: problem ?? `Filter "${filter.type}" cannot be built.` };
    built.push(plan);
  }
  return { type: 'Filters', filters: built };
}

function buildFilter(
  filter: HTTPRouteFilter,
  mirror: ResolvedBackend | undefined,
  prefix: string | undefined,
): FilterPlan | undefined {
  const { requestHeaderModifier, responseHeaderModifier, urlRewrite, requestMirror, cors } = filter;
  switch (filter.type) {
    case 'RequestHeaderModifier':
      return requestHeaderModifier && { type: filter.type, modifier: buildHeaderModifier(requestHeaderModifier) };
    case 'ResponseHeaderModifier':
      return responseHeaderModifier && { type: filter.type, modifier: buildHeaderModifier(responseHeaderModifier) };
    case 'URLRewrite': {
      const path = urlRewrite?.path === undefined ? undefined : buildPathModifier(urlRewrite.path, prefix);
      if (urlRewrite === undefined || path === 'Broken') return undefined;
      const { hostname } = urlRewrite;
      return {
        type: filter.type,
        ...(hostname === undefined ? {} : { hostname }),
        ...(path === undefined ? {} : { path }),
      };
    }
    case 'RequestMirror':
      if (requestMirror === undefined || mirror?.type !== 'Service') return undefined;
      return { type: filter.type, backend: mirror.id as BackendId, ...mirrorShare(requestMirror) };
    case 'CORS':
      return cors && buildCors(cors);
    default:
      return undefined;
  }
}

/** `Broken`: a prefix is to be replaced where none was matched. */
export function buildPathModifier(path: HTTPPathModifier, prefix: string | undefined): PathModifierPlan | 'Broken' {
  if (path.type === 'ReplaceFullPath') return { type: path.type, value: path.replaceFullPath ?? '/' };
  return prefix === undefined ? 'Broken' : { type: path.type, prefix, value: path.replacePrefixMatch ?? '' };
}

function buildHeaderModifier({ set = [], add = [], remove = [] }: HTTPHeaderFilter): HeaderModifierPlan {
  return { set: firstOfEachName(set), add: firstOfEachName(add), remove: remove.map((name) => name.toLowerCase()) };
}

/** What the data plane would refuse to write. */
function headersProblem({ requestHeaderModifier, responseHeaderModifier }: HTTPRouteFilter): string | undefined {
  const modifier = requestHeaderModifier ?? responseHeaderModifier;
  return modifier && headerModifierProblem(modifier);
}

/** HTTPHeader.name: "If multiple entries specify equivalent header names, the first entry with an equivalent name MUST be considered for a match. Subsequent entries with an equivalent header name MUST be ignored." */
function firstOfEachName(headers: readonly HeaderValue[]): readonly HeaderValue[] {
  const names = headers.map(({ name }) => name.toLowerCase());
  return headers
    .filter((_, index) => names.indexOf(names[index] ?? '') === index)
    .map(({ name, value }) => ({ name, value }));
}

function mirrorShare({ percent, fraction }: HTTPRequestMirrorFilter): { numerator: number; denominator: number } {
  if (fraction !== undefined) return { numerator: fraction.numerator, denominator: fraction.denominator ?? 100 };
  return { numerator: percent ?? 100, denominator: 100 };
}

function buildCors(cors: HTTPCORSFilter): CorsPlan {
  return {
    type: 'CORS',
    allowOrigins: cors.allowOrigins ?? [],
    allowCredentials: cors.allowCredentials ?? false,
    allowMethods: cors.allowMethods ?? [],
    allowHeaders: cors.allowHeaders ?? [],
    exposeHeaders: cors.exposeHeaders ?? [],
    maxAgeSeconds: cors.maxAge ?? DEFAULT_MAX_AGE_SECONDS,
  };
}
