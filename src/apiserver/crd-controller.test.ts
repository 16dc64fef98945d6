import { expect, test } from 'vitest';
import { coreKinds } from '../api/core/kinds.ts';
import { foreignKinds } from '../api/foreign-kinds.ts';
import type { KubeObject } from '../api/object.ts';
import { gatewayApiKinds } from '../api/kinds.ts';
import { apiInMemory, settled } from './testdata/api-in-memory.ts';

const CRD = { group: 'apiextensions.k8s.io', kind: 'CustomResourceDefinition', namespace: '' };
const WIDGET = { group: 'example.com', kind: 'Widget' };

function widgets({
  plural = 'widgets',
  kind = 'Widget',
  group = 'example.com',
} = {}): KubeObject & { readonly spec: unknown } {
  const schema = { openAPIV3Schema: { type: 'object', properties: { spec: { type: 'object' } } } };
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${plural}.${group}` },
    spec: {
      group,
      names: { kind, plural },
      scope: 'Namespaced',
      versions: [{ name: 'v1', served: true, storage: true, schema }],
    },
  };
}

const widget = { apiVersion: 'example.com/v1', kind: 'Widget', metadata: { name: 'w' } };

test('an applied definition is served and says so', async () => {
  const { client, registry, stored } = apiInMemory();
  await client.apply(widgets(), 'test');
  await settled();
  expect(registry.kind(WIDGET)).toMatchObject({
    plural: 'widgets',
    singular: 'widget',
    listKind: 'WidgetList',
    origin: 'Custom',
  });
  expect(stored({ ...CRD, name: 'widgets.example.com' })).toMatchObject({
    status: {
      acceptedNames: { kind: 'Widget', plural: 'widgets' },
      storedVersions: ['v1'],
      conditions: [
        { type: 'NamesAccepted', status: 'True', reason: 'NoConflicts' },
        { type: 'Established', status: 'True', reason: 'InitialNamesAccepted' },
      ],
    },
  });
  expect((await client.apply(widget, 'test')).outcome).toBe('Created');
});

test('a definition whose kind is taken is not established', async () => {
  const { client, registry, stored } = apiInMemory();
  await client.apply(widgets(), 'test');
  await client.apply(widgets({ plural: 'gadgets' }), 'test');
  await settled();
  expect(registry.kind(WIDGET)?.plural).toBe('widgets');
  expect(stored({ ...CRD, name: 'gadgets.example.com' })).toMatchObject({
    status: {
      conditions: [
        { type: 'NamesAccepted', status: 'False', message: '"Widget" is already in use' },
        { status: 'False' },
      ],
    },
  });
});

test('a deleted definition is held until its objects are gone, and then served no longer', async () => {
  const { client, registry, store, writes, target } = apiInMemory();
  await client.apply(widgets(), 'test');
  await client.apply({ ...widget, metadata: { name: 'w', finalizers: ['example.com/hold'] } }, 'test');
  const ref = { ...CRD, name: 'widgets.example.com' };
  await client.delete(ref);
  await settled();
  expect(store.get(ref)?.metadata.deletionTimestamp).toBeDefined();
  const release = { type: 'Merge', patch: { metadata: { finalizers: null } } } as const;
  writes.patch(target({ ...WIDGET, namespace: 'default', name: 'w' }), release, {
    fieldManager: 'test',
    isDryRun: false,
    fieldValidation: 'Strict',
  });
  await settled();
  expect(store.get(ref)).toBeUndefined();
  expect(registry.kind(WIDGET)).toBeUndefined();
});

test('a definition of a built-in kind is shown with a warning and changes nothing', async () => {
  const { client, registry } = apiInMemory();
  const before = registry.kind({ group: 'gateway.networking.k8s.io', kind: 'HTTPRoute' });
  const { warnings } = await client.apply(
    widgets({ group: 'gateway.networking.k8s.io', plural: 'httproutes', kind: 'HTTPRoute' }),
    'test',
  );
  await settled();
  expect(warnings).toEqual([
    'HTTPRoute is built into Sallyport: this definition is stored and shown, but the built-in schema stays in effect',
  ]);
  expect(registry.kind({ group: 'gateway.networking.k8s.io', kind: 'HTTPRoute' })).toBe(before);
});

test('a default kind is there from the start and gives way to an applied definition', async () => {
  const { client, registry } = apiInMemory({ kinds: [...coreKinds, ...gatewayApiKinds, ...foreignKinds] });
  const monitor = { group: 'monitoring.coreos.com', kind: 'ServiceMonitor' };
  const before = registry.kind(monitor);
  expect(before).toMatchObject({ plural: 'servicemonitors' });
  await client.apply(widgets({ group: monitor.group, plural: 'servicemonitors', kind: monitor.kind }), 'test');
  expect(registry.kind(monitor)?.versions).not.toEqual(before?.versions);
});
