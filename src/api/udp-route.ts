import { ageColumn, gatewayApiKind } from './gateway-api-kind.ts';
import type { KubeObject } from './object.ts';
import { oneLayer4Rule, severalLayer4Rules } from './parts/layer-4-rules.ts';
import { commonRouteProperties, routeStatus } from './parts/route.ts';
import type { RouteStatus } from './parts/route.ts';
import type { Infer } from './schema.ts';
import { object, required } from './schema.ts';

const description = 'Where the route attaches, and where its datagrams go.';
const spec = object({ ...commonRouteProperties, rules: required(oneLayer4Rule) }, { description });
const olderSpec = object({ ...commonRouteProperties, rules: required(severalLayer4Rules) }, { description });

/** The spec of a UDPRoute; objects of older versions may have several rules. */
export type UDPRouteSpec = Infer<typeof spec>;

/** Says where the datagrams of a listener go. */
export interface UDPRoute extends KubeObject {
  readonly spec: UDPRouteSpec;
  readonly status?: RouteStatus;
}

const version = { status: routeStatus, columns: [ageColumn] } as const;

/** The kind UDPRoute. */
export const udpRouteKind = gatewayApiKind({
  kind: 'UDPRoute',
  plural: 'udproutes',
  description: 'Says where the UDP datagrams of a listener go.',
  versions: [
    { name: 'v1', storage: true, spec, ...version },
    { name: 'v1alpha2', supersededBy: 'v1', spec: olderSpec, ...version },
  ],
});
