import { describe, expect, test } from 'vitest';
import { exchangeFor } from '../../../test/support/exchange.ts';
import type { PathModifierPlan } from '../../plan/types.ts';
import { compileFilter } from './compile-filter.ts';

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
