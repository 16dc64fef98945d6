import type { GroupKind, KubeObject } from '../api/object.ts';
import { groupOf } from '../api/object.ts';
import { GATEWAY_API_EXPERIMENTAL_GROUP, GATEWAY_API_GROUP } from '../api/parts/names.ts';

function gatewayApi(kind: string): GroupKind {
  return { group: GATEWAY_API_GROUP, kind };
}

/** The kind GatewayClass. */
export const GATEWAY_CLASS = gatewayApi('GatewayClass');
/** The kind Gateway. */
export const GATEWAY = gatewayApi('Gateway');
/** The kind HTTPRoute. */
export const HTTP_ROUTE = gatewayApi('HTTPRoute');
/** The kind ReferenceGrant. */
export const REFERENCE_GRANT = gatewayApi('ReferenceGrant');
/** The kind ListenerSet. */
export const LISTENER_SET = gatewayApi('ListenerSet');
/** The experimental kind that ListenerSet came from. */
export const X_LISTENER_SET: GroupKind = { group: GATEWAY_API_EXPERIMENTAL_GROUP, kind: 'XListenerSet' };
/** The kind BackendTLSPolicy. */
export const BACKEND_TLS_POLICY = gatewayApi('BackendTLSPolicy');
/** The kind Ingress. */
export const INGRESS: GroupKind = { group: 'networking.k8s.io', kind: 'Ingress' };

/** The core kind Namespace. */
export const NAMESPACE: GroupKind = { group: '', kind: 'Namespace' };
/** The core kind Service. */
export const SERVICE: GroupKind = { group: '', kind: 'Service' };
/** The core kind Secret. */
export const SECRET: GroupKind = { group: '', kind: 'Secret' };
/** The core kind Pod. */
export const POD: GroupKind = { group: '', kind: 'Pod' };
/** The kind EndpointSlice. */
export const ENDPOINT_SLICE: GroupKind = { group: 'discovery.k8s.io', kind: 'EndpointSlice' };

/** Routes that are stored and not served yet. */
export const OTHER_ROUTES: readonly GroupKind[] = ['GRPCRoute', 'TLSRoute', 'TCPRoute', 'UDPRoute'].map(gatewayApi);

/** Policies that are stored and not served yet; all of them target Services. */
export const OTHER_POLICIES: readonly GroupKind[] = [
  BACKEND_TLS_POLICY,
  gatewayApi('BackendLBPolicy'),
  { group: GATEWAY_API_EXPERIMENTAL_GROUP, kind: 'XBackendTrafficPolicy' },
];

/** Kinds that are stored and only told so. */
export const OTHER_KINDS: readonly GroupKind[] = [
  ...OTHER_ROUTES,
  LISTENER_SET,
  X_LISTENER_SET,
  ...OTHER_POLICIES,
  INGRESS,
];

/** Every kind that the analysis looks at. Objects of others change nothing. */
export const ANALYSED_KINDS: readonly GroupKind[] = [
  GATEWAY_CLASS,
  GATEWAY,
  HTTP_ROUTE,
  REFERENCE_GRANT,
  NAMESPACE,
  SERVICE,
  SECRET,
  POD,
  ENDPOINT_SLICE,
  ...OTHER_KINDS,
];

/** Whether both are the same kind. */
export function sameKind(one: GroupKind, other: GroupKind): boolean {
  return one.kind === other.kind && one.group === other.group;
}

/** Whether the object is of that kind, in any version. */
export function isOf(object: KubeObject, kind: GroupKind): boolean {
  return object.kind === kind.kind && groupOf(object.apiVersion) === kind.group;
}

/**
 * The object with its static type. The API server has validated it against the schema that the type comes from, so this
 * is the border where the type is taken on trust.
 */
export function typed<T extends KubeObject>(object: KubeObject): T {
  return object as T;
}
