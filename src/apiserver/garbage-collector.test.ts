import { expect, test } from 'vitest';
import type { PropagationPolicy } from './deletion.ts';
import { apiInMemory, plainWrite, settled } from './testdata/api-in-memory.ts';

const CONFIG_MAP = { group: '', kind: 'ConfigMap' };

function start() {
  const api = apiInMemory();
  const target = (name: string) => api.target({ ...CONFIG_MAP, namespace: 'default', name });
  const create = (name: string, metadata: object = {}): string => {
    const body = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, ...metadata } };
    return api.writes.create(target(name), body, plainWrite).object.metadata.uid ?? '';
  };
  const ownedBy = (name: string, uid: string) => ({
    ownerReferences: [{ apiVersion: 'v1', kind: 'ConfigMap', name, uid }],
  });
  const remove = (name: string, propagationPolicy: PropagationPolicy) =>
    api.writes.delete(target(name), { propagationPolicy, isDryRun: false });
  const names = () => api.store.list(CONFIG_MAP).map(({ metadata }) => metadata.name);
  return { ...api, target, create, ownedBy, remove, names };
}

test('what a deleted object owns goes too, and what that owns', async () => {
  const { create, ownedBy, remove, names } = start();
  const top = create('top');
  const middle = create('middle', ownedBy('top', top));
  create('bottom', ownedBy('middle', middle));
  create('other');
  remove('top', 'Background');
  await settled();
  expect(names()).toEqual(['other']);
});

test('in the foreground the owner goes last', async () => {
  const { create, ownedBy, remove, names, writes, target } = start();
  const uid = create('top');
  create('owned', { ...ownedBy('top', uid), finalizers: ['example.com/hold'] });
  expect(remove('top', 'Foreground').object.metadata.finalizers).toEqual(['foregroundDeletion']);
  await settled();
  expect(names()).toEqual(['owned', 'top']);
  writes.patch(target('owned'), { type: 'Merge', patch: { metadata: { finalizers: null } } }, plainWrite);
  await settled();
  expect(names()).toEqual([]);
});

test('orphans stay and forget their owner', async () => {
  const { create, ownedBy, remove, names, store } = start();
  const uid = create('top');
  create('owned', ownedBy('top', uid));
  remove('top', 'Orphan');
  await settled();
  expect(names()).toEqual(['owned']);
  expect(store.list(CONFIG_MAP)[0]?.metadata).not.toHaveProperty('ownerReferences');
});

test('an object whose owner is not there, or is another of that name, goes at once', async () => {
  const { create, ownedBy, names } = start();
  create('top');
  create('owned', ownedBy('top', 'of an earlier one'));
  await settled();
  expect(names()).toEqual(['top']);
});

test('an owner of a kind that is not served is not known to be gone', async () => {
  const { create, names } = start();
  create('owned', { ownerReferences: [{ apiVersion: 'example.com/v1', kind: 'Widget', name: 'w', uid: 'u' }] });
  await settled();
  expect(names()).toEqual(['owned']);
});
