import type { RouteView } from '../analysis/topology.ts';
import { type ObjectKey, objectKey } from '../api/object.ts';
import { buildRules } from './build-rules.ts';
import type { HostEdit } from './gateway-planner.ts';
import type { RankedRule } from './precedence.ts';

/** A host of a listener of a Gateway that carries a route. */
interface Place {
  readonly gateway: ObjectKey;
  readonly listener: string;
  readonly hostname: string;
}

/** What a route gives to plans: the same rules in every place where it is attached. */
export interface RouteRules {
  readonly places: ReadonlyMap<string, Place>;
  readonly rules: readonly RankedRule[];
}

/** What a route gives that does not exist. */
export const NO_RULES: RouteRules = { places: new Map(), rules: [] };

/** An edit and the Gateway that it is for. */
export interface GatewayEdit {
  readonly gateway: ObjectKey;
  readonly edit: HostEdit;
}

/** What `route` gives. Rules that are as they were `before` stay the same objects. */
export function buildRouteRules(route: RouteView, before: RouteRules): RouteRules {
  const known = new Map(before.rules.map((rule) => [rule.plan.id, rule]));
  const rules = buildRules(route).map((rule) => {
    const same = known.get(rule.plan.id);
    if (same === undefined) return rule;
    return same.createdAt === rule.createdAt ? same : { ...rule, plan: same.plan };
  });
  return { places: placesOf(route), rules };
}

/** The edits that lead from one state of a route to the next. */
export function editsBetween(before: RouteRules, after: RouteRules): readonly GatewayEdit[] {
  const edits: GatewayEdit[] = [];
  const push = ({ gateway, ...place }: Place, removed: readonly RankedRule[], added: readonly RankedRule[]): void => {
    if (removed.length + added.length > 0) edits.push({ gateway, edit: { ...place, removed, added } });
  };
  const stale = without(before.rules, after.rules);
  const fresh = without(after.rules, before.rules);
  for (const [key, place] of before.places) {
    if (after.places.has(key)) push(place, stale, fresh);
    else push(place, before.rules, []);
  }
  for (const [key, place] of after.places) {
    if (!before.places.has(key)) push(place, [], after.rules);
  }
  return edits;
}

/** Two parentRefs may lead to one listener: the route stands there once. */
function placesOf(route: RouteView): ReadonlyMap<string, Place> {
  const places = new Map<string, Place>();
  for (const parent of route.parents) {
    const gateway = objectKey(parent.gateway);
    for (const { listener, hostnames } of parent.attachments) {
      for (const hostname of hostnames)
        places.set(`${gateway} ${listener} ${hostname}`, { gateway, listener, hostname });
    }
  }
  return places;
}

function without(rules: readonly RankedRule[], others: readonly RankedRule[]): readonly RankedRule[] {
  const excluded = new Set(others);
  return rules.filter((rule) => !excluded.has(rule));
}
