import type { BackendView, GatewayView, RouteView } from '../../src/analysis/topology.ts';
import type { HTTPRouteMatch } from '../../src/api/parts/http-route-match.ts';
import { buildPlans } from '../../src/plan/build-plans.ts';
import type { GatewayPlan, RulePlan } from '../../src/plan/types.ts';
import { backendView, gatewayView, resolved, routeView, type RuleOptions } from './topology.ts';

/** Services `a`, `b` and `m`. */
export const BACKENDS = ['a', 'b', 'm'].map((name) => backendView(name, 8080));
/** Gateway `gw` with one listener `http`. */
export const GATEWAY = gatewayView('gw', [{ name: 'http' }]);

/** The plans of a topology. */
export function plansOf(
  routes: readonly RouteView[],
  gateways: readonly GatewayView[] = [GATEWAY],
  backends: readonly BackendView[] = BACKENDS,
): readonly GatewayPlan[] {
  return buildPlans({ gatewayClasses: [], gateways, routes, backends, others: [] });
}

/** The rules of the first host of the first listener. */
export function rulesOf(routes: readonly RouteView[]): readonly RulePlan[] {
  return plansOf(routes)[0]?.ports[0]?.listeners[0]?.hosts[0]?.rules ?? [];
}

/** The plan of a route's only rule. */
export function ruleOf(options: RuleOptions): RulePlan | undefined {
  return rulesOf([routeView('r', [options])])[0];
}

/** A rule that sends what meets one of the matches to Service `a`. */
export function forwarding(...matches: HTTPRouteMatch[]): RuleOptions {
  return { source: { matches }, backends: [{ backend: resolved('a') }] };
}

/** A match of one path. */
export const exact = (value: string): HTTPRouteMatch => ({ path: { type: 'Exact', value } });
/** A match of all paths below one. */
export const prefix = (value: string): HTTPRouteMatch => ({ path: { type: 'PathPrefix', value } });
/** A match of all paths of a pattern. */
export const regex = (value: string): HTTPRouteMatch => ({ path: { type: 'RegularExpression', value } });
/** A match of a header. */
export const header = { type: 'Exact', name: 'Version', value: 'two' } as const;
/** A match of a query parameter. */
export const param = { type: 'Exact', name: 'animal', value: 'whale' } as const;
