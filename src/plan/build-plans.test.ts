import { describe, expect, test } from 'vitest';
import {
  backendView,
  certificateView,
  gatewayView,
  resolved,
  routeView,
  type RuleOptions,
  unresolved,
} from '../../test/support/topology.ts';
import type { BackendView, GatewayView, RouteView } from '../analysis/topology.ts';
import type { HTTPRouteMatch } from '../api/parts/http-route-match.ts';
import { buildPlans } from './build-plans.ts';
import type { GatewayPlan, RulePlan } from './types.ts';

const BACKENDS = ['a', 'b', 'm'].map((name) => backendView(name, 8080));
const GATEWAY = gatewayView('gw', [{ name: 'http' }]);

function plansOf(
  routes: readonly RouteView[],
  gateways: readonly GatewayView[] = [GATEWAY],
  backends: readonly BackendView[] = BACKENDS,
): readonly GatewayPlan[] {
  return buildPlans({ gatewayClasses: [], gateways, routes, backends, others: [] });
}

function rulesOf(routes: readonly RouteView[]): readonly RulePlan[] {
  return plansOf(routes)[0]?.ports[0]?.listeners[0]?.hosts[0]?.rules ?? [];
}

function ruleOf(options: RuleOptions): RulePlan | undefined {
  return rulesOf([routeView('r', [options])])[0];
}

function forwarding(...matches: HTTPRouteMatch[]): RuleOptions {
  return { source: { matches }, backends: [{ backend: resolved('a') }] };
}

const exact = (value: string): HTTPRouteMatch => ({ path: { type: 'Exact', value } });
const prefix = (value: string): HTTPRouteMatch => ({ path: { type: 'PathPrefix', value } });
const regex = (value: string): HTTPRouteMatch => ({ path: { type: 'RegularExpression', value } });
const header = { type: 'Exact', name: 'Version', value: 'two' } as const;
const param = { type: 'Exact', name: 'animal', value: 'whale' } as const;

describe('precedence', () => {
  const old = { createdAt: '2024-01-01T00:00:00Z' };
  const young = { createdAt: '2024-01-02T00:00:00Z' };

  // HTTPRoute: what ranks higher is written first; the routes come in the opposite order.
  test.each([
    { name: 'an exact path before a longer prefix', first: exact('/a'), second: prefix('/a/b/c') },
    { name: 'the longer prefix, by characters', first: prefix('/longer'), second: prefix('/a/b') },
    { name: 'a prefix before a longer regular expression', first: prefix('/'), second: regex('/a/b/c') },
    { name: 'the longer regular expression', first: regex('/a/.*'), second: regex('/.*') },
    { name: 'a path before a method', first: prefix('/path5'), second: { ...prefix('/'), method: 'GET' as const } },
    {
      name: 'a method before headers',
      first: { method: 'GET' as const },
      second: { headers: [header, { ...header, name: 'B' }] },
    },
    {
      name: 'more headers',
      first: { headers: [header, { ...header, name: 'B' }] },
      second: { headers: [header], queryParams: [param] },
    },
    { name: 'headers before query parameters', first: { headers: [header] }, second: { queryParams: [param] } },
    {
      name: 'more query parameters',
      first: { queryParams: [param, { ...param, name: 'b' }] },
      second: { queryParams: [param] },
    },
    { name: 'a query parameter before none', first: { queryParams: [param] }, second: {} },
  ])('$name, though its route is younger', ({ first, second }) => {
    const rules = rulesOf([routeView('a', [forwarding(second)], old), routeView('b', [forwarding(first)], young)]);
    expect(rules.map(({ source }) => source.route.name)).toEqual(['b', 'a']);
  });

  test.each([
    {
      name: 'the older route comes first',
      routes: [routeView('a', [forwarding({})], young), routeView('b', [forwarding({})], old)],
    },
    {
      name: 'among equally old ones the name decides',
      routes: [routeView('z', [forwarding({})], old), routeView('b', [forwarding({})], old)],
    },
  ])('$name', ({ routes }) => {
    expect(rulesOf(routes)[0]?.source.route.name).toBe('b');
  });

  test('within a route the first rule and then the first match come first', () => {
    const rules = rulesOf([routeView('r', [forwarding({}, {}), forwarding({})])]);
    expect(rules.map(({ source: { rule, match } }) => [rule, match])).toEqual([
      [0, 0],
      [0, 1],
      [1, 0],
    ]);
  });

  test('each match of a rule ranks by itself', () => {
    const rules = rulesOf([routeView('r', [forwarding(prefix('/'), exact('/x')), forwarding(prefix('/x'))])]);
    expect(rules.map(({ match }) => `${match.path.type} ${match.path.value}`)).toEqual([
      'Exact /x',
      'PathPrefix /x',
      'PathPrefix /',
    ]);
  });
});

describe('matches', () => {
  test('a rule without matches matches every request', () => {
    const match = { path: { type: 'PathPrefix', value: '/' }, headers: [], queryParams: [] };
    expect(ruleOf({ backends: [{ backend: resolved('a') }] })?.match).toEqual(match);
    expect(ruleOf(forwarding())?.match).toEqual(match);
  });

  test('a match that nothing can meet is left out, and the others keep their indexes', () => {
    const rules = rulesOf([routeView('r', [{ ...forwarding(regex('('), prefix('/b')), unusableMatches: [0] }])]);
    expect(rules.map(({ source }) => source.match)).toEqual([1]);
  });

  test('a slash at the end of a prefix changes nothing, at the end of an exact path it counts', () => {
    const rules = rulesOf([routeView('r', [forwarding(prefix('/a/'), exact('/a/'))])]);
    expect(rules.map(({ match }) => match.path.value)).toEqual(['/a/', '/a']);
  });

  test('of equivalent header names the first counts, query names are told apart by case', () => {
    const rule = ruleOf(
      forwarding({
        headers: [header, { ...header, name: 'VERSION', value: 'three' }],
        queryParams: [param, { ...param, name: 'ANIMAL' }, { ...param, value: 'cat' }],
      }),
    );
    expect(rule?.match.headers).toEqual([{ type: 'Exact', name: 'version', value: 'two' }]);
    expect(rule?.match.queryParams.map(({ name, value }) => `${name}=${value}`)).toEqual([
      'animal=whale',
      'ANIMAL=whale',
    ]);
  });
});

describe('actions', () => {
  test.each<{ name: string; rule: RuleOptions; because: string }>([
    { name: 'without backendRefs', rule: {}, because: 'The rule has no backendRefs.' },
    {
      name: 'with weights of 0 only',
      rule: { backends: [{ weight: 0, backend: resolved('a') }] },
      because: 'All backendRefs of the rule have weight 0.',
    },
    {
      name: 'that is broken',
      rule: { ...forwarding({}), broken: 'A filter is not supported.' },
      because: 'A filter is not supported.',
    },
    {
      name: 'with a filter that cannot be built',
      rule: { ...forwarding({}), source: { filters: [{ type: 'ExtensionRef' }] } },
      because: 'Filter "ExtensionRef" cannot be built.',
    },
    {
      name: 'with a filter that sets a header of the gateway',
      rule: {
        ...forwarding({}),
        source: { filters: [{ type: 'RequestHeaderModifier', requestHeaderModifier: { remove: ['Content-Length'] } }] },
      },
      because: 'Header "Content-Length" is set by the gateway only.',
    },
    {
      name: 'that replaces the prefix of a path that is none',
      rule: {
        source: {
          matches: [exact('/a')],
          filters: [
            { type: 'URLRewrite', urlRewrite: { path: { type: 'ReplacePrefixMatch', replacePrefixMatch: '/b' } } },
          ],
        },
        backends: [{ backend: resolved('a') }],
      },
      because: 'Filter "URLRewrite" cannot be built.',
    },
  ])('a rule $name answers 500', ({ rule, because }) => {
    expect(ruleOf(rule)?.action).toEqual({ type: 'Respond', statusCode: 500, because });
  });

  test('a reference that does not resolve keeps its weight and answers 500', () => {
    const rule = ruleOf({
      backends: [
        { weight: 80, backend: resolved('a') },
        { weight: 20, backend: unresolved('x') },
      ],
    });
    expect(rule?.action).toEqual({
      type: 'Forward',
      backends: [
        { weight: 80, backend: 'default/a:80', filters: [] },
        { weight: 20, respond: 500, because: 'Service "default/x" does not exist.' },
      ],
    });
  });

  test('a broken filter of a backendRef costs only its share', () => {
    const rule = ruleOf({ backends: [{ backend: resolved('a'), broken: 'No.' }, { backend: resolved('b') }] });
    expect(rule?.action).toMatchObject({ backends: [{ respond: 500, because: 'No.' }, { backend: 'default/b:80' }] });
  });

  test.each([
    {
      name: 'a port is used',
      redirect: { port: 8443, scheme: 'https' as const },
      expected: { port: 8443, portFrom: 'Plan' },
    },
    {
      name: 'a scheme without a port means its well-known port',
      redirect: { scheme: 'https' as const },
      expected: { portFrom: 'Plan' },
    },
    {
      name: 'neither means the port of the listener',
      redirect: { hostname: 'x.example' },
      expected: { portFrom: 'Listener' },
    },
  ])('redirect: $name', ({ redirect, expected }) => {
    const rule = ruleOf({ source: { filters: [{ type: 'RequestRedirect', requestRedirect: redirect }] } });
    expect(rule?.action).toEqual({ type: 'Redirect', statusCode: 302, ...redirect, ...expected });
    expect(rule?.filters).toEqual([]);
  });

  test('a redirect replaces the prefix that matched', () => {
    const rule = ruleOf({
      source: {
        matches: [prefix('/old/')],
        filters: [
          {
            type: 'RequestRedirect',
            requestRedirect: { path: { type: 'ReplacePrefixMatch', replacePrefixMatch: '/new' }, statusCode: 301 },
          },
        ],
      },
    });
    expect(rule?.action).toMatchObject({ path: { type: 'ReplacePrefixMatch', prefix: '/old', value: '/new' } });
  });
});

describe('filters, timeouts and retries', () => {
  test('header names that are equivalent count once', () => {
    const set = [
      { name: 'X-A', value: '1' },
      { name: 'x-a', value: '2' },
    ];
    const rule = ruleOf({
      ...forwarding({}),
      source: { filters: [{ type: 'RequestHeaderModifier', requestHeaderModifier: { set, remove: ['X-B'] } }] },
    });
    expect(rule?.filters).toEqual([
      { type: 'RequestHeaderModifier', modifier: { set: [{ name: 'X-A', value: '1' }], add: [], remove: ['x-b'] } },
    ]);
  });

  test.each([
    { name: 'all requests', share: {}, numerator: 100, denominator: 100 },
    { name: 'a percentage', share: { percent: 20 }, numerator: 20, denominator: 100 },
    { name: 'none', share: { percent: 0 }, numerator: 0, denominator: 100 },
    { name: 'a fraction', share: { fraction: { numerator: 25, denominator: 50 } }, numerator: 25, denominator: 50 },
    { name: 'a fraction of 100', share: { fraction: { numerator: 25 } }, numerator: 25, denominator: 100 },
  ])('a mirror takes $name', ({ share, numerator, denominator }) => {
    const requestMirror = { backendRef: { name: 'm', port: 80 }, ...share };
    const source = { filters: [{ type: 'RequestMirror' as const, requestMirror }] };
    const [plan] = plansOf([routeView('r', [{ ...forwarding({}), source, mirrors: [resolved('m')] }])]);
    expect(plan?.ports[0]?.listeners[0]?.hosts[0]?.rules[0]?.filters).toEqual([
      { type: 'RequestMirror', backend: 'default/m:80', numerator, denominator },
    ]);
    expect(plan?.backends.map(({ id }) => id)).toEqual(['default/a:80', 'default/m:80']);
  });

  test('a mirror whose backend does not resolve is left out, and the primary is served', () => {
    const source = { filters: [{ type: 'RequestMirror' as const, requestMirror: { backendRef: { name: 'x' } } }] };
    const rule = ruleOf({ ...forwarding({}), source, mirrors: [unresolved('x')] });
    expect(rule?.filters).toEqual([]);
    expect(rule?.action.type).toBe('Forward');
  });

  test('CORS has its defaults', () => {
    const source = { filters: [{ type: 'CORS' as const, cors: { allowOrigins: ['https://a.example'] } }] };
    expect(ruleOf({ ...forwarding({}), source })?.filters).toEqual([
      {
        type: 'CORS',
        allowOrigins: ['https://a.example'],
        allowCredentials: false,
        allowMethods: [],
        allowHeaders: [],
        exposeHeaders: [],
        maxAgeSeconds: 5,
      },
    ]);
  });

  test('durations become milliseconds; 0s stays: it means no limit', () => {
    const source = { timeouts: { request: '1m30s', backendRequest: '0s' } };
    expect(ruleOf({ ...forwarding({}), source })?.timeouts).toEqual({ requestMs: 90_000, backendRequestMs: 0 });
    expect(ruleOf(forwarding({}))?.timeouts).toEqual({});
  });

  test('what a retry does not say has a default', () => {
    expect(ruleOf({ ...forwarding({}), source: { retry: { codes: [503] } } })?.retry).toEqual({
      attempts: 2,
      codes: [503],
      backoffMs: 25,
    });
    const said = { attempts: 3, codes: [500], backoff: '100ms' };
    expect(ruleOf({ ...forwarding({}), source: { retry: said } })?.retry).toEqual({
      attempts: 3,
      codes: [500],
      backoffMs: 100,
    });
    expect(ruleOf(forwarding({}))?.retry).toBeUndefined();
  });
});

describe('what goes into a plan', () => {
  test('a Gateway that is not accepted has no plan', () => {
    expect(plansOf([], [gatewayView('gw', [{ name: 'http' }], false)])).toEqual([]);
  });

  test('a listener that cannot be served is left out, with the backends that only it needs', () => {
    const gateway = gatewayView('gw', [{ name: 'http' }, { name: 'bad', port: 81, programmable: false }]);
    const onBad = { attachments: [{ listener: 'bad', hostnames: ['*'] }] };
    const toB: RuleOptions = { backends: [{ backend: resolved('b') }] };
    const [plan] = plansOf([routeView('good', [forwarding({})]), routeView('bad', [toB], onBad)], [gateway]);
    expect(plan?.ports.map(({ port }) => port)).toEqual([80]);
    expect(plan?.backends.map(({ id }) => id)).toEqual(['default/a:80']);
  });

  test('a parent that did not take the route does not serve it', () => {
    expect(rulesOf([routeView('r', [forwarding({})], { attachments: [] })])).toEqual([]);
  });

  test('a route stands once where two parentRefs lead to one listener', () => {
    const route = routeView('r', [forwarding({})]);
    expect(rulesOf([{ ...route, parents: [...route.parents, ...route.parents] }])).toHaveLength(1);
  });

  test('ports, listeners, hosts, backends and certificates are in order, and every certificate is there once', () => {
    const [x, y] = [certificateView('x'), certificateView('y')];
    const gateway = gatewayView('gw', [
      { name: 'z', port: 443, protocol: 'HTTPS', certificates: [y, x] },
      { name: 'b', port: 443, protocol: 'HTTPS', hostname: '*.example.com', certificates: [x] },
      { name: 'http' },
      { name: 'tcp', port: 9000, protocol: 'TCP' },
    ]);
    const attachments = [{ listener: 'http', hostnames: ['www.example.com', 'api.example.com', '*.example.com'] }];
    const toBoth: RuleOptions = { backends: [{ backend: resolved('b') }, { backend: resolved('a') }] };
    const [plan] = plansOf([routeView('r', [toBoth], { attachments })], [gateway]);
    expect(
      plan?.ports.map(({ port, protocol, listeners }) => [port, protocol, listeners.map(({ name }) => name)]),
    ).toEqual([
      [80, 'HTTP', ['http']],
      [443, 'HTTPS', ['b', 'z']],
    ]);
    expect(plan?.ports[0]?.listeners[0]?.hosts.map(({ hostname }) => hostname)).toEqual([
      '*.example.com',
      'api.example.com',
      'www.example.com',
    ]);
    expect(plan?.backends.map(({ id }) => id)).toEqual(['default/a:80', 'default/b:80']);
    expect(plan?.certificates.map(({ secret }) => secret.name)).toEqual(['x', 'y']);
    const ofZ = plan?.ports[1]?.listeners[1]?.tls?.certificates ?? [];
    expect(ofZ.map((id) => id.split('@')[0])).toEqual(['default/y', 'default/x']);
  });

  test('no rendering of a plan has a private key in it', () => {
    const gateway = gatewayView('gw', [
      { name: 's', port: 443, protocol: 'HTTPS', certificates: [certificateView('x')] },
    ]);
    expect(JSON.stringify(plansOf([], [gateway]))).not.toContain('private key');
  });
});

describe('the id of a plan', () => {
  const base = (): string | undefined => plansOf([routeView('r', [forwarding({})])])[0]?.id;

  test('does not depend on endpoints', () => {
    const moved = plansOf([routeView('r', [forwarding({})])], [GATEWAY], [backendView('a', 1, 2)]);
    expect(moved[0]?.id).toBe(base());
  });

  test.each([
    { name: 'a rule', plans: () => plansOf([routeView('r', [forwarding(prefix('/x'))])]) },
    {
      name: 'the age of a route',
      plans: () => plansOf([routeView('r', [forwarding({})], { createdAt: '2024-01-01T00:00:00Z' })]),
    },
    {
      name: 'a host',
      plans: () =>
        plansOf([routeView('r', [forwarding({})], { attachments: [{ listener: 'http', hostnames: ['x'] }] })]),
    },
    {
      name: 'a listener',
      plans: () => plansOf([routeView('r', [forwarding({})])], [gatewayView('gw', [{ name: 'http', port: 81 }])]),
    },
    {
      name: 'the protocol of a backend',
      plans: () => plansOf([routeView('r', [forwarding({})])], [GATEWAY], [{ ...backendView('a'), protocol: 'H2C' }]),
    },
  ])('changes with $name', ({ plans }) => {
    expect(plans()[0]?.id).not.toBe(base());
  });
});
