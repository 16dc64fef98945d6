import { describe, expect, test } from 'vitest';
import type { JsonSchema } from '../../api/schema.ts';
import { applyDefaults } from './defaults.ts';

const schema: JsonSchema = {
  type: 'object',
  properties: {
    spec: {
      type: 'object',
      properties: {
        kind: { type: 'string', default: 'Gateway' },
        path: {
          type: 'object',
          default: { value: '/' },
          properties: { type: { type: 'string', default: 'PathPrefix' }, value: { type: 'string' } },
        },
        inner: { type: 'object', properties: { weight: { type: 'integer', default: 1 } } },
        list: { type: 'array', items: { type: 'object', properties: { weight: { type: 'integer', default: 1 } } } },
        map: {
          type: 'object',
          additionalProperties: { type: 'object', properties: { on: { type: 'boolean', default: true } } },
        },
        none: { type: 'string', nullable: true, default: 'x' },
      },
    },
  },
};

const path = { type: 'PathPrefix', value: '/' };

const cases = [
  { name: 'a missing object gets no inner defaults', value: {}, result: {} },
  {
    name: 'missing members get theirs, and defaults get defaults',
    value: { spec: {} },
    result: { kind: 'Gateway', path, none: 'x' },
  },
  {
    name: 'items of lists and values of maps get theirs',
    value: { spec: { kind: 'K', path, none: 'y', list: [{}, { weight: 2 }], map: { a: {} }, inner: {} } },
    result: {
      kind: 'K',
      path,
      none: 'y',
      list: [{ weight: 1 }, { weight: 2 }],
      map: { a: { on: true } },
      inner: { weight: 1 },
    },
  },
  {
    name: 'null counts as missing where it is not allowed',
    value: { spec: { kind: null, path, none: null, inner: null } },
    result: { kind: 'Gateway', path, none: null },
  },
];

describe('applyDefaults', () => {
  test.each(cases)('$name', ({ value, result }) => {
    expect(applyDefaults(schema, value)).toEqual(value.spec === undefined ? {} : { spec: result });
  });

  test('an object that lacks nothing is returned as it is', () => {
    const complete = applyDefaults(schema, { spec: { list: [{}] } });
    expect(applyDefaults(schema, complete)).toBe(complete);
  });
});
