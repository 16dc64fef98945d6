import { ageColumn, gatewayApiKind } from './gateway-api-kind.ts';
import type { KubeObject } from './object.ts';
import { oneLayer4Rule, severalLayer4Rules } from './parts/layer-4-rules.ts';
import { commonRouteProperties, routeStatus } from './parts/route.ts';
import type { RouteStatus } from './parts/route.ts';
import type { Infer } from './schema.ts';
import { object, required } from './schema.ts';

const description = 'Where the route attaches, and where its connections go.';
const spec = object({ ...commonRouteProperties, rules: required(oneLayer4Rule) }, { description });
const olderSpec = object({ ...commonRouteProperties, rules: required(severalLayer4Rules) }, { description });

/** The spec of a TCPRoute; objects of older versions may have several rules. */
export type TCPRouteSpec = Infer<typeof spec>;

/** Says where the connections of a listener go. */
export interface TCPRoute extends KubeObject {
  readonly spec: TCPRouteSpec;
  readonly status?: RouteStatus;
}

const version = { status: routeStatus, columns: [ageColumn] } as const;

/** The kind TCPRoute. */
export const tcpRouteKind = gatewayApiKind({
  kind: 'TCPRoute',
  plural: 'tcproutes',
  description: 'Says where the TCP connections of a listener go.',
  versions: [
    { name: 'v1', storage: true, spec, ...version },
    { name: 'v1alpha2', supersededBy: 'v1', spec: olderSpec, ...version },
  ],
});
