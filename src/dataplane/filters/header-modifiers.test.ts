import { describe, expect, test } from 'vitest';
import { exchangeFor } from '../../../test/support/exchange.ts';
import { ListedHeaders, type RequestOptions } from '../../../test/support/request-view.ts';
import type { HeaderModifierPlan } from '../../plan/types.ts';
import { compileFilter } from './compile-filter.ts';

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
