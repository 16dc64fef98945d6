import { describe, expect, expectTypeOf, test } from 'vitest';
import type { HTTPBackendRef, HTTPRoute } from './http-route.ts';
import type { KubeObject } from './object.ts';
import type { HTTPRouteFilter } from './parts/http-route-filter.ts';
import type { Listener } from './parts/listener.ts';
import type { Infer } from './schema.ts';
import { array, described, integer, map, object, oneOf, required, string } from './schema.ts';

const shape = object({
  name: required(string()),
  size: oneOf(['Small', 'Large'], { default: 'Small' }),
  ports: array(required(integer({ minimum: 1 }))),
  labels: map(string()),
});

describe('a schema', () => {
  test('lists required properties in alphabetical order', () => {
    const schema = object({ b: required(string()), a: required(string()), c: string() });
    expect(schema.required).toEqual(['a', 'b']);
  });

  test('has no list of required properties when there are none', () => {
    expect(object({ a: string() })).toEqual({ type: 'object', properties: { a: { type: 'string' } } });
  });

  test('that is described anew leaves the shared one alone', () => {
    const shared = string({ description: 'A name.', maxLength: 5 });
    expect(described(shared, 'The name of the port.', { default: 'http' })).toEqual({
      type: 'string',
      description: 'The name of the port.',
      maxLength: 5,
      default: 'http',
    });
    expect(shared).toEqual({ type: 'string', description: 'A name.', maxLength: 5 });
  });

  test('knows the static type of its values', () => {
    expectTypeOf<Infer<typeof shape>>().toEqualTypeOf<{
      readonly name: string;
      readonly size?: 'Small' | 'Large';
      readonly ports?: readonly number[];
      readonly labels?: Readonly<Record<string, string>>;
    }>();
  });
});

describe('the types of the Gateway API', () => {
  test('say which fields may be absent', () => {
    expectTypeOf<HTTPRoute>().toExtend<KubeObject>();
    expectTypeOf<Listener['port']>().toEqualTypeOf<number>();
    expectTypeOf<Listener['hostname']>().toEqualTypeOf<string | undefined>();
    expectTypeOf<HTTPBackendRef['name']>().toEqualTypeOf<string>();
    expectTypeOf<HTTPBackendRef['weight']>().toEqualTypeOf<number | undefined>();
    expectTypeOf<HTTPBackendRef['filters']>().toEqualTypeOf<readonly HTTPRouteFilter[] | undefined>();
  });
});
