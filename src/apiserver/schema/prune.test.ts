import { describe, expect, test } from 'vitest';
import type { JsonSchema } from '../../api/schema.ts';
import { prune, renderStrictError } from './prune.ts';

const schema: JsonSchema = {
  type: 'object',
  properties: {
    spec: {
      type: 'object',
      properties: {
        rules: { type: 'array', items: { type: 'object', properties: { name: { type: 'string' } } } },
        labels: { type: 'object', additionalProperties: { type: 'string' } },
        open: {
          type: 'object',
          'x-kubernetes-preserve-unknown-fields': true,
          properties: { known: { type: 'object', properties: { a: { type: 'string' } } } },
        },
        embedded: {
          type: 'object',
          'x-kubernetes-embedded-resource': true,
          properties: { spec: { type: 'object' } },
        },
      },
    },
  },
};

const cases = [
  { name: 'unknown members of items', value: { rules: [{ name: 'a', foo: 1 }] }, unknown: ['spec.rules[0].foo'] },
  { name: 'nothing in maps', value: { labels: { a: 'x' } }, unknown: [] },
  { name: 'nothing where unknown fields are kept', value: { open: { x: { y: [{}] } } }, unknown: [] },
  {
    name: 'below known members of open objects',
    value: { open: { known: { a: '', b: 1 } } },
    unknown: ['spec.open.known.b'],
  },
  {
    name: 'all but the metadata of embedded resources',
    value: { embedded: { apiVersion: 'v1', kind: 'K', metadata: { name: 'a' }, data: 1 } },
    unknown: ['spec.embedded.data'],
  },
];

describe('prune', () => {
  test.each(cases)('takes away $name', ({ value, unknown }) => {
    const object = { apiVersion: 'a/v1', kind: 'K', metadata: { name: 'x' }, spec: value };
    const pruned = prune(schema, object);
    expect(pruned.unknownFields).toEqual(unknown);
    if (unknown.length === 0) expect(pruned.value).toBe(object);
    expect(prune(schema, pruned.value)).toEqual({ value: pruned.value, unknownFields: [] });
  });

  test('unknown metadata is unknown', () => {
    expect(prune(schema, { metadata: { name: 'x', foo: 1 } }).unknownFields).toEqual(['metadata.foo']);
  });

  test('the strict error is what kubectl shows', () => {
    expect(renderStrictError(['spec.a', 'spec.b'])).toBe(
      'strict decoding error: unknown field "spec.a", unknown field "spec.b"',
    );
  });

  test('a member called __proto__ is data', () => {
    const value: unknown = JSON.parse('{"spec":{"labels":{"__proto__":"x"}}}');
    expect(JSON.stringify(prune(schema, value).value)).toBe('{"spec":{"labels":{"__proto__":"x"}}}');
  });
});
