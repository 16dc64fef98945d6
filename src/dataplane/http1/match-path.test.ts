import { expect, test } from 'vitest';
import { matchPath } from './match-path.ts';

test.each([
  ['a plain path stays', '/a/b.c', '/a/b.c'],
  ['an escape of an ordinary character is decoded', '/%61%2Db', '/a-b'],
  ['UTF-8 is decoded', '/caf%C3%A9', '/café'],
  ['other bytes stay latin1', '/%E9', '/\xe9'],
  ['dot segments are resolved', '/a/./b/../c', '/a/c'],
  ['encoded dot segments are resolved', '/a/%2e/b/%2E%2e/c', '/a/c'],
  ['a dot segment at the end leaves a slash', '/a/b/..', '/a/'],
  ['a segment that only begins with a dot stays', '/.well-known/..a', '/.well-known/..a'],
  ['empty segments are left out', '//a///b//', '/a/b/'],
  ['nothing but slashes is the root', '///', '/'],
  ['an encoded slash stays encoded', '/a%2fb', '/a%2Fb'],
  ['an encoded percent sign stays encoded', '/a%252e', '/a%252e'],
  ['a path above the root is refused', '/../a', undefined],
  ['an encoded path above the root is refused', '/a/%2e%2e/%2e%2e', undefined],
  ['dots behind an encoded slash are refused', '/a%2f..%2fb', undefined],
  ['dots behind an encoded backslash are refused', '/a%5c..', undefined],
  ['dots with parameters are refused', '/a/..;x=1/b', undefined],
  ['a backslash is refused', '/a\\b', undefined],
  ['an encoded NUL is refused', '/a%00', undefined],
  ['a broken escape is refused', '/a%zz', undefined],
  ['a cut escape is refused', '/a%2', undefined],
])('%s', (_, path, expected) => {
  expect(matchPath(path)).toBe(expected);
});
