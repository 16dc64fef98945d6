import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { KubeObject } from '../api/object.ts';
import { ObjectStore, StoreConflict } from './object-store.ts';
import type { StoreEvent } from './snapshot.ts';

const CONFIG_MAP = { group: '', kind: 'ConfigMap' };

function configMap(
  name: string,
  namespace = 'default',
  data: Readonly<Record<string, string>> = {},
): KubeObject & { data: object } {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace }, data };
}

function refTo(name: string, namespace = 'default') {
  return { ...CONFIG_MAP, namespace, name };
}

function keys(objects: readonly KubeObject[]): readonly string[] {
  return objects.map(({ metadata }) => `${metadata.namespace}/${metadata.name}`);
}

test('each write has a resourceVersion of its own, and they grow', () => {
  const store = new ObjectStore();
  const versions = ['a', 'b', 'a'].map((name) => Number(store.put(configMap(name)).metadata.resourceVersion));
  versions.push(Number(store.remove(refTo('b'))?.metadata.resourceVersion));
  expect(versions).toEqual([2, 3, 4, 5]);
  expect(store.revision).toBe(5);
});

test('lists are ordered by namespace and name, whole or of one namespace', () => {
  const store = new ObjectStore();
  for (const [name, namespace] of [
    ['b', 'two'],
    ['a', 'two'],
    ['c', 'one'],
    ['a', 'one-more'],
  ] as const) {
    store.put(configMap(name, namespace));
  }
  expect(keys(store.list(CONFIG_MAP))).toEqual(['one/c', 'one-more/a', 'two/a', 'two/b']);
  expect(keys(store.list(CONFIG_MAP, 'two'))).toEqual(['two/a', 'two/b']);
  expect(store.list(CONFIG_MAP, 'three')).toEqual([]);
  expect(store.list({ group: 'apps', kind: 'ConfigMap' })).toEqual([]);
});

test('a list is not changed by later writes, and stays the same object until there are any', () => {
  const store = new ObjectStore();
  store.put(configMap('a'));
  const before = store.list(CONFIG_MAP);
  expect(store.list(CONFIG_MAP)).toBe(before);
  store.put(configMap('b'));
  expect(keys(before)).toEqual(['default/a']);
  expect(keys(store.list(CONFIG_MAP))).toEqual(['default/a', 'default/b']);
});

test('any sequence of writes leaves what a map would hold, in order', () => {
  const step = fc.record({
    name: fc.constantFrom('a', 'b', 'c', 'd'),
    namespace: fc.constantFrom('x', 'y'),
    isPut: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      const store = new ObjectStore();
      const model = new Set<string>();
      for (const { name, namespace, isPut } of steps) {
        if (isPut) store.put(configMap(name, namespace));
        else store.remove(refTo(name, namespace));
        model[isPut ? 'add' : 'delete'](`${namespace}/${name}`);
      }
      expect(keys(store.list(CONFIG_MAP))).toEqual([...model].sort());
      expect(keys(store.list(CONFIG_MAP, 'x'))).toEqual([...model].filter((key) => key.startsWith('x/')).sort());
    }),
  );
});

describe('compare-and-set', () => {
  test('writes only over the version that was expected', () => {
    const store = new ObjectStore();
    const { resourceVersion = '' } = store.put(configMap('a'), { expected: 'absent' }).metadata;
    expect(() => store.put(configMap('a'), { expected: 'absent' })).toThrow(StoreConflict);
    store.put(configMap('a'), { expected: resourceVersion });
    expect(() => store.put(configMap('a'), { expected: resourceVersion })).toThrow(StoreConflict);
    expect(() => store.remove(refTo('a'), { expected: resourceVersion })).toThrow(StoreConflict);
    expect(store.revision).toBe(3);
  });
});

describe('events', () => {
  test('tell subscribers of every write at once, with what was there before', () => {
    const store = new ObjectStore();
    const seen: StoreEvent[] = [];
    const stop = store.subscribe((event) => void seen.push(event));
    store.put(configMap('a'));
    store.put(configMap('a', 'default', { x: '1' }));
    store.remove(refTo('a'));
    stop();
    store.put(configMap('b'));
    expect(seen).toMatchObject([
      { type: 'Added', revision: 2 },
      { type: 'Modified', revision: 3, object: { data: { x: '1' } }, previous: { data: {} } },
      { type: 'Deleted', revision: 4, object: { metadata: { resourceVersion: '4' } } },
    ]);
  });

  test('come in the same order to all, also when a listener writes', () => {
    const store = new ObjectStore();
    const seen: string[] = [];
    store.subscribe(({ object }) => {
      if (object.metadata.name === 'first') store.put(configMap('second'));
    });
    store.subscribe(({ object }) => void seen.push(object.metadata.name));
    store.put(configMap('first'));
    expect(seen).toEqual(['first', 'second']);
  });

  test('are kept for those who resume, as far back as the capacity', () => {
    const store = new ObjectStore({ eventCapacity: 2 });
    for (const name of ['a', 'b', 'c', 'd', 'e']) store.put(configMap(name));
    expect(store.eventsAfter(4)?.map(({ object }) => object.metadata.name)).toEqual(['d', 'e']);
    expect(store.eventsAfter(6)).toEqual([]);
    expect(store.eventsAfter(1)).toBeUndefined();
  });
});
