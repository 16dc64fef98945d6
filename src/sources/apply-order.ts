import { groupOf } from '../api/object.ts';
import type { KubeObject } from '../api/object.ts';

const RANKS: Readonly<Record<string, number>> = {
  Namespace: 0,
  'CustomResourceDefinition.apiextensions.k8s.io': 1,
  'GatewayClass.gateway.networking.k8s.io': 2,
  'Gateway.gateway.networking.k8s.io': 4,
  'HTTPRoute.gateway.networking.k8s.io': 5,
};
const RANK_OF_THE_REST = 3;

/**
 * How early an object must be applied, so that what it needs is there: namespaces, CRDs, classes, then what Gateways and routes
 * refer to, then these. Objects are deleted in the opposite order.
 */
export function applyRank({ apiVersion, kind }: Pick<KubeObject, 'apiVersion' | 'kind'>): number {
  const group = groupOf(apiVersion);
  return RANKS[group === '' ? kind : `${kind}.${group}`] ?? RANK_OF_THE_REST;
}
