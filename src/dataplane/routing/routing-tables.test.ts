import { describe, expect, test } from 'vitest';
import { requestFor, type RequestOptions } from '../../../test/support/request-view.ts';
import { rulePlan } from '../../../test/support/rule-plan.ts';
import type { HostDelta, ListenerDelta } from '../../engine/embedded/protocol.ts';
import type { MatchPlan, RuleId, RulePlan } from '../../plan/types.ts';
import { type RoutingDelta, RoutingTables } from './routing-tables.ts';

const SOCKET = '127.0.0.1:80';

function exact(value: string): Partial<MatchPlan> {
  return { path: { type: 'Exact', value } };
}

function prefix(value: string): Partial<MatchPlan> {
  return { path: { type: 'PathPrefix', value } };
}

function regex(value: string): Partial<MatchPlan> {
  return { path: { type: 'RegularExpression', value } };
}

function ids(...names: string[]): RuleId[] {
  return names as RuleId[];
}

function newTables(): RoutingTables {
  return new RoutingTables({ backends: { get: () => undefined }, randomBelow: () => 0 });
}

function delta(rules: readonly RulePlan[], listeners: readonly ListenerDelta[], removed: string[] = []): RoutingDelta {
  const socket = { socket: SOCKET, protocol: 'HTTP' as const, port: 80, listeners, removedListeners: removed };
  return { rules, removedRules: [], sockets: [socket] };
}

function listener(key: string, hostname: string | undefined, ...hosts: HostDelta[]): ListenerDelta {
  return { key, ...(hostname === undefined ? {} : { hostname }), hosts };
}

function insertAt(at: number, hostname: string, ...names: string[]): HostDelta {
  return { hostname, at, removeCount: 0, insert: ids(...names) };
}

/** Tables with one listener, whose hosts have the given rules in order of precedence. */
function tablesWith(hosts: Record<string, readonly RulePlan[]>): RoutingTables {
  const tables = newTables();
  const deltas = Object.entries(hosts).map(([host, rules]) => insertAt(0, host, ...rules.map(({ id }) => id)));
  tables.prepare(delta(Object.values(hosts).flat(), [listener('a', undefined, ...deltas)]))();
  return tables;
}

function routed(tables: RoutingTables, target: string, options: RequestOptions = {}): string | undefined {
  const request = requestFor(target, options);
  return tables.socket(SOCKET)?.listener(request.host)?.route(request)?.plan.id;
}

describe('paths', () => {
  const tables = tablesWith({
    '*': [
      rulePlan('exact-match', { match: exact('/match') }),
      rulePlan('exact-two', { match: exact('/two') }),
      rulePlan('prefix-v2-users', { match: prefix('/v2/users') }),
      rulePlan('prefix-match', { match: prefix('/match') }),
      rulePlan('prefix-cafe', { match: prefix('/caf%C3%A9') }),
      rulePlan('prefix-v2', { match: prefix('/v2') }),
      rulePlan('regex', { match: regex('/users/[0-9]+') }),
    ],
  });

  test.each([
    { name: 'an exact path is found', target: '/two', rule: 'exact-two' },
    { name: 'an exact path does not allow a trailing slash', target: '/two/', rule: undefined },
    { name: 'an exact path is case-sensitive', target: '/Two', rule: undefined },
    { name: 'the query is no part of the path', target: '/two?a=/three', rule: 'exact-two' },
    { name: 'a prefix matches itself', target: '/v2', rule: 'prefix-v2' },
    { name: 'a prefix matches with a trailing slash', target: '/v2/', rule: 'prefix-v2' },
    { name: 'a prefix matches whole elements only', target: '/v2example', rule: undefined },
    { name: 'the longest prefix wins', target: '/v2/users/7', rule: 'prefix-v2-users' },
    { name: 'a longer prefix that ends within an element does not', target: '/v2/users7', rule: 'prefix-v2' },
    { name: 'an exact path wins over the same prefix', target: '/match', rule: 'exact-match' },
    { name: 'the prefix gets what is below the exact path', target: '/match/', rule: 'prefix-match' },
    { name: 'a path far deeper than any prefix is found', target: `/v2${'/x'.repeat(5_000)}`, rule: 'prefix-v2' },
    { name: 'an encoded path is the same path', target: '/v%32', rule: 'prefix-v2' },
    { name: 'the path of a rule may be encoded', target: '/caf%c3%a9/menu', rule: 'prefix-cafe' },
    { name: 'a regular expression must match the whole path', target: '/users/12', rule: 'regex' },
    { name: 'a regular expression is anchored at its end', target: '/users/12/orders', rule: undefined },
    { name: 'a regular expression is anchored at its start', target: '/v1/users/12', rule: undefined },
    { name: 'a regular expression does not see the query', target: '/users/12?x=1', rule: 'regex' },
  ])('$name', ({ target, rule }) => {
    expect(routed(tables, target)).toBe(rule);
  });

  test('regular expressions come after prefixes, and `/` is a prefix', () => {
    const both = tablesWith({
      '*': [rulePlan('root', { match: prefix('/') }), rulePlan('regex', { match: regex('/a') })],
    });
    expect(routed(both, '/a')).toBe('root');
  });

  test('a pattern that is not RE2 matches nothing and disturbs nobody', () => {
    const tables = tablesWith({
      '*': [rulePlan('bad', { match: regex('/a(?=b)') }), rulePlan('good', { match: regex('/a.*') })],
    });
    expect(routed(tables, '/ab')).toBe('good');
  });
});

describe('methods, headers and query parameters', () => {
  const tables = tablesWith({
    '*': [
      rulePlan('post', { match: { method: 'POST' } }),
      rulePlan('both', {
        match: {
          headers: [
            { type: 'Exact', name: 'version', value: 'two' },
            { type: 'RegularExpression', name: 'cookie', value: '.*ab_test=checkout_v2.*' },
          ],
        },
      }),
      rulePlan('header', { match: { headers: [{ type: 'Exact', name: 'version', value: 'two' }] } }),
      rulePlan('regex', {
        match: { headers: [{ type: 'RegularExpression', name: 'color', value: '(?i)blue|green' }] },
      }),
      rulePlan('query', { match: { queryParams: [{ type: 'Exact', name: 'animal', value: 'big whale' }] } }),
      rulePlan('query-regex', { match: { queryParams: [{ type: 'RegularExpression', name: 'n', value: '[0-9]+' }] } }),
      rulePlan('rest'),
    ],
  });

  test.each<{ name: string; target?: string; options?: RequestOptions; rule: string }>([
    { name: 'a method must be equal', options: { method: 'POST' }, rule: 'post' },
    { name: 'methods are case-sensitive', options: { method: 'post' }, rule: 'rest' },
    { name: 'a header name is case-insensitive', options: { headers: [['VERSION', 'two']] }, rule: 'header' },
    { name: 'a header value is case-sensitive', options: { headers: [['version', 'Two']] }, rule: 'rest' },
    {
      name: 'of a repeated header the first counts',
      options: {
        headers: [
          ['Version', 'one'],
          ['Version', 'two'],
        ],
      },
      rule: 'rest',
    },
    {
      name: 'all headers must match',
      options: {
        headers: [
          ['Version', 'two'],
          ['Cookie', 'a=1; ab_test=checkout_v2; b=2'],
        ],
      },
      rule: 'both',
    },
    { name: 'a pattern must match the whole value', options: { headers: [['Color', 'dark blue']] }, rule: 'rest' },
    { name: 'a pattern may have flags', options: { headers: [['Color', 'GREEN']] }, rule: 'regex' },
    { name: 'a query parameter is decoded', target: '/?x=1&animal=big%20whale', rule: 'query' },
    { name: 'a plus is a space in a query', target: '/?animal=big+whale', rule: 'query' },
    { name: 'query names are case-sensitive', target: '/?ANIMAL=big+whale', rule: 'rest' },
    { name: 'query values are case-sensitive', target: '/?animal=Big+whale', rule: 'rest' },
    { name: 'the first of repeated parameters counts', target: '/?animal=cat&animal=big+whale', rule: 'rest' },
    { name: 'a query value may be a pattern', target: '/?n=42', rule: 'query-regex' },
    { name: 'a value must match the whole pattern', target: '/?n=42a', rule: 'rest' },
  ])('$name', ({ target = '/', options, rule }) => {
    expect(routed(tables, target, options)).toBe(rule);
  });

  test('a preflight meets a rule with CORS by the method that it announces', () => {
    const cors = {
      type: 'CORS',
      allowOrigins: ['*'],
      allowCredentials: false,
      allowMethods: [],
      allowHeaders: [],
      exposeHeaders: [],
      maxAgeSeconds: 5,
    } as const;
    const tables = tablesWith({
      '*': [rulePlan('put', { match: { method: 'PUT' }, filters: [cors] }), rulePlan('rest')],
    });
    const headers = [
      ['Origin', 'https://a.example'],
      ['Access-Control-Request-Method', 'PUT'],
    ] as const;
    expect(routed(tables, '/', { method: 'OPTIONS', headers })).toBe('put');
    expect(routed(tables, '/', { method: 'OPTIONS' })).toBe('rest');
  });
});

describe('hosts', () => {
  const tables = tablesWith({
    'www.example.com': [rulePlan('exact', { match: prefix('/www') })],
    '*.example.com': [rulePlan('wildcard', { match: prefix('/any') })],
    '*.deep.example.com': [rulePlan('deep', { match: prefix('/any') })],
    '*': [rulePlan('all', { match: prefix('/all') })],
  });

  test.each([
    { name: 'an exact host is found', host: 'www.example.com', target: '/www', rule: 'exact' },
    { name: 'the port does not count', host: 'www.example.com:8080', target: '/www', rule: 'exact' },
    { name: 'case does not count', host: 'WWW.Example.com', target: '/www', rule: 'exact' },
    { name: 'a wildcard covers one label', host: 'a.example.com', target: '/any', rule: 'wildcard' },
    { name: 'a wildcard covers several labels', host: 'a.b.example.com', target: '/any', rule: 'wildcard' },
    { name: 'a wildcard never covers the apex', host: 'example.com', target: '/any', rule: undefined },
    { name: 'the longer wildcard wins', host: 'a.deep.example.com', target: '/any', rule: 'deep' },
    {
      name: 'the apex of the longer wildcard belongs to the shorter',
      host: 'deep.example.com',
      target: '/any',
      rule: 'wildcard',
    },
    {
      name: 'less specific hosts get what the specific one does not match',
      host: 'www.example.com',
      target: '/any',
      rule: 'wildcard',
    },
    { name: 'every host is the last resort', host: 'www.example.com', target: '/all', rule: 'all' },
    { name: 'no rule of any host is no rule', host: 'www.example.com', target: '/none', rule: undefined },
    {
      name: 'a host of a thousand labels is looked up all the same',
      host: `${'a.'.repeat(1_000)}example.com`,
      target: '/any',
      rule: 'wildcard',
    },
  ])('$name', ({ host, target, rule }) => {
    expect(routed(tables, target, { authority: host })).toBe(rule);
  });
});

describe('listeners', () => {
  function isolated(): RoutingTables {
    const tables = newTables();
    const rules = ['empty', 'wildcard', 'longer', 'exact'].map((id) => rulePlan(id, { match: prefix(`/${id}`) }));
    const hosts = [undefined, '*.example.com', '*.foo.example.com', 'abc.foo.example.com'];
    const listeners = rules.map(({ id }, index) => {
      return listener(id, hosts[index], insertAt(0, hosts[index] ?? '*', id));
    });
    tables.prepare(delta(rules, listeners))();
    return tables;
  }

  // GatewayHTTPListenerIsolation of the conformance suite, in small.
  test.each([
    { host: 'bar.com', own: 'empty' },
    { host: 'bar.example.com', own: 'wildcard' },
    { host: 'bar.foo.example.com', own: 'longer' },
    { host: 'abc.foo.example.com', own: 'exact' },
  ])('requests for $host see the rules of listener "$own" only', ({ host, own }) => {
    const tables = isolated();
    const seen = ['empty', 'wildcard', 'longer', 'exact'].filter(
      (id) => routed(tables, `/${id}`, { authority: host }) !== undefined,
    );
    expect(seen).toEqual([own]);
  });

  test('a listener that goes leaves its hosts to the next', () => {
    const tables = isolated();
    tables.prepare(delta([], [], ['exact']))();
    expect(routed(tables, '/longer', { authority: 'abc.foo.example.com' })).toBe('longer');
  });

  test('two listeners can swap their hostnames in one step', () => {
    const tables = isolated();
    tables.prepare(delta([], [listener('empty', '*.example.com'), listener('wildcard', undefined)]))();
    expect(tables.socket(SOCKET)?.listener('a.example.com')?.key).toBe('empty');
    expect(tables.socket(SOCKET)?.listener('bar.com')?.key).toBe('wildcard');
  });
});

describe('deltas', () => {
  const [a, b, c] = ['a', 'b', 'c'].map((id) =>
    rulePlan(id, { match: { headers: [{ type: 'Exact', name: 'x', value: id }] } }),
  );
  const rest = rulePlan('rest');

  function start(): RoutingTables {
    return tablesWith({ '*': [a, b, c, rest].flatMap((rule) => (rule === undefined ? [] : [rule])) });
  }

  test('a rule inserted between others of its path takes its place in the order', () => {
    const tables = start();
    const first = rulePlan('first');
    tables.prepare(delta([first], [listener('a', undefined, insertAt(1, '*', 'first'))]))();
    expect(routed(tables, '/', { headers: [['x', 'a']] })).toBe('a');
    expect(routed(tables, '/', { headers: [['x', 'b']] })).toBe('first');
  });

  test('a rule that is replaced is found no more', () => {
    const tables = start();
    const next = rulePlan('next', { match: exact('/next') });
    const splice = { hostname: '*', at: 0, removeCount: 1, insert: [next.id] };
    tables.prepare(delta([next], [listener('a', undefined, splice)]))();
    expect(routed(tables, '/', { headers: [['x', 'a']] })).toBe('rest');
    expect(routed(tables, '/next')).toBe('next');
  });

  test('a host whose last rule goes is forgotten', () => {
    const tables = start();
    tables.prepare(delta([], [listener('a', undefined, { hostname: '*', at: 0, removeCount: 4, insert: [] })]))();
    expect(routed(tables, '/')).toBeUndefined();
  });

  test('a rule that is sent again stays the same object', () => {
    const tables = start();
    const before = tables.socket(SOCKET)?.listener('x')?.route(requestFor('/'));
    tables.prepare(
      delta([rest], [listener('a', undefined, { hostname: '*', at: 3, removeCount: 1, insert: [rest.id] })]),
    )();
    expect(tables.socket(SOCKET)?.listener('x')?.route(requestFor('/'))).toBe(before);
  });

  test.each([
    {
      name: 'a rule that nobody sent',
      bad: delta([], [listener('a', undefined, insertAt(0, '*', 'unknown'))]),
      message: 'Rule "unknown" is not known.',
    },
    {
      name: 'a place that a host does not have',
      bad: delta([], [listener('a', undefined, { hostname: '*', at: 4, removeCount: 1, insert: [] })]),
      message: 'Host "*" has 4 rules; 1 at 4 cannot be replaced.',
    },
    {
      name: 'a host that is changed twice',
      bad: delta([], [listener('a', undefined, insertAt(0, '*', 'a'), insertAt(0, '*', 'b'))]),
      message: 'Host "*" is changed twice in one delta.',
    },
    {
      name: 'a backend that nobody sent',
      bad: delta(
        [
          rulePlan('new', {
            action: { type: 'Forward', backends: [{ weight: 1, backend: 'ns/s:1' as never, filters: [] }] },
          }),
        ],
        [],
      ),
      message: 'Backend "ns/s:1" is not known.',
    },
    {
      name: 'two listeners with one hostname',
      bad: delta([], [listener('b', undefined)]),
      message: `Listeners "a" and "b" both claim host "*" on ${SOCKET}.`,
    },
  ])('$name is refused, and nothing has changed', ({ bad, message }) => {
    const tables = start();
    const good = listener('a', undefined, { hostname: '*', at: 0, removeCount: 4, insert: [] });
    const [socket] = bad.sockets;
    const mixed = { ...bad, sockets: bad.sockets.map((each) => ({ ...each, listeners: [good, ...each.listeners] })) };
    expect(() => tables.prepare(socket?.listeners.some(({ key }) => key === 'a') === true ? bad : mixed)).toThrow(
      message,
    );
    expect(routed(tables, '/')).toBe('rest');
  });

  test('nothing changes before the switch', () => {
    const tables = start();
    const commit = tables.prepare(delta([rulePlan('new')], [listener('a', undefined, insertAt(0, '*', 'new'))]));
    expect(routed(tables, '/')).toBe('rest');
    commit();
    expect(routed(tables, '/')).toBe('new');
  });
});
