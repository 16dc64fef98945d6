import { ageColumn, gatewayApiKind } from './gateway-api-kind.ts';
import type { KubeObject } from './object.ts';
import { oneLayer4Rule, severalLayer4Rules } from './parts/layer-4-rules.ts';
import { hostname } from './parts/names.ts';
import { commonRouteProperties, routeStatus } from './parts/route.ts';
import type { RouteStatus } from './parts/route.ts';
import type { Infer } from './schema.ts';
import { array, object, required } from './schema.ts';

const RFC_1123 = "matches('^([a-z0-9]([-a-z0-9]*[a-z0-9])?(\\\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*)$')";
const sniHostname = hostname('A host name; the first label may be a wildcard, as in *.example.com.');

const hostnames = array(sniHostname, {
  description: 'Host names that the route is for: the one that the client asks for in its TLS handshake (SNI).',
  minItems: 1,
  maxItems: 1024,
  'x-kubernetes-list-type': 'atomic',
  'x-kubernetes-validations': [
    { message: 'Hostnames cannot contain an IP', rule: 'self.all(h, !isIP(h))' },
    {
      message: 'Hostnames must be valid based on RFC-1123',
      rule: `self.all(h, !h.contains('*') ? h.${RFC_1123} : true)`,
    },
    {
      message:
        'Wildcards on hostnames must be the first label, and the rest of hostname must be valid based on RFC-1123',
      rule: `self.all(h, h.contains('*') ? (h.startsWith('*.') && h.substring(2).${RFC_1123}) : true)`,
    },
  ],
});

const description = 'Where the route attaches, which hosts it is for, and where their connections go.';
const spec = object(
  { ...commonRouteProperties, hostnames: required(hostnames), rules: required(oneLayer4Rule) },
  { description },
);
const olderSpec = object(
  {
    ...commonRouteProperties,
    hostnames: array(sniHostname, {
      description:
        'Host names that the route is for, as asked for in the TLS handshake. All of the listener where absent.',
      maxItems: 1024,
      'x-kubernetes-list-type': 'atomic',
    }),
    rules: required(severalLayer4Rules),
  },
  { description },
);
/** The spec as any version may have it: objects of older versions may lack `hostnames`. */
export type TLSRouteSpec = Infer<typeof olderSpec>;

/** Says where the TLS connections of a listener go, by the host that the client asks for. */
export interface TLSRoute extends KubeObject {
  readonly spec: TLSRouteSpec;
  readonly status?: RouteStatus;
}

const version = { status: routeStatus, columns: [ageColumn] } as const;

/** The kind TLSRoute. */
export const tlsRouteKind = gatewayApiKind({
  kind: 'TLSRoute',
  plural: 'tlsroutes',
  description: 'Says where the TLS connections of a listener go, by the host that the client asks for.',
  versions: [
    { name: 'v1', storage: true, spec, ...version },
    { name: 'v1alpha2', supersededBy: 'v1', spec: olderSpec, ...version },
    { name: 'v1alpha3', supersededBy: 'v1', spec, ...version },
  ],
});
