import { describe, expect, test } from 'vitest';
import { compileRegex, literalPrefix } from './regex.ts';

describe('the literal start of a pattern', () => {
  test.each([
    { pattern: '/users/[0-9]+', prefix: '/users/' },
    { pattern: '/a\\.b/.*', prefix: '/a.b/' },
    { pattern: '/colou?r', prefix: '/colo' },
    { pattern: '/ab{0,1}', prefix: '/a' },
    { pattern: '/ab+', prefix: '/ab' },
    { pattern: '/a|/b', prefix: '' },
    { pattern: '(?i)/a', prefix: '' },
    { pattern: '/\\d', prefix: '/' },
    { pattern: '/a\\Qb.c\\E', prefix: '' },
    { pattern: 'a+(?s){0}', prefix: '' },
    { pattern: '^/a', prefix: '' },
    { pattern: '/plain', prefix: '/plain' },
  ])('of $pattern is "$prefix"', ({ pattern, prefix }) => {
    expect(literalPrefix(pattern)).toBe(prefix);
  });
});

test('a pattern that would run exponentially elsewhere takes linear time', () => {
  const regex = compileRegex('(a+)+b');
  expect(regex.test('a'.repeat(20_000))).toBe(false);
});

test('what RE2 does not know is an error', () => {
  expect(() => compileRegex('(?<=a)b')).toThrow();
});
