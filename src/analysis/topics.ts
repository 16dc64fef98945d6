import type { EndpointSlice } from '../api/core/endpoint-slice.ts';
import type { GroupKind, KubeObject } from '../api/object.ts';
import { kindKey } from '../api/object.ts';
import { BACKEND_TLS_POLICY, ENDPOINT_SLICE, GATEWAY, isOf, POD, REFERENCE_GRANT, typed } from './kinds.ts';
import { policyTargets } from './policy-targets.ts';

// A topic is a name under which objects are found that nobody names one by one. It is a dependency like an object.

/** The label by which an EndpointSlice says whose endpoints it holds. */
const SERVICE_NAME_LABEL = 'kubernetes.io/service-name';

/** The EndpointSlices that carry a Service's name. */
export function endpointSlicesOf(namespace: string, service: string): string {
  return `slices of ${namespace}/${service}`;
}

/** The Pods of a namespace. */
export function podsIn(namespace: string): string {
  return `pods in ${namespace}`;
}

/** The ReferenceGrants of a namespace. */
export function grantsIn(namespace: string): string {
  return `grants in ${namespace}`;
}

/** The BackendTLSPolicies that target a Service. */
export function backendTlsPoliciesFor(namespace: string, service: string): string {
  return `TLS policies for ${namespace}/${service}`;
}

/** All objects of a kind. Only Gateways have such a topic. */
export function allOf(kind: GroupKind): string {
  return `all ${kindKey(kind)}`;
}

/** The topics that the object is under. */
export function topicsOf(object: KubeObject): readonly string[] {
  const namespace = object.metadata.namespace ?? '';
  if (isOf(object, ENDPOINT_SLICE)) {
    const service = typed<EndpointSlice>(object).metadata.labels?.[SERVICE_NAME_LABEL];
    return service === undefined ? [] : [endpointSlicesOf(namespace, service)];
  }
  if (isOf(object, POD)) return [podsIn(namespace)];
  if (isOf(object, REFERENCE_GRANT)) return [grantsIn(namespace)];
  if (isOf(object, GATEWAY)) return [allOf(GATEWAY)];
  if (isOf(object, BACKEND_TLS_POLICY))
    return policyTargets(object).map((service) => backendTlsPoliciesFor(namespace, service));
  return [];
}
