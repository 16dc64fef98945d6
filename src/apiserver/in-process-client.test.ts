import { describe, expect, test } from 'vitest';
import type { KubeObject } from '../api/object.ts';
import { MANIFESTS_FIELD_MANAGER } from '../store/object-client.ts';
import type { StorePersistence } from '../store/store-persistence.ts';
import { apiInMemory, settled } from './testdata/api-in-memory.ts';

const GATEWAY = { group: 'gateway.networking.k8s.io', kind: 'Gateway', namespace: 'default', name: 'main' };
const gateway = {
  apiVersion: 'gateway.networking.k8s.io/v1',
  kind: 'Gateway',
  metadata: { name: 'main' },
  spec: { gatewayClassName: 'any', listeners: [{ name: 'http', port: 80, protocol: 'HTTP' }] },
};

describe('apply', () => {
  test('creates, leaves alone and configures; the namespace is default if none is named', async () => {
    const { client } = apiInMemory();
    const apply = async (object: KubeObject) => (await client.apply(object, 'test')).outcome;
    expect(await apply(gateway)).toBe('Created');
    expect(await apply(gateway)).toBe('Unchanged');
    expect(await apply({ ...gateway, metadata: { ...gateway.metadata, labels: { a: 'b' } } })).toBe('Configured');
    expect(await client.get(GATEWAY)).toMatchObject({
      metadata: { namespace: 'default', generation: 1, labels: { a: 'b' } },
    });
  });

  test('takes away what the same manager applied before, and wins over others', async () => {
    const { client } = apiInMemory();
    const labelled = (labels: Readonly<Record<string, string>>) => ({
      ...gateway,
      metadata: { ...gateway.metadata, labels },
    });
    await client.apply(labelled({ a: '1', b: '1' }), 'one');
    await client.apply(labelled({ b: '2' }), 'two');
    await client.apply(labelled({ a: '1' }), 'one');
    expect((await client.get(GATEWAY))?.metadata.labels).toEqual({ a: '1', b: '2' });
  });

  test('warns of older versions and of unknown fields, and refuses what is invalid', async () => {
    const { client } = apiInMemory();
    const odd = { ...gateway, spec: { ...gateway.spec, colour: 'red' } };
    expect((await client.apply(odd, 'test')).warnings).toEqual(['unknown field "spec.colour"']);
    await expect(client.apply({ ...gateway, spec: {} } as KubeObject, 'test')).rejects.toMatchObject({ code: 422 });
    await expect(client.apply({ ...gateway, apiVersion: 'example.com/v1' }, 'test')).rejects.toMatchObject({
      code: 404,
      message: 'no matches for kind "Gateway" in version "example.com/v1"',
    });
  });
});

describe('editStatus', () => {
  test('writes what the edit makes of the newest object, and nothing if it makes nothing', async () => {
    const { client, store } = apiInMemory();
    await client.apply(gateway, 'test');
    await client.editStatus(GATEWAY, ({ metadata }) => ({ attachedListenerSets: metadata.generation }));
    expect(await client.get(GATEWAY)).toMatchObject({
      metadata: { generation: 1 },
      status: { attachedListenerSets: 1 },
    });
    const { revision } = store;
    await client.editStatus(GATEWAY, () => undefined);
    await client.editStatus({ ...GATEWAY, name: 'gone' }, () => ({}));
    expect(store.revision).toBe(revision);
  });

  test('an object that its kind would no longer take can still be told its state', async () => {
    const { client, store } = apiInMemory();
    store.put({
      ...gateway,
      metadata: { ...gateway.metadata, namespace: 'default' },
      spec: { listeners: 'many' },
    } as KubeObject);
    await client.editStatus(GATEWAY, () => ({ attachedListenerSets: 3 }));
    expect(await client.get(GATEWAY)).toMatchObject({
      spec: { listeners: 'many' },
      status: { attachedListenerSets: 3 },
    });
  });
});

describe('recordEvent', () => {
  const about = { ...GATEWAY, apiVersion: gateway.apiVersion };
  const record = { about, type: 'Normal', reason: 'Accepted', message: 'It is accepted.' } as const;

  test('counts repeats in one object, and tells different things apart', async () => {
    const { client, store, clock } = apiInMemory();
    await client.recordEvent(record);
    clock.advance(10_000);
    await client.recordEvent(record);
    await client.recordEvent({ ...record, message: 'It is not.' });
    expect(store.list({ group: '', kind: 'Event' }, 'default')).toHaveLength(2);
    expect(store.list({ group: '', kind: 'Event' })).toContainEqual(
      expect.objectContaining({
        count: 2,
        firstTimestamp: '2026-01-01T00:00:00Z',
        lastTimestamp: '2026-01-01T00:00:10Z',
      }),
    );
  });

  test('about an object whose namespace is gone is dropped', async () => {
    const { client, store } = apiInMemory();
    await client.recordEvent({ ...record, about: { ...about, namespace: 'gone' } });
    expect(store.list({ group: '', kind: 'Event' })).toEqual([]);
  });
});

describe('delete', () => {
  test('takes owned objects along, unless another owner is left', async () => {
    const { client, store } = apiInMemory();
    const owner = async (name: string) => {
      const { object } = await client.apply({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name } }, 'test');
      return { apiVersion: 'v1', kind: 'ConfigMap', name, uid: object.metadata.uid ?? '' };
    };
    const [one, two] = [await owner('one'), await owner('two')];
    const owned = (name: string, ownerReferences: readonly (typeof one)[]) =>
      client.apply({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, ownerReferences } }, 'test');
    await owned('by-one', [one]);
    await owned('by-both', [one, two]);
    await client.delete({ group: '', kind: 'ConfigMap', namespace: 'default', name: 'one' });
    await settled();
    const names = store.list({ group: '', kind: 'ConfigMap' }).map(({ metadata }) => metadata.name);
    expect(names).toEqual(['by-both', 'two']);
    await client.delete({ group: '', kind: 'ConfigMap', namespace: 'default', name: 'one' });
  });
});

test('what a directory of manifests applied, statuses and Events are not kept on disk', async () => {
  const kept: string[] = [];
  const persistence: StorePersistence = {
    restored: { objects: [], revision: 1 },
    keep: ({ kind, metadata }) => {
      kept.push(`${kind}/${metadata.name}`);
      return Promise.resolve();
    },
    forget: () => Promise.resolve(),
    reserve: () => undefined,
    close: () => Promise.resolve(),
  };
  const { client } = apiInMemory({ persistence });
  kept.length = 0;
  await client.apply(gateway, MANIFESTS_FIELD_MANAGER);
  await client.apply({ ...gateway, metadata: { name: 'other' } }, 'kubectl');
  await client.editStatus({ ...GATEWAY, name: 'other' }, () => ({ attachedListenerSets: 1 }));
  await client.recordEvent({ about: { ...GATEWAY, apiVersion: 'v1' }, type: 'Normal', reason: 'A', message: 'b' });
  expect(kept).toEqual(['Gateway/other']);
});
