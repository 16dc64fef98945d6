import { describe, expect, test } from 'vitest';
import { exact, forwarding, header, param, plansOf, prefix, regex, ruleOf, rulesOf } from '../../test/support/plans.ts';
import { resolved, routeView, type RuleOptions, unresolved } from '../../test/support/topology.ts';

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
