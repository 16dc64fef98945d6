import { describe, expect, test } from 'vitest';
import { ListedHeaders, requestFor, type RequestOptions } from '../../../test/support/request-view.ts';
import { routeRef } from '../../../test/support/rule-plan.ts';
import type { FilterPlan, HeaderModifierPlan, PathModifierPlan, RedirectPlan } from '../../plan/types.ts';
import type { Exchange } from '../exchange.ts';
import { compileFilter } from './compile-filter.ts';
import { compileRedirect } from './request-redirect.ts';

type TestExchange = Exchange & { readonly request: ReturnType<typeof requestFor> };

function exchangeFor(target: string, options: RequestOptions = {}, listenerPort = 80): TestExchange {
  return { request: requestFor(target, options), source: { route: routeRef('r'), rule: 0, match: 0 }, listenerPort };
}

function modifier(parts: Partial<HeaderModifierPlan>): HeaderModifierPlan {
  return { set: [], add: [], remove: [], ...parts };
}

describe('RequestHeaderModifier', () => {
  function edited(parts: Partial<HeaderModifierPlan>, headers: RequestOptions['headers'] = []): readonly string[] {
    const exchange = exchangeFor('/', { headers });
    compileFilter({ type: 'RequestHeaderModifier', modifier: modifier(parts) }).onRequest?.(exchange);
    return exchange.request.headers.lines.map(([name, value]) => `${name}: ${value}`);
  }

  test.each<{ name: string; parts: Partial<HeaderModifierPlan>; headers?: RequestOptions['headers']; lines: string[] }>(
    [
      {
        name: 'set replaces all values of a field, whatever its case',
        parts: { set: [{ name: 'X-Set', value: 'new' }] },
        headers: [
          ['x-set', 'a'],
          ['X-SET', 'b'],
        ],
        lines: ['Host: example.com', 'X-Set: new'],
      },
      {
        name: 'add keeps what is there, on lines of its own',
        parts: { add: [{ name: 'X-Add', value: 'two' }] },
        headers: [['x-add', 'one']],
        lines: ['Host: example.com', 'x-add: one', 'X-Add: two'],
      },
      {
        name: 'remove takes all values, whatever their case',
        parts: { remove: ['X-Remove'] },
        headers: [
          ['x-remove', 'a'],
          ['X-REMOVE', 'b'],
          ['x-keep', 'c'],
        ],
        lines: ['Host: example.com', 'x-keep: c'],
      },
      {
        name: 'the order is set, add, remove',
        parts: { set: [{ name: 'A', value: '1' }], add: [{ name: 'A', value: '2' }], remove: ['a'] },
        lines: ['Host: example.com'],
      },
      {
        name: 'a Host that is set is honoured',
        parts: { set: [{ name: 'host', value: 'internal.example' }] },
        lines: ['host: internal.example'],
      },
      {
        name: 'a Host that is added replaces the one that came: there is one Host',
        parts: { add: [{ name: 'Host', value: 'internal.example' }] },
        lines: ['Host: internal.example'],
      },
      {
        name: 'a value beyond latin1 goes out as UTF-8 and cannot become a line break',
        parts: { set: [{ name: 'X', value: '\u010a' }] },
        lines: ['Host: example.com', 'X: \u00c4\u008a'],
      },
    ],
  )('$name', ({ parts, headers, lines }) => {
    expect(edited(parts, headers)).toEqual(lines);
  });

  test.each([
    { name: 'a line break in a value', parts: { set: [{ name: 'X', value: 'a\r\nEvil: b' }] } },
    { name: 'a name that is no token', parts: { add: [{ name: 'X Y', value: 'a' }] } },
    { name: 'a length', parts: { set: [{ name: 'Content-Length', value: '0' }] } },
    { name: 'a transfer coding', parts: { remove: ['transfer-encoding'] } },
  ])('$name makes the filter impossible', ({ parts }) => {
    expect(() => compileFilter({ type: 'RequestHeaderModifier', modifier: modifier(parts) })).toThrow();
  });
});

test('ResponseHeaderModifier edits the answer and leaves the request alone', () => {
  const filter = compileFilter({
    type: 'ResponseHeaderModifier',
    modifier: modifier({ set: [{ name: 'X-Frame-Options', value: 'DENY' }], remove: ['server'] }),
  });
  const exchange = exchangeFor('/');
  const headers = new ListedHeaders([
    ['Server', 'x'],
    ['x-frame-options', 'ALLOW'],
  ]);
  expect(filter.onRequest?.(exchange)).toBeUndefined();
  filter.onResponse?.(exchange, { statusCode: 200, headers });
  expect(headers.lines).toEqual([['X-Frame-Options', 'DENY']]);
  expect(exchange.request.headers.lines).toEqual([['Host', 'example.com']]);
});

describe('URLRewrite', () => {
  function rewritten(path: PathModifierPlan, target: string): string {
    const exchange = exchangeFor(target);
    compileFilter({ type: 'URLRewrite', path }).onRequest?.(exchange);
    return exchange.request.path + exchange.request.query;
  }

  // The table of HTTPPathModifier.replacePrefixMatch; '' is an empty replacement.
  test.each([
    { path: '/foo/bar', prefix: '/foo', value: '/xyz', result: '/xyz/bar' },
    { path: '/foo/bar', prefix: '/foo', value: '/xyz/', result: '/xyz/bar' },
    { path: '/foo/bar', prefix: '/foo/', value: '/xyz', result: '/xyz/bar' },
    { path: '/foo/bar', prefix: '/foo/', value: '/xyz/', result: '/xyz/bar' },
    { path: '/foo', prefix: '/foo', value: '/xyz', result: '/xyz' },
    { path: '/foo/', prefix: '/foo', value: '/xyz', result: '/xyz/' },
    { path: '/foo/bar', prefix: '/foo', value: '', result: '/bar' },
    { path: '/foo/', prefix: '/foo', value: '', result: '/' },
    { path: '/foo', prefix: '/foo', value: '', result: '/' },
    { path: '/foo/', prefix: '/foo', value: '/', result: '/' },
    { path: '/foo', prefix: '/foo', value: '/', result: '/' },
    { path: '/foo/bar', prefix: '/', value: '/xyz', result: '/xyz/foo/bar' },
    { path: '/', prefix: '/', value: '/xyz', result: '/xyz/' },
    { path: '/a/b/c/d', prefix: '/a/b', value: '/z', result: '/z/c/d' },
  ])('$path with prefix $prefix replaced by "$value" is $result', ({ path, prefix, value, result }) => {
    expect(rewritten({ type: 'ReplacePrefixMatch', prefix, value }, path)).toBe(result);
  });

  test.each<{ name: string; path: PathModifierPlan; target: string; result: string }>([
    {
      name: 'the query is kept, in its order and bytes',
      path: { type: 'ReplacePrefixMatch', prefix: '/foo', value: '/xyz' },
      target: '/foo/bar?b=%41&a=2',
      result: '/xyz/bar?b=%41&a=2',
    },
    {
      name: 'bytes beyond the prefix are kept as they came',
      path: { type: 'ReplacePrefixMatch', prefix: '/foo', value: '/xyz' },
      target: '/f%6fo/b%61r%2Fbaz',
      result: '/xyz/b%61r%2Fbaz',
    },
    {
      name: 'a resolved path is forwarded where dot segments hid another one',
      path: { type: 'ReplacePrefixMatch', prefix: '/foo', value: '/xyz' },
      target: '/foo/x/../../foo/a%20b',
      result: '/xyz/a%20b',
    },
    {
      name: 'dot segments after the prefix do not climb out of the replacement',
      path: { type: 'ReplacePrefixMatch', prefix: '/foo', value: '/xyz/safe' },
      target: '/foo/a/../b',
      result: '/xyz/safe/b',
    },
    {
      name: 'slashes after a prefix that is dropped do not make an authority',
      path: { type: 'ReplacePrefixMatch', prefix: '/foo', value: '/' },
      target: '/foo//evil.example/x',
      result: '/evil.example/x',
    },
    {
      name: 'a full path takes the place of the whole path',
      path: { type: 'ReplaceFullPath', value: '/one' },
      target: '/any/thing?q=1',
      result: '/one?q=1',
    },
    {
      name: 'an empty full path is the root',
      path: { type: 'ReplaceFullPath', value: '' },
      target: '/any',
      result: '/',
    },
    {
      name: 'a value is encoded, so that it cannot end the request line',
      path: { type: 'ReplaceFullPath', value: '/a b\r\nX: é%20' },
      target: '/',
      result: '/a%20b%0D%0AX:%20%C3%A9%20',
    },
  ])('$name', ({ path, target, result }) => {
    expect(rewritten(path, target)).toBe(result);
  });

  test('a hostname changes the Host only', () => {
    const exchange = exchangeFor('/a', { authority: 'example.com:8080' });
    compileFilter({ type: 'URLRewrite', hostname: 'internal.example' }).onRequest?.(exchange);
    expect(exchange.request.headers.get('host')).toBe('internal.example');
    expect(exchange.request.path).toBe('/a');
  });
});

describe('RequestRedirect', () => {
  function location(plan: Partial<RedirectPlan>, target: string, options: RequestOptions = {}, port = 80): string {
    const redirect: RedirectPlan = { type: 'Redirect', statusCode: 302, portFrom: 'Plan', ...plan };
    const answer = compileRedirect(redirect)(exchangeFor(target, options, port));
    expect(answer.statusCode).toBe(redirect.statusCode);
    return answer.headers.find(([name]) => name === 'Location')?.[1] ?? '';
  }

  test.each<{
    name: string;
    plan: Partial<RedirectPlan>;
    target?: string;
    options?: RequestOptions;
    port?: number;
    to: string;
  }>([
    {
      name: 'path and query are kept',
      plan: { hostname: 'example.org', portFrom: 'Listener' },
      target: '/a/b%20c?x=1&y=%2F',
      to: 'http://example.org/a/b%20c?x=1&y=%2F',
    },
    { name: 'the host of the request is kept', plan: { scheme: 'https', statusCode: 301 }, to: 'https://example.com/' },
    {
      name: 'with a scheme and no port the answer names none, whatever the listener',
      plan: { scheme: 'https' },
      options: { authority: 'example.com:8080' },
      port: 8080,
      to: 'https://example.com/',
    },
    {
      name: 'without scheme and port it names the port of the listener, not that of the Host header',
      plan: { hostname: 'example.org', portFrom: 'Listener' },
      options: { authority: 'example.com:1234' },
      port: 8080,
      to: 'http://example.org:8080/',
    },
    { name: 'port 80 is left out for http', plan: { port: 80, scheme: 'http' }, to: 'http://example.com/' },
    { name: 'port 443 is left out for https', plan: { port: 443, scheme: 'https' }, to: 'https://example.com/' },
    { name: 'port 443 is named for http', plan: { port: 443, scheme: 'http' }, to: 'http://example.com:443/' },
    { name: 'port 80 is named for https', plan: { port: 80, scheme: 'https' }, to: 'https://example.com:80/' },
    {
      name: 'a port is taken with the scheme of the request',
      plan: { port: 8443 },
      options: { scheme: 'https' },
      to: 'https://example.com:8443/',
    },
    {
      name: 'an HTTPS listener on 443 leaves its port out',
      plan: { hostname: 'example.org', portFrom: 'Listener' },
      options: { scheme: 'https' },
      port: 443,
      to: 'https://example.org/',
    },
    {
      name: 'an IPv6 host keeps its brackets and loses its port',
      plan: { scheme: 'https' },
      options: { authority: '[::1]:8080' },
      to: 'https://[::1]/',
    },
    {
      name: 'a prefix is replaced',
      plan: { path: { type: 'ReplacePrefixMatch', prefix: '/original', value: '/new' } },
      target: '/original/a?q=1',
      to: 'http://example.com/new/a?q=1',
    },
    {
      name: 'a full path is replaced',
      plan: { path: { type: 'ReplaceFullPath', value: '/full' }, statusCode: 308 },
      target: '/original/a?q=1',
      to: 'http://example.com/full?q=1',
    },
  ])('$name', ({ plan, target = '/', options, port, to }) => {
    expect(location(plan, target, options, port)).toBe(to);
  });
});

describe('CORS', () => {
  const plan = {
    type: 'CORS',
    allowOrigins: ['https://www.foo.com', 'https://*.bar.com', 'http://port.example:8080'],
    allowCredentials: false,
    allowMethods: ['GET', 'PUT'],
    allowHeaders: ['X-One', 'X-Two'],
    exposeHeaders: ['X-Seen'],
    maxAgeSeconds: 5,
  } as const satisfies FilterPlan;

  function preflight(
    filter: FilterPlan,
    origin: string,
  ): { status: number | undefined; headers: Record<string, string> } {
    const exchange = exchangeFor('/', {
      method: 'OPTIONS',
      headers: [
        ['Origin', origin],
        ['Access-Control-Request-Method', 'DELETE'],
        ['Access-Control-Request-Headers', 'x-asked'],
      ],
    });
    const compiled = compileFilter(filter);
    const answer = compiled.onRequest?.(exchange);
    const headers = new ListedHeaders(answer?.headers);
    compiled.onResponse?.(exchange, { statusCode: answer?.statusCode ?? 0, headers });
    return { status: answer?.statusCode, headers: byName(headers) };
  }

  function answered(
    filter: FilterPlan,
    origin: string | undefined,
    fromBackend: ListedHeaders = new ListedHeaders(),
  ): Record<string, string> {
    const exchange = exchangeFor('/', { headers: origin === undefined ? [] : [['Origin', origin]] });
    const compiled = compileFilter(filter);
    expect(compiled.onRequest?.(exchange)).toBeUndefined();
    compiled.onResponse?.(exchange, { statusCode: 200, headers: fromBackend });
    return byName(fromBackend);
  }

  function byName(headers: ListedHeaders): Record<string, string> {
    return Object.fromEntries(headers.lines.map(([name, value]) => [name.toLowerCase(), value]));
  }

  test('a preflight is answered with what is configured, not with what is asked for', () => {
    expect(preflight(plan, 'https://www.foo.com')).toEqual({
      status: 204,
      headers: {
        'access-control-allow-origin': 'https://www.foo.com',
        'access-control-allow-methods': 'GET, PUT',
        'access-control-allow-headers': 'X-One, X-Two',
        'access-control-expose-headers': 'X-Seen',
        'access-control-max-age': '5',
        vary: 'Origin',
      },
    });
  });

  test('with wildcards and no credentials a preflight gets wildcards', () => {
    const open = { ...plan, allowOrigins: ['*'], allowMethods: ['*'], allowHeaders: ['*'], exposeHeaders: ['*'] };
    expect(preflight(open, 'https://any.example').headers).toEqual({
      'access-control-allow-origin': '*',
      'access-control-allow-methods': '*',
      'access-control-allow-headers': '*',
      'access-control-expose-headers': '*',
      'access-control-max-age': '5',
    });
  });

  test('with wildcards and credentials a preflight gets what it asks for, never a wildcard', () => {
    const open = {
      ...plan,
      allowCredentials: true,
      allowOrigins: ['*'],
      allowMethods: ['*'],
      allowHeaders: ['*'],
      exposeHeaders: ['*'],
    };
    expect(preflight(open, 'https://any.example').headers).toEqual({
      'access-control-allow-origin': 'https://any.example',
      'access-control-allow-credentials': 'true',
      'access-control-allow-methods': 'DELETE',
      'access-control-allow-headers': 'x-asked',
      'access-control-max-age': '5',
      vary: 'Origin',
    });
  });

  test('lists that are not configured are not mentioned', () => {
    const bare = { ...plan, allowMethods: [], allowHeaders: [], exposeHeaders: [] };
    expect(Object.keys(preflight(bare, 'https://www.foo.com').headers)).toEqual([
      'access-control-allow-origin',
      'access-control-max-age',
      'vary',
    ]);
  });

  test.each([
    { name: 'an exact origin', origin: 'https://www.foo.com', allowed: true },
    { name: 'its default port', origin: 'https://www.foo.com:443', allowed: true },
    { name: 'another port', origin: 'https://www.foo.com:8443', allowed: false },
    { name: 'another scheme', origin: 'http://www.foo.com', allowed: false },
    { name: 'one label under a wildcard', origin: 'https://a.bar.com', allowed: true },
    { name: 'several labels under a wildcard', origin: 'https://xpto.www.bar.com', allowed: true },
    { name: 'the apex of a wildcard', origin: 'https://bar.com', allowed: false },
    { name: 'a host that only ends alike', origin: 'https://evilbar.com', allowed: false },
    { name: 'a path before the suffix', origin: 'https://evil.example/.bar.com', allowed: false },
    { name: 'user information before the suffix', origin: 'https://evil.example@a.bar.com', allowed: false },
    { name: 'a port that is listed', origin: 'http://port.example:8080', allowed: true },
    { name: 'a port that is missing', origin: 'http://port.example', allowed: false },
    { name: 'no origin to speak of', origin: 'null', allowed: false },
  ])('$name is allowed: $allowed', ({ origin, allowed }) => {
    expect(preflight(plan, origin).status).toBe(allowed ? 204 : 403);
    expect('access-control-allow-origin' in answered(plan, origin)).toBe(allowed);
  });

  test('a request of another origin is forwarded, and its answer has no CORS headers', () => {
    expect(answered(plan, 'https://evil.example')).toEqual({ vary: 'Origin' });
  });

  test('an OPTIONS request that is no preflight is forwarded', () => {
    const exchange = exchangeFor('/', { method: 'OPTIONS', headers: [['Origin', 'https://www.foo.com']] });
    expect(compileFilter(plan).onRequest?.(exchange)).toBeUndefined();
  });

  test('what a backend says about CORS is replaced', () => {
    const fromBackend = new ListedHeaders([
      ['Access-Control-Allow-Origin', '*'],
      ['Access-Control-Allow-Credentials', 'true'],
      ['Vary', 'Accept, origin'],
    ]);
    expect(answered(plan, 'https://www.foo.com', fromBackend)).toEqual({
      vary: 'Accept, origin',
      'access-control-allow-origin': 'https://www.foo.com',
      'access-control-expose-headers': 'X-Seen',
    });
  });

  test('without an Origin nothing is said about CORS', () => {
    expect(answered(plan, undefined, new ListedHeaders([['Access-Control-Allow-Origin', '*']]))).toEqual({
      vary: 'Origin',
    });
  });
});
