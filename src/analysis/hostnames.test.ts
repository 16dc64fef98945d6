import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { commonHostnames, intersectHostnames } from './hostnames.ts';

describe('intersectHostnames', () => {
  test.each([
    { name: 'two exact hosts that are the same', one: 'a.example.com', other: 'a.example.com', both: 'a.example.com' },
    { name: 'two exact hosts that differ', one: 'a.example.com', other: 'b.example.com', both: undefined },
    { name: 'a host within a wildcard', one: 'a.example.com', other: '*.example.com', both: 'a.example.com' },
    {
      name: 'a host several labels within a wildcard',
      one: 'a.b.example.com',
      other: '*.example.com',
      both: 'a.b.example.com',
    },
    { name: 'the apex of a wildcard', one: 'example.com', other: '*.example.com', both: undefined },
    { name: 'a host that only ends like a wildcard', one: 'badexample.com', other: '*.example.com', both: undefined },
    { name: 'a wildcard within a wildcard', one: '*.a.example.com', other: '*.example.com', both: '*.a.example.com' },
    { name: 'wildcards beside each other', one: '*.a.com', other: '*.b.com', both: undefined },
    { name: 'a host and every host', one: 'a.example.com', other: undefined, both: 'a.example.com' },
    { name: 'every host on both sides', one: undefined, other: '*', both: '*' },
  ])('of $name', ({ one, other, both }) => {
    expect(intersectHostnames(one, other)).toBe(both);
    expect(intersectHostnames(other, one)).toBe(both);
  });

  const label = fc.constantFrom('a', 'b', 'c');
  const host = fc.array(label, { minLength: 1, maxLength: 4 }).map((labels) => labels.join('.'));
  const pattern = fc.oneof(
    host,
    host.map((name) => `*.${name}`),
    fc.constant('*'),
  );

  test('matches exactly the hosts that both match', () => {
    fc.assert(
      fc.property(pattern, pattern, host, (one, other, name) => {
        const both = intersectHostnames(one, other);
        expect(both !== undefined && matches(both, name)).toBe(matches(one, name) && matches(other, name));
      }),
    );
  });
});

/** An oracle that counts labels. */
function matches(pattern: string, name: string): boolean {
  if (pattern === '*') return true;
  if (!pattern.startsWith('*.')) return pattern === name;
  const wanted = pattern.split('.').slice(1);
  const labels = name.split('.');
  return labels.length > wanted.length && labels.slice(-wanted.length).join('.') === wanted.join('.');
}

describe('commonHostnames', () => {
  test.each([
    {
      name: 'a route without hostnames has those of the listener',
      route: undefined,
      listener: 'a.com',
      common: ['a.com'],
    },
    { name: 'an empty list is no list', route: [], listener: undefined, common: ['*'] },
    {
      name: 'hosts are lower case, ordered and told once',
      route: ['B.com', 'a.com', 'b.com'],
      listener: undefined,
      common: ['a.com', 'b.com'],
    },
    { name: 'hosts that do not fit are left out', route: ['a.com', 'x.org'], listener: '*.org', common: ['x.org'] },
    { name: 'nothing fits', route: ['a.com'], listener: '*.org', common: [] },
  ])('$name', ({ route, listener, common }) => {
    expect(commonHostnames(route, listener)).toEqual(common);
  });
});
