import { ageColumn, gatewayApiKind } from './gateway-api-kind.ts';
import type { KubeObject } from './object.ts';
import { backendRefProperties, servicePortRule } from './parts/backend-ref.ts';
import { byName, httpHeaderFilter, httpToken } from './parts/http-header.ts';
import { valueMatchType } from './parts/http-route-match.ts';
import { localObjectReference } from './parts/references.ts';
import { httpRequestMirrorFilter } from './parts/request-mirror.ts';
import { commonRouteProperties, routeHostnames, routeStatus, ruleName, uniqueRuleNames } from './parts/route.ts';
import type { RouteStatus } from './parts/route.ts';
import { matchesOfAllRules, notRepeated, settingsMatchType } from './parts/route-filter.ts';
import { sessionPersistence } from './parts/session-persistence.ts';
import type { Infer } from './schema.ts';
import { array, described, object, oneOf, required, string } from './schema.ts';

const SERVICE_PATTERN = '^(?i)\\.?[a-z_][a-z_0-9]*(\\.[a-z_][a-z_0-9]*)*$';
const METHOD_PATTERN = '^[A-Za-z_][A-Za-z_0-9]*$';

const filter = object(
  {
    type: required(
      oneOf(['ResponseHeaderModifier', 'RequestHeaderModifier', 'RequestMirror', 'ExtensionRef'], {
        description: 'What the filter does; the field of that name has the settings.',
      }),
    ),
    requestHeaderModifier: described(httpHeaderFilter, 'Changes the metadata of calls.'),
    responseHeaderModifier: described(httpHeaderFilter, 'Changes the metadata of answers.'),
    requestMirror: described(httpRequestMirrorFilter, 'Sends a copy of calls to another backend.'),
    extensionRef: described(localObjectReference, 'A filter of a kind that the Gateway API does not know.'),
  },
  {
    description: 'Changes calls or answers.',
    'x-kubernetes-validations': settingsMatchType([
      ['requestHeaderModifier', 'RequestHeaderModifier'],
      ['responseHeaderModifier', 'ResponseHeaderModifier'],
      ['requestMirror', 'RequestMirror'],
      ['extensionRef', 'ExtensionRef'],
    ]),
  },
);

/** A filter of a GRPCRoute: `type` says which of the other fields is there. */
export type GRPCRouteFilter = Infer<typeof filter>;

const filters = array(filter, {
  description: 'What to do with calls and answers. A filter that cannot be applied makes calls fail.',
  maxItems: 16,
  'x-kubernetes-list-type': 'atomic',
  'x-kubernetes-validations': notRepeated('RequestHeaderModifier', 'ResponseHeaderModifier'),
});

const backendRef = object(
  { ...backendRefProperties, filters },
  {
    description: 'A backend, its share of the calls, and filters for that share only.',
    'x-kubernetes-validations': [servicePortRule],
  },
);

/** A backend of a GRPCRoute, with its share and filters for it. */
export type GRPCBackendRef = Infer<typeof backendRef>;

const methodMatch = object(
  {
    type: oneOf(['Exact', 'RegularExpression'], {
      description: 'How service and method are compared.',
      default: 'Exact',
    }),
    service: string({
      description: 'The gRPC service with its package, such as shop.v1.Cart; every service where absent.',
      maxLength: 1024,
    }),
    method: string({ description: 'The method of the service; every method where absent.', maxLength: 1024 }),
  },
  {
    description: 'The service and method that are called.',
    'x-kubernetes-validations': [
      {
        message: "One or both of 'service' or 'method' must be specified",
        rule: 'has(self.type) ? has(self.service) || has(self.method) : true',
      },
      {
        message: `service must only contain valid characters (matching ${SERVICE_PATTERN})`,
        rule:
          "(!has(self.type) || self.type == 'Exact') && has(self.service) ? " +
          `self.service.matches(r"""${SERVICE_PATTERN}"""): true`,
      },
      {
        message: `method must only contain valid characters (matching ${METHOD_PATTERN})`,
        rule:
          "(!has(self.type) || self.type == 'Exact') && has(self.method) ? " +
          `self.method.matches(r"""${METHOD_PATTERN}"""): true`,
      },
    ],
  },
);

/** The service and method that a call names. */
export type GRPCMethodMatch = Infer<typeof methodMatch>;

const headerMatch = object(
  {
    type: valueMatchType,
    name: required(httpToken('Name of the metadata entry; upper and lower case are the same.')),
    value: required(
      string({ description: 'What the value of the entry must be or match.', minLength: 1, maxLength: 4096 }),
    ),
  },
  { description: 'An entry of the metadata of the call.' },
);

/** An entry of the metadata of a call. */
export type GRPCHeaderMatch = Infer<typeof headerMatch>;

const match = object(
  {
    method: methodMatch,
    headers: array(headerMatch, {
      description: 'Metadata that the call must have, all of it.',
      maxItems: 16,
      ...byName,
    }),
  },
  { description: 'What a call must be like; all of it.' },
);

/** What a call must be like, all of it. */
export type GRPCRouteMatch = Infer<typeof match>;

const rule = object(
  {
    name: ruleName,
    matches: array(match, {
      description: 'Which calls the rule is for. One match is enough; where there is none, all calls.',
      maxItems: 64,
      'x-kubernetes-list-type': 'atomic',
    }),
    filters,
    backendRefs: array(backendRef, {
      description:
        'Where the calls go, by weight. The share of a backend that cannot be used is answered with UNAVAILABLE.',
      maxItems: 16,
      'x-kubernetes-list-type': 'atomic',
    }),
    sessionPersistence,
  },
  { description: 'What becomes of the calls that match.' },
);

/** A rule of a GRPCRoute. Without `matches` it is for all calls. */
export type GRPCRouteRule = Infer<typeof rule>;

const spec = object(
  {
    ...commonRouteProperties,
    hostnames: routeHostnames,
    rules: array(rule, {
      description: 'What becomes of calls: the rule with the most specific match is applied.',
      maxItems: 16,
      'x-kubernetes-list-type': 'atomic',
      'x-kubernetes-validations': [
        matchesOfAllRules((each) => `(has(${each}.matches) ? ${each}.matches.size() : 0)`),
        uniqueRuleNames,
      ],
    }),
  },
  { description: 'Where the route attaches, and what becomes of its calls.' },
);

/** The spec of a GRPCRoute. */
export type GRPCRouteSpec = Infer<typeof spec>;

/** Says what becomes of gRPC calls. */
export interface GRPCRoute extends KubeObject {
  readonly spec: GRPCRouteSpec;
  readonly status?: RouteStatus;
}

const version = {
  spec,
  status: routeStatus,
  columns: [{ name: 'Hostnames', type: 'string', jsonPath: '.spec.hostnames' }, ageColumn],
} as const;

/** The kind GRPCRoute. */
export const grpcRouteKind = gatewayApiKind({
  kind: 'GRPCRoute',
  plural: 'grpcroutes',
  description: 'Says what becomes of gRPC calls: by host, service, method and metadata.',
  versions: [
    { name: 'v1', storage: true, ...version },
    { name: 'v1alpha2', supersededBy: 'v1', ...version },
  ],
});
