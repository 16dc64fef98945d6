import { describe, expect, test } from 'vitest';
import { exchangeFor } from '../../../test/support/exchange.ts';
import { ListedHeaders } from '../../../test/support/request-view.ts';
import type { FilterPlan } from '../../plan/types.ts';
import { compileFilter } from './compile-filter.ts';

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
