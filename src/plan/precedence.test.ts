import { describe, expect, test } from 'vitest';
import { exact, forwarding, header, param, prefix, regex, rulesOf } from '../../test/support/plans.ts';
import { routeView } from '../../test/support/topology.ts';

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
