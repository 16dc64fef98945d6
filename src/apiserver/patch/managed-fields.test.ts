import { describe, expect, test } from 'vitest';
import type { KubeObject, ManagedFieldsEntry } from '../../api/object.ts';
import type { JsonSchema } from '../../api/schema.ts';
import { updateManagedFields } from './managed-fields.ts';

const schema: JsonSchema = {
  type: 'object',
  properties: { spec: { type: 'object', properties: { a: { type: 'string' }, b: { type: 'string' } } } },
};
const T1 = '2030-01-01T00:00:00Z';
const T2 = '2030-01-01T00:00:10Z';

function objectWith(spec: object, managedFields?: readonly ManagedFieldsEntry[]): KubeObject {
  const metadata = { name: 'x', labels: { l: '1' }, ...(managedFields && { managedFields }) };
  const object = { apiVersion: 'e/v1', kind: 'K', metadata, spec };
  return object;
}

function written(before: KubeObject | undefined, after: KubeObject, manager = 'curl', time = T1): KubeObject {
  return updateManagedFields({ schema, before, after, manager, time });
}

describe('updateManagedFields', () => {
  const created = written(undefined, objectWith({ a: 'x', b: 'y' }));

  test('a create owns everything that it set', () => {
    expect(created.metadata.managedFields).toEqual([
      {
        manager: 'curl',
        operation: 'Update',
        apiVersion: 'e/v1',
        time: T1,
        fieldsType: 'FieldsV1',
        fieldsV1: {
          'f:metadata': { 'f:labels': { '.': {}, 'f:l': {} } },
          'f:spec': { '.': {}, 'f:a': {}, 'f:b': {} },
        },
      },
    ]);
  });

  test('a change moves the field to who changed it', () => {
    const edited = written(created, objectWith({ a: 'z', b: 'y' }), 'edit', T2);
    expect(edited.metadata.managedFields).toMatchObject([
      { manager: 'curl', time: T1, fieldsV1: { 'f:spec': { '.': {}, 'f:b': {} } } },
      { manager: 'edit', time: T2, fieldsV1: { 'f:spec': { 'f:a': {} } } },
    ]);
  });

  test('a field that is removed is owned by nobody', () => {
    const edited = written(created, objectWith({ b: 'y' }), 'edit', T2);
    expect(edited.metadata.managedFields).toMatchObject([{ fieldsV1: { 'f:spec': { '.': {}, 'f:b': {} } } }]);
  });

  test('a write without change leaves the record alone', () => {
    const again = written(created, objectWith({ a: 'x', b: 'y' }), 'edit', T2);
    expect(again.metadata.managedFields).toEqual(created.metadata.managedFields);
  });

  test('an empty record that is sent wipes the record', () => {
    expect(written(created, objectWith({ a: 'x' }, [])).metadata.managedFields).toBeUndefined();
    expect(written(created, objectWith({ a: 'x' }, [{}])).metadata.managedFields).toBeUndefined();
  });

  test('the oldest updates are folded into one entry when there are more than ten', () => {
    let object = objectWith({});
    for (let index = 0; index < 15; index++) {
      const labels = { ...object.metadata.labels, [`key-${index}`]: 'x' };
      const after: KubeObject = { ...object, metadata: { ...object.metadata, labels } };
      const time = `2030-01-01T00:00:${10 + index}Z`;
      object = written(object, after, `manager-${index}`, time);
    }
    const managers = object.metadata.managedFields?.map(({ manager }) => manager) ?? [];
    expect(managers).toHaveLength(10);
    expect(managers[0]).toBe('ancient-changes');
    expect(managers.at(-1)).toBe('manager-14');
    expect(object.metadata.managedFields?.[0]?.fieldsV1).toMatchObject({
      'f:metadata': { 'f:labels': { 'f:key-0': {}, 'f:key-5': {} } },
    });
  });
});
