import { gatewayKind } from './gateway.ts';
import { gatewayClassKind } from './gateway-class.ts';
import { httpRouteKind } from './http-route.ts';
import type { KindDefinition } from './kind-definition.ts';
import { referenceGrantKind } from './reference-grant.ts';

/** Every kind of the Gateway API, experimental ones and those of earlier releases included. */
export const gatewayApiKinds: readonly KindDefinition[] = [
  gatewayClassKind,
  gatewayKind,
  httpRouteKind,
  referenceGrantKind,
];
