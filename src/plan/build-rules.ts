import type { RouteView, RuleView } from '../analysis/topology.ts';
import type { HTTPRouteRetry, HTTPRouteTimeouts } from '../api/http-route.ts';
import type { HTTPRouteMatch } from '../api/parts/http-route-match.ts';
import { parseDuration } from '../lib/duration.ts';
import { buildAction, fail } from './build-action.ts';
import { buildFilters } from './build-filters.ts';
import { buildMatch, EVERY_REQUEST } from './build-match.ts';
import { contentHash } from './content-sum.ts';
import type { RankedRule } from './precedence.ts';
import type {
  BackendId,
  FilterPlan,
  MatchPlan,
  RetryPlan,
  RuleId,
  RulePlan,
  RuleSource,
  TimeoutsPlan,
} from './types.ts';

/** HTTPRouteRetry leaves both "implementation-specific" where they are unspecified. */
const DEFAULT_RETRY = { attempts: 2, backoffMs: 25 } as const;

/** The rules of a route, one for each match: "each match is independent, i.e. this rule will be matched if any one of the matches is satisfied". */
export function buildRules(route: RouteView): RankedRule[] {
  const { namespace, name } = route.ref;
  const createdAt = route.source.metadata.creationTimestamp ?? '';
  const routeName = `${namespace}/${name}`;
  return route.rules.flatMap((rule) =>
    matchesOf(rule).map((match) => ({ plan: buildRule(route, rule, match), createdAt, routeName })),
  );
}

/** Every backend that a rule sends requests or copies of them to, each once. */
export function backendsOf({ filters, action }: RulePlan): ReadonlySet<BackendId> {
  const ids = new Set<BackendId>();
  addMirrors(ids, filters);
  if (action.type === 'Forward') {
    for (const ref of action.backends) {
      if (!('backend' in ref)) continue;
      ids.add(ref.backend);
      addMirrors(ids, ref.filters);
    }
  }
  return ids;
}

function addMirrors(ids: Set<BackendId>, filters: readonly FilterPlan[]): void {
  for (const filter of filters) if (filter.type === 'RequestMirror') ids.add(filter.backend);
}

interface IndexedMatch {
  readonly source: HTTPRouteMatch;
  readonly index: number;
}

/** A match that nothing can meet is left out; the others keep their indexes. */
function matchesOf({ source: { matches = [] }, unusableMatches }: RuleView): readonly IndexedMatch[] {
  if (matches.length === 0) return [{ source: EVERY_REQUEST, index: 0 }];
  return matches.map((source, index) => ({ source, index })).filter(({ index }) => !unusableMatches.includes(index));
}

function buildRule(route: RouteView, rule: RuleView, { source, index }: IndexedMatch): RulePlan {
  const match = buildMatch(source);
  const content: Omit<RulePlan, 'id'> = {
    source: sourceOf(route, rule, index),
    match,
    ...buildHandling(rule, match),
    timeouts: buildTimeouts(rule.source.timeouts),
    ...(rule.source.retry === undefined ? {} : { retry: buildRetry(rule.source.retry) }),
  };
  return { id: contentHash(JSON.stringify(content)) as RuleId, ...content };
}

function sourceOf(route: RouteView, rule: RuleView, match: number): RuleSource {
  const ruleName = rule.source.name;
  return { route: route.ref, rule: rule.index, match, ...(ruleName === undefined ? {} : { ruleName }) };
}

function buildHandling(rule: RuleView, { path }: MatchPlan): Pick<RulePlan, 'filters' | 'action'> {
  if (rule.broken !== undefined) return { filters: [], action: fail(rule.broken) };
  const prefix = path.type === 'PathPrefix' ? path.value : undefined;
  const outcome = buildFilters({ filters: rule.source.filters, mirrors: rule.mirrors, prefix });
  if (outcome.type === 'Broken') return { filters: [], action: fail(outcome.because) };
  return { filters: outcome.filters, action: buildAction(rule, prefix) };
}

function buildTimeouts({ request, backendRequest }: HTTPRouteTimeouts = {}): TimeoutsPlan {
  const requestMs = request === undefined ? undefined : parseDuration(request);
  const backendRequestMs = backendRequest === undefined ? undefined : parseDuration(backendRequest);
  return {
    ...(requestMs === undefined ? {} : { requestMs }),
    ...(backendRequestMs === undefined ? {} : { backendRequestMs }),
  };
}

function buildRetry({ attempts, codes = [], backoff }: HTTPRouteRetry): RetryPlan {
  const backoffMs = backoff === undefined ? undefined : parseDuration(backoff);
  return {
    attempts: attempts ?? DEFAULT_RETRY.attempts,
    codes,
    backoffMs: backoffMs ?? DEFAULT_RETRY.backoffMs,
  };
}
