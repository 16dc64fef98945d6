import { backendLbPolicyKind } from './backend-lb-policy.ts';
import { backendTlsPolicyKind } from './backend-tls-policy.ts';
import { gatewayClassKind } from './gateway-class.ts';
import { gatewayKind } from './gateway.ts';
import { grpcRouteKind } from './grpc-route.ts';
import { httpRouteKind } from './http-route.ts';
import type { KindDefinition } from './kind-definition.ts';
import { listenerSetKind } from './listener-set.ts';
import { referenceGrantKind } from './reference-grant.ts';
import { tcpRouteKind } from './tcp-route.ts';
import { tlsRouteKind } from './tls-route.ts';
import { udpRouteKind } from './udp-route.ts';
import { xBackendTrafficPolicyKind } from './x-backend-traffic-policy.ts';
import { xBackendKind } from './x-backend.ts';
import { xListenerSetKind } from './x-listener-set.ts';
import { xMeshKind } from './x-mesh.ts';

/** Every kind of the Gateway API, experimental ones and those of earlier releases included, in a fixed order. */
export const gatewayApiKinds: readonly KindDefinition[] = [
  gatewayClassKind,
  gatewayKind,
  listenerSetKind,
  httpRouteKind,
  grpcRouteKind,
  tlsRouteKind,
  tcpRouteKind,
  udpRouteKind,
  referenceGrantKind,
  backendTlsPolicyKind,
  backendLbPolicyKind,
  xListenerSetKind,
  xBackendTrafficPolicyKind,
  xBackendKind,
  xMeshKind,
];
