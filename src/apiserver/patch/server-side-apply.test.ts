import { describe, expect, test } from 'vitest';
import type { KubeObject } from '../../api/object.ts';
import type { JsonSchema } from '../../api/schema.ts';
import type { JsonObject } from '../schema/json.ts';
import { updateManagedFields } from './managed-fields.ts';
import { renderConflicts, serverSideApply } from './server-side-apply.ts';

const schema: JsonSchema = {
  type: 'object',
  properties: {
    spec: {
      type: 'object',
      properties: {
        name: { type: 'string' },
        size: { type: 'integer' },
        rules: {
          type: 'array',
          items: {
            type: 'object',
            'x-kubernetes-preserve-unknown-fields': true,
            properties: { weight: { type: 'integer', default: 1 } },
          },
        },
        hosts: { type: 'array', items: { type: 'string' }, 'x-kubernetes-list-type': 'set' },
        ports: {
          type: 'array',
          'x-kubernetes-list-type': 'map',
          'x-kubernetes-list-map-keys': ['port', 'protocol'],
          items: {
            type: 'object',
            required: ['port'],
            properties: {
              port: { type: 'integer' },
              protocol: { type: 'string', default: 'TCP' },
              name: { type: 'string' },
              target: { type: 'integer' },
            },
          },
        },
        selector: { type: 'object', 'x-kubernetes-map-type': 'atomic', additionalProperties: { type: 'string' } },
        nested: { type: 'object', properties: { a: { type: 'string' }, b: { type: 'string' } } },
      },
    },
    status: { type: 'object', properties: { ready: { type: 'boolean' } } },
  },
};

const T1 = '2030-01-01T00:00:00Z';
const T2 = '2030-01-01T00:00:10Z';

function objectWith(spec: JsonObject, metadata: JsonObject = {}): KubeObject {
  const object = { apiVersion: 'example.com/v1', kind: 'Thing', metadata: { name: 'x', ...metadata }, spec };
  return object;
}

interface ApplyOptions {
  readonly force?: boolean;
  readonly time?: string;
}

function apply(live: KubeObject | undefined, manager: string, spec: JsonObject, options: ApplyOptions = {}) {
  const { force = false, time = T1 } = options;
  return serverSideApply({ schema, live, applied: objectWith(spec), manager, force, time });
}

function applied(live: KubeObject | undefined, manager: string, spec: JsonObject, options?: ApplyOptions): KubeObject {
  const { object, conflicts } = apply(live, manager, spec, options);
  expect(conflicts).toEqual([]);
  return object;
}

function specOf(object: KubeObject): unknown {
  return Reflect.get(object, 'spec');
}

function fieldsOf(object: KubeObject, manager: string): unknown {
  return object.metadata.managedFields?.find((entry) => entry.manager === manager)?.fieldsV1;
}

describe('serverSideApply', () => {
  test('records every applied field in fieldsV1', () => {
    const object = applied(undefined, 'me', {
      name: 'a',
      rules: [{ x: 1 }],
      hosts: ['h'],
      ports: [{ port: 80, name: 'http' }],
      selector: { app: 'web' },
    });
    expect(object.metadata.managedFields).toEqual([
      {
        manager: 'me',
        operation: 'Apply',
        apiVersion: 'example.com/v1',
        time: T1,
        fieldsType: 'FieldsV1',
        fieldsV1: {
          'f:spec': {
            'f:hosts': { 'v:"h"': {} },
            'f:name': {},
            'f:ports': { 'k:{"port":80,"protocol":"TCP"}': { '.': {}, 'f:name': {}, 'f:port': {} } },
            'f:rules': {},
            'f:selector': {},
          },
        },
      },
    ]);
  });

  test('applying the same again changes nothing, the time of the entry included', () => {
    const spec = { name: 'a', ports: [{ port: 80 }], hosts: ['b', 'a'], nested: {} };
    const first = applied(undefined, 'me', spec);
    expect(applied(first, 'me', spec, { time: T2 })).toEqual(first);
  });

  test('what is not applied any more is taken away', () => {
    const first = applied(undefined, 'me', { name: 'a', size: 1, nested: { a: 'x' }, hosts: ['a', 'b'] });
    const second = applied(first, 'me', { name: 'a', hosts: ['b'] });
    expect(specOf(second)).toEqual({ name: 'a', hosts: ['b'] });
  });

  test('what others own as well stays', () => {
    const first = applied(undefined, 'me', { name: 'a', size: 1 });
    const second = applied(first, 'you', { size: 1 });
    expect(specOf(applied(second, 'me', { name: 'a' }))).toEqual({ name: 'a', size: 1 });
  });

  test('what nobody ever owned stays', () => {
    const live = applied(undefined, 'me', { name: 'a' });
    const withMore = { ...live, spec: { name: 'a', nested: { b: 'unowned' } } };
    expect(specOf(applied(withMore, 'me', { nested: { a: 'x' } }))).toEqual({ nested: { a: 'x', b: 'unowned' } });
  });

  test('an item of a map list goes by its key, defaulted keys included', () => {
    const first = applied(undefined, 'me', { ports: [{ port: 80, target: 1 }, { port: 81 }] });
    const second = applied(first, 'me', { ports: [{ port: 80, protocol: 'TCP', target: 2 }] });
    expect(specOf(second)).toEqual({ ports: [{ port: 80, protocol: 'TCP', target: 2 }] });
  });

  test('an item that is applied twice is left for validation to refuse', () => {
    const first = applied(undefined, 'me', { ports: [{ port: 80 }] });
    expect(specOf(applied(first, 'me', { ports: [{ port: 81 }, { port: 81 }] }))).toMatchObject({
      ports: [{ port: 81 }, { port: 81 }],
    });
  });

  test('two managers may own different items of a list', () => {
    const first = applied(undefined, 'me', { ports: [{ port: 80 }] });
    const second = applied(first, 'you', { ports: [{ port: 81 }] });
    expect(specOf(second)).toMatchObject({ ports: [{ port: 80 }, { port: 81 }] });
    expect(specOf(applied(second, 'me', {}))).toMatchObject({ ports: [{ port: 81 }] });
  });

  test('another value for a field that somebody else applied is a conflict', () => {
    const live = applied(undefined, 'me', { name: 'a' });
    const { object, conflicts } = apply(live, 'you', { name: 'b' });
    expect(object).toEqual(live);
    expect(renderConflicts(conflicts)).toBe('Apply failed with 1 conflict: conflict with "me": .spec.name');
    expect(conflicts).toEqual([{ message: 'conflict with "me"', field: '.spec.name', manager: '"me"' }]);
  });

  test('several conflicts are listed by manager', () => {
    const one = applied(undefined, 'me', { name: 'a', ports: [{ port: 80, name: 'http' }] });
    const { conflicts } = apply(one, 'you', { name: 'b', ports: [{ port: 80, name: 'web' }] });
    expect(renderConflicts(conflicts)).toBe(
      'Apply failed with 2 conflicts: conflicts with "me":\n- .spec.name\n- .spec.ports[port=80,protocol="TCP"].name',
    );
  });

  test('a conflict with a plain write says which version it used and when', () => {
    const after = objectWith({ name: 'a' });
    const live = updateManagedFields({ schema, before: undefined, after, manager: 'kubectl-edit', time: T1 });
    expect(renderConflicts(apply(live, 'you', { name: 'b' }).conflicts)).toBe(
      `Apply failed with 1 conflict: conflict with "kubectl-edit" using example.com/v1 at ${T1}: .spec.name`,
    );
  });

  test('defaults that the server filled in are no conflict, and no change', () => {
    const rules = [{ a: 1 }];
    const live = applied(undefined, 'me', { rules });
    expect(specOf(live)).toEqual({ rules: [{ a: 1, weight: 1 }] });
    expect(applied(live, 'me', { rules }, { time: T2 })).toEqual(live);
    expect(specOf(applied(live, 'you', { rules }))).toEqual(specOf(live));
  });

  test('force takes the field away from the other', () => {
    const live = applied(undefined, 'me', { name: 'a', size: 1 });
    const object = applied(live, 'you', { name: 'b' }, { force: true });
    expect(specOf(object)).toEqual({ name: 'b', size: 1 });
    expect(fieldsOf(object, 'me')).toEqual({ 'f:spec': { 'f:size': {} } });
    expect(fieldsOf(object, 'you')).toEqual({ 'f:spec': { 'f:name': {} } });
  });

  test('the same value is shared', () => {
    const object = applied(applied(undefined, 'me', { name: 'a' }), 'you', { name: 'a' });
    expect(fieldsOf(object, 'me')).toEqual(fieldsOf(object, 'you'));
  });

  test('a whole list that is owned at once is one field', () => {
    const live = applied(undefined, 'me', { rules: [{ a: 1 }] });
    expect(apply(live, 'you', { rules: [{ a: 1 }, { b: 1 }] }).conflicts).toMatchObject([{ field: '.spec.rules' }]);
  });

  test('going over from client-side apply is no conflict for kubectl', () => {
    const annotation = 'kubectl.kubernetes.io/last-applied-configuration';
    const last = JSON.stringify(objectWith({ name: 'a' }));
    const after = objectWith({ name: 'a' }, { annotations: { [annotation]: last } });
    const live = updateManagedFields({
      schema,
      before: undefined,
      after,
      manager: 'kubectl-client-side-apply',
      time: T1,
    });
    expect(apply(live, 'other', { name: 'b' }).conflicts).toHaveLength(1);
    expect(specOf(applied(live, 'kubectl', { name: 'b' }))).toEqual({ name: 'b' });
  });

  test('a status that is applied through its subresource has an entry of its own', () => {
    const live = applied(undefined, 'me', { name: 'a' });
    const status = { apiVersion: live.apiVersion, kind: live.kind, metadata: { name: 'x' }, status: { ready: true } };
    const request = { schema, live, applied: status, manager: 'me', subresource: 'status', force: false, time: T2 };
    const { object } = serverSideApply(request);
    expect(object.metadata.managedFields).toMatchObject([
      { manager: 'me', fieldsV1: { 'f:spec': { 'f:name': {} } } },
      { manager: 'me', subresource: 'status', fieldsV1: { 'f:status': { 'f:ready': {} } } },
    ]);
    expect(specOf(object)).toEqual({ name: 'a' });
  });
});
