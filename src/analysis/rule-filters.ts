import type { HTTPRouteRule } from '../api/http-route.ts';
import type { HTTPHeaderFilter } from '../api/parts/http-header.ts';
import type { HTTPRouteFilter } from '../api/parts/http-route-filter.ts';
import { assertNever } from '../lib/assert-never.ts';
import { fieldNameProblem, fieldValueProblem } from '../lib/header-field.ts';
import type { Fault } from './finding.ts';

/** Where filters are written. */
export interface FilterPlace {
  readonly at: string;
  readonly rule: HTTPRouteRule;
  readonly on: 'Rule' | 'BackendRef';
}

/** The first thing that keeps a list of filters from being carried out as written. */
export function filtersFault(filters: readonly HTTPRouteFilter[], place: FilterPlace): Fault | undefined {
  const types = filters.map(({ type }) => type);
  if (types.includes('RequestRedirect') && types.includes('URLRewrite'))
    return {
      at: `${place.at}.filters`,
      verdict: 'PartiallyInvalid=True/IncompatibleFilters',
      message: 'RequestRedirect and URLRewrite exclude each other; remove one of them.',
    };
  for (const [index, filter] of filters.entries()) {
    const message = filterProblem(filter, place);
    if (message !== undefined)
      return { at: `${place.at}.filters[${index}]`, verdict: 'PartiallyInvalid=True/UnsupportedValue', message };
  }
  return undefined;
}

function filterProblem(filter: HTTPRouteFilter, place: FilterPlace): string | undefined {
  switch (filter.type) {
    case 'RequestHeaderModifier':
      if (filter.requestHeaderModifier === undefined) return withoutSettings(filter);
      return headerModifierProblem(filter.requestHeaderModifier);
    case 'ResponseHeaderModifier':
      if (filter.responseHeaderModifier === undefined) return withoutSettings(filter);
      return headerModifierProblem(filter.responseHeaderModifier);
    case 'RequestMirror':
      return filter.requestMirror === undefined ? withoutSettings(filter) : undefined;
    case 'CORS':
      return filter.cors === undefined ? withoutSettings(filter) : undefined;
    case 'URLRewrite':
      if (filter.urlRewrite === undefined) return withoutSettings(filter);
      return prefixProblem(filter.urlRewrite.path?.type, place);
    case 'RequestRedirect':
      if (filter.requestRedirect === undefined) return withoutSettings(filter);
      if (place.on === 'BackendRef') return 'A RequestRedirect cannot be on a backendRef; put it on the rule.';
      return prefixProblem(filter.requestRedirect.path?.type, place);
    case 'ExtensionRef':
    case 'ExternalAuth':
      return `Filters of type ${filter.type} are not supported by this version.`;
    default:
      return assertNever(filter.type);
  }
}

/** Why the data plane cannot make these edits: a sentence; undefined if it can. */
export function headerModifierProblem({ set = [], add = [], remove = [] }: HTTPHeaderFilter): string | undefined {
  const written = [...set, ...add];
  const problems = [
    ...[...written.map(({ name }) => name), ...remove].map(fieldNameProblem),
    ...written.map(({ value }) => fieldValueProblem(value)),
  ];
  return problems.find((problem) => problem !== undefined);
}

function withoutSettings({ type }: HTTPRouteFilter): string {
  return `The ${type} filter has no settings.`;
}

/** HTTPPathModifier: ReplacePrefixMatch "is only compatible with a PathPrefix HTTPRouteMatch". */
function prefixProblem(type: string | undefined, { rule }: FilterPlace): string | undefined {
  if (type !== 'ReplacePrefixMatch') return undefined;
  const isPrefixOnly = (rule.matches ?? []).every(({ path }) => (path?.type ?? 'PathPrefix') === 'PathPrefix');
  return isPrefixOnly ? undefined : 'ReplacePrefixMatch needs matches of type PathPrefix only.';
}
