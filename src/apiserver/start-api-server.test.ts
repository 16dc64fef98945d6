import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { parse } from 'yaml';
import type { KubeObject } from '../api/object.ts';
import { ManualClock } from '../lib/manual-clock.ts';
import { startApiServer } from './start-api-server.ts';
import { START_MS } from './testdata/api-in-memory.ts';

const CRD = { group: 'apiextensions.k8s.io', kind: 'CustomResourceDefinition', namespace: '' };
const WIDGET = { group: 'example.com', kind: 'Widget', namespace: 'team', name: 'w' };

const widgets: KubeObject & { readonly spec: unknown } = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'widgets.example.com' },
  spec: {
    group: 'example.com',
    names: { kind: 'Widget', plural: 'widgets' },
    scope: 'Namespaced',
    versions: [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: { type: 'object' } } }],
  },
};

let dataDir: string;

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'sallyport-api-'));
});
afterEach(() => {
  rmSync(dataDir, { recursive: true, force: true });
});

test('what was written comes back with a data directory, definitions and their objects included', async () => {
  const first = await startApiServer({ clock: new ManualClock(START_MS), dataDir });
  await first.client.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'team' } }, 'test');
  await first.client.apply(widgets, 'test');
  await first.client.apply({ apiVersion: 'example.com/v1', kind: 'Widget', metadata: WIDGET }, 'test');
  const before = await first.client.get(WIDGET);
  const { revision } = first.store;
  await first.close();

  const second = await startApiServer({ clock: new ManualClock(START_MS), dataDir });
  const after = await second.client.get(WIDGET);
  expect(after?.metadata).toMatchObject({ uid: before?.metadata.uid, generation: 1 });
  expect(Number(after?.metadata.resourceVersion)).toBeGreaterThan(Number(before?.metadata.resourceVersion));
  expect(second.store.revision).toBeGreaterThanOrEqual(revision);
  expect(
    (await second.client.apply({ apiVersion: 'example.com/v1', kind: 'Widget', metadata: WIDGET }, 'test')).outcome,
  ).toBe('Unchanged');
  expect(await second.client.get({ ...CRD, name: 'httproutes.gateway.networking.k8s.io' })).toBeDefined();
  await second.close();
});

test('only its owner may look into the data directory', async () => {
  const api = await startApiServer({ clock: new ManualClock(START_MS), dataDir });
  expect(statSync(join(dataDir, 'store')).mode & 0o077).toBe(0);
  await api.close();
});

test('the kubeconfig names the port that was bound, the first token and the authority', async () => {
  const api = await startApiServer({ clock: new ManualClock(START_MS), tokens: ['first', 'second'] });
  expect(parse(api.kubeconfig())).toMatchObject({
    'current-context': 'sallyport',
    clusters: [{ cluster: { server: api.url, 'certificate-authority-data': expect.any(String) } }],
    users: [{ user: { token: 'first' } }],
  });
  expect(new URL(api.url).port).not.toBe('0');
  await api.close();
});

test('an address that cannot be bound is told', async () => {
  const first = await startApiServer({ clock: new ManualClock(START_MS) });
  const port = Number(new URL(first.url).port);
  await expect(startApiServer({ clock: new ManualClock(START_MS), port })).rejects.toThrow('EADDRINUSE');
  await first.close();
});
