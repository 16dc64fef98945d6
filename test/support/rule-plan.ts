import type { RouteView } from '../../src/analysis/topology.ts';
import type { ActionPlan, BackendId, FilterPlan, MatchPlan, RuleId, RulePlan } from '../../src/plan/types.ts';

/** The reference of an HTTPRoute in namespace `default`. */
export function routeRef(name: string): RouteView['ref'] {
  return { group: 'gateway.networking.k8s.io', kind: 'HTTPRoute', namespace: 'default', name };
}

/** A match of a path prefix, or of whatever else `match` says. */
export function matchPlan(match: Partial<MatchPlan> = {}): MatchPlan {
  return { path: { type: 'PathPrefix', value: '/' }, headers: [], queryParams: [], ...match };
}

/** An action that sends everything to one backend. */
export function forwardTo(backend: string): ActionPlan {
  return { type: 'Forward', backends: [{ weight: 1, backend: backend as BackendId, filters: [] }] };
}

/** A rule called `id` whose answer is 200 unless `parts` say otherwise. */
export function rulePlan(
  id: string,
  { match, filters = [], action }: { match?: Partial<MatchPlan>; filters?: FilterPlan[]; action?: ActionPlan } = {},
): RulePlan {
  return {
    id: id as RuleId,
    source: { route: routeRef(id), rule: 0, match: 0 },
    match: matchPlan(match),
    filters,
    action: action ?? { type: 'Respond', statusCode: 200, because: 'test' },
    timeouts: {},
  };
}
