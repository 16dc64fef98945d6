import type { Topology } from '../analysis/topology.ts';
import { Planner } from './planner.ts';
import type { GatewayPlan } from './types.ts';

/** The plans of all accepted Gateways, in the order of the topology. */
export function buildPlans({ gateways, routes, backends }: Topology): readonly GatewayPlan[] {
  const planner = new Planner();
  planner.update({ gateways, routes, backends, removed: [], removedBackends: [] });
  return planner.plans();
}
