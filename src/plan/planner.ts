import type { BackendView, TopologyUpdate } from '../analysis/topology.ts';
import { type ObjectKey, type ObjectRef, objectKey } from '../api/object.ts';
import { GatewayPlanner } from './gateway-planner.ts';
import { buildRouteRules, editsBetween, NO_RULES, type RouteRules } from './route-rules.ts';
import type { BackendId, BackendPlan, GatewayPlan } from './types.ts';

/** The part of a topology's change that concerns plans. */
export type PlannerInput = Pick<TopologyUpdate, 'gateways' | 'routes' | 'backends' | 'removed' | 'removedBackends'>;

/** Plans that differ from those before, and Gateways that have none any more. */
export interface PlannerOutput {
  readonly plans: readonly GatewayPlan[];
  readonly removed: readonly ObjectRef[];
}

/**
 * Keeps the plans of all Gateways. An update costs as much as it changes, and gives the same plans, ids included, as
 * building them all anew; parts that did not change are the same objects.
 */
export class Planner {
  readonly #gateways = new Map<ObjectKey, GatewayPlanner>();
  readonly #routes = new Map<ObjectKey, RouteRules>();
  readonly #backends = new Map<BackendId, BackendPlan>();

  /** The plans in effect, in the order in which their Gateways came. */
  plans(): readonly GatewayPlan[] {
    return [...this.#gateways.values()].flatMap(({ plan }) => (plan === undefined ? [] : [plan]));
  }

  update(input: PlannerInput): PlannerOutput {
    const touched = new Set<ObjectKey>();
    for (const view of input.backends) this.#setBackend(view, touched);
    for (const view of input.gateways) {
      const key = objectKey(view.ref);
      this.#gateway(key).setView(view);
      touched.add(key);
    }
    for (const view of input.routes) {
      const key = objectKey(view.ref);
      this.#setRoute(key, buildRouteRules(view, this.#routes.get(key) ?? NO_RULES), touched);
    }
    for (const ref of input.removed) this.#remove(objectKey(ref), touched);
    const output = this.#publish(touched);
    for (const id of input.removedBackends) this.#backends.delete(id as BackendId);
    return output;
  }

  #setBackend(view: BackendView, touched: Set<ObjectKey>): void {
    const { service, port, protocol, endpoints } = view;
    const id = view.id as BackendId;
    this.#backends.set(id, { id, service, port, protocol, endpoints });
    for (const [key, gateway] of this.#gateways) if (gateway.noteBackendChange(id)) touched.add(key);
  }

  #setRoute(key: ObjectKey, after: RouteRules, touched: Set<ObjectKey>): void {
    for (const { gateway, edit } of editsBetween(this.#routes.get(key) ?? NO_RULES, after)) {
      this.#gateway(gateway).edit(edit);
      touched.add(gateway);
    }
    if (after === NO_RULES) this.#routes.delete(key);
    else this.#routes.set(key, after);
  }

  #remove(key: ObjectKey, touched: Set<ObjectKey>): void {
    this.#setRoute(key, NO_RULES, touched);
    const gateway = this.#gateways.get(key);
    if (gateway === undefined) return;
    gateway.setView(undefined);
    touched.add(key);
  }

  #publish(touched: ReadonlySet<ObjectKey>): PlannerOutput {
    const plans: GatewayPlan[] = [];
    const removed: ObjectRef[] = [];
    for (const key of touched) {
      const gateway = this.#gateway(key);
      const before = gateway.plan;
      gateway.publish((id) => this.#backends.get(id));
      if (gateway.plan !== undefined && gateway.plan !== before) plans.push(gateway.plan);
      if (gateway.plan === undefined && before !== undefined) removed.push(before.gateway);
      if (gateway.isEmpty) this.#gateways.delete(key);
    }
    return { plans, removed };
  }

  #gateway(key: ObjectKey): GatewayPlanner {
    const known = this.#gateways.get(key);
    if (known !== undefined) return known;
    const gateway = new GatewayPlanner();
    this.#gateways.set(key, gateway);
    return gateway;
  }
}
