import type { ResolvedBackendRef, RuleView } from '../analysis/topology.ts';
import type { HTTPRequestRedirectFilter } from '../api/parts/http-path-filters.ts';
import { buildFilters, buildPathModifier } from './build-filters.ts';
import type { ActionPlan, BackendId, WeightedBackend } from './types.ts';

const DEFAULT_REDIRECT_STATUS = 302;

/**
 * What a rule's requests get. Wrong input reaches the wire as the answer that the specification wants.
 *
 * HTTPRouteRule.backendRefs: "If unspecified or invalid (refers to a non-existent resource or a Service with no
 * endpoints), the rule performs no forwarding. […] If there are no BackendRefs and no filters that would result in a
 * response being sent, an HTTP 500 status code is returned."
 */
export function buildAction(rule: RuleView, prefix: string | undefined): ActionPlan {
  const redirect = rule.source.filters?.find(({ type }) => type === 'RequestRedirect');
  if (redirect !== undefined) return buildRedirect(redirect.requestRedirect ?? {}, prefix);
  if (rule.backends.length === 0) return fail('The rule has no backendRefs.');
  if (rule.backends.every(({ weight }) => weight === 0)) return fail('All backendRefs of the rule have weight 0.');
  return { type: 'Forward', backends: rule.backends.map((_, index) => buildBackend(rule, index, prefix)) };
}

/** The gateway answers 500. */
export function fail(because: string): ActionPlan {
  return { type: 'Respond', statusCode: 500, because };
}

function buildBackend(rule: RuleView, index: number, prefix: string | undefined): WeightedBackend {
  const ref = rule.backends[index];
  if (ref === undefined) throw new RangeError(`Rule ${rule.index} has no backendRef ${index}.`);
  const { weight, backend } = ref;
  const because = ref.broken ?? (backend.type === 'Invalid' ? backend.finding.message : undefined);
  if (because !== undefined || backend.type === 'Invalid') return { weight, respond: 500, because: because ?? '' };
  return buildServiceBackend(backend.id as BackendId, ref, rule.source.backendRefs?.[index]?.filters, prefix);
}

type Filters = NonNullable<RuleView['source']['filters']>;

function buildServiceBackend(
  backend: BackendId,
  { weight, mirrors }: ResolvedBackendRef,
  filters: Filters | undefined,
  prefix: string | undefined,
): WeightedBackend {
  if (filters?.some(({ type }) => type === 'RequestRedirect') === true) {
    return { weight, respond: 500, because: 'Filter "RequestRedirect" is not supported on a backendRef.' };
  }
  const outcome = buildFilters({ filters, mirrors, prefix });
  return outcome.type === 'Broken'
    ? { weight, respond: 500, because: outcome.because }
    : { weight, backend, filters: outcome.filters };
}

/**
 * HTTPRequestRedirectFilter.port: "If no port is specified, the redirect port MUST be derived using the following rules:
 * If redirect scheme is not-empty, the redirect port MUST be the well-known port associated with the redirect scheme […].
 * If redirect scheme is empty, the redirect port MUST be the Gateway Listener port."
 */
function buildRedirect(redirect: HTTPRequestRedirectFilter, prefix: string | undefined): ActionPlan {
  const { scheme, hostname, port } = redirect;
  const path = redirect.path === undefined ? undefined : buildPathModifier(redirect.path, prefix);
  if (path === 'Broken') return fail('A redirect replaces a path prefix, and the match has none.');
  return {
    type: 'Redirect',
    statusCode: redirect.statusCode ?? DEFAULT_REDIRECT_STATUS,
    ...(scheme === undefined ? {} : { scheme }),
    ...(hostname === undefined ? {} : { hostname }),
    ...(port === undefined ? {} : { port }),
    portFrom: port === undefined && scheme === undefined ? 'Listener' : 'Plan',
    ...(path === undefined ? {} : { path }),
  };
}
