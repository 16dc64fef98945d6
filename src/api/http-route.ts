import { ageColumn, gatewayApiKind } from './gateway-api-kind.ts';
import type { KubeObject } from './object.ts';
import { backendRefProperties, servicePortRule } from './parts/backend-ref.ts';
import { httpRouteFilters } from './parts/http-route-filter.ts';
import { httpRouteMatches } from './parts/http-route-match.ts';
import { duration } from './parts/names.ts';
import { commonRouteProperties, routeHostnames, routeStatus, ruleName, uniqueRuleNames } from './parts/route.ts';
import type { RouteStatus } from './parts/route.ts';
import { matchesOfAllRules } from './parts/route-filter.ts';
import { sessionPersistence } from './parts/session-persistence.ts';
import type { Infer, ValidationRule } from './schema.ts';
import { array, integer, object } from './schema.ts';

const backendRef = object(
  { ...backendRefProperties, filters: httpRouteFilters },
  {
    description: 'A backend, its share of the requests, and filters for that share only.',
    'x-kubernetes-validations': [servicePortRule],
  },
);

/** A backend of an HTTPRoute, with its share and filters for it. */
export type HTTPBackendRef = Infer<typeof backendRef>;

const timeouts = object(
  {
    request: duration('How long the client waits at most for the whole response, all tries included. 0s is no limit.'),
    backendRequest: duration('How long one try at a backend may take at most. 0s is no limit.'),
  },
  {
    description: 'How long requests may take.',
    'x-kubernetes-validations': [
      {
        message: 'backendRequest timeout cannot be longer than request timeout',
        rule:
          "!(has(self.request) && has(self.backendRequest) && duration(self.request) != duration('0s') && " +
          'duration(self.backendRequest) > duration(self.request))',
      },
    ],
  },
);

/** How long requests may take, as GEP-2257 durations; `0s` is no limit. */
export type HTTPRouteTimeouts = Infer<typeof timeouts>;

const retry = object(
  {
    codes: array(integer({ minimum: 400, maximum: 599 }), {
      description: 'Status codes of a backend after which the request is sent again.',
      'x-kubernetes-list-type': 'set',
    }),
    attempts: integer({ description: 'How many times a request is sent again at most.', minimum: 1 }),
    backoff: duration('How long to wait at least before a request is sent again.'),
  },
  { description: 'When and how often requests are sent again.' },
);

/** When and how often requests are sent again. */
export type HTTPRouteRetry = Infer<typeof retry>;

const PREFIX_MATCH_ONLY =
  "((size(self.matches) != 1 || !has(self.matches[0].path) || self.matches[0].path.type != 'PathPrefix') ? false : true) : true";

function replacesPrefix(field: string): string {
  return (
    `exists_one(f, has(f.${field}) && has(f.${field}.path) && ` +
    `f.${field}.path.type == 'ReplacePrefixMatch' && has(f.${field}.path.replacePrefixMatch))`
  );
}

function prefixRule(filter: string, field: string): ValidationRule {
  return {
    message: `When using ${filter} filter with path.replacePrefixMatch, exactly one PathPrefix match must be specified`,
    rule: `(has(self.filters) && self.filters.${replacesPrefix(field)}) ? ${PREFIX_MATCH_ONLY}`,
  };
}

function prefixRuleOfBackends(when: string, field: string): ValidationRule {
  return {
    message: `Within backendRefs, ${when} filter with path.replacePrefixMatch, exactly one PathPrefix match must be specified`,
    rule:
      '(has(self.backendRefs) && self.backendRefs.exists_one(b, (has(b.filters) && ' +
      `b.filters.${replacesPrefix(field)}) )) ? ${PREFIX_MATCH_ONLY}`,
  };
}

const rule = object(
  {
    name: ruleName,
    matches: httpRouteMatches,
    filters: httpRouteFilters,
    backendRefs: array(backendRef, {
      description: 'Where the requests go, by weight. The share of a backend that cannot be used is answered with 500.',
      maxItems: 16,
      'x-kubernetes-list-type': 'atomic',
    }),
    timeouts,
    retry,
    sessionPersistence,
  },
  {
    description: 'What becomes of the requests that match.',
    'x-kubernetes-validations': [
      {
        message: 'RequestRedirect filter must not be used together with backendRefs',
        rule:
          '(has(self.backendRefs) && size(self.backendRefs) > 0) ? ' +
          '(!has(self.filters) || self.filters.all(f, !has(f.requestRedirect))): true',
      },
      prefixRule('RequestRedirect', 'requestRedirect'),
      prefixRule('URLRewrite', 'urlRewrite'),
      prefixRuleOfBackends('when using RequestRedirect', 'requestRedirect'),
      prefixRuleOfBackends('When using URLRewrite', 'urlRewrite'),
    ],
  },
);

/** A rule of an HTTPRoute. Once defaulted, `matches` holds at least one match. */
export type HTTPRouteRule = Infer<typeof rule>;

const spec = object(
  {
    ...commonRouteProperties,
    hostnames: routeHostnames,
    rules: array(rule, {
      description: 'What becomes of requests: the rule with the most specific match is applied.',
      default: [{ matches: [{ path: { type: 'PathPrefix', value: '/' } }] }],
      minItems: 1,
      maxItems: 16,
      'x-kubernetes-list-type': 'atomic',
      'x-kubernetes-validations': [matchesOfAllRules((each) => `${each}.matches.size()`), uniqueRuleNames],
    }),
  },
  { description: 'Where the route attaches, and what becomes of its requests.' },
);

/** The spec of an HTTPRoute. */
export type HTTPRouteSpec = Infer<typeof spec>;

/** Says what becomes of HTTP requests. */
export interface HTTPRoute extends KubeObject {
  readonly spec: HTTPRouteSpec;
  readonly status?: RouteStatus;
}

const version = {
  spec,
  status: routeStatus,
  columns: [{ name: 'Hostnames', type: 'string', jsonPath: '.spec.hostnames' }, ageColumn],
} as const;

/** The kind HTTPRoute. */
export const httpRouteKind = gatewayApiKind({
  kind: 'HTTPRoute',
  plural: 'httproutes',
  description: 'Says what becomes of HTTP requests: by host, path, headers, query and method.',
  versions: [
    { name: 'v1', storage: true, ...version },
    { name: 'v1beta1', ...version },
  ],
});
