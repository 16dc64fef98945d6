import { describe, expect, test } from 'vitest';
import type { KubeObject } from '../api/object.ts';
import { ObjectMirror } from './object-mirror.ts';

const KIND = { group: '', kind: 'Service' };

function service(name: string, resourceVersion: string, uid = name): KubeObject {
  return { apiVersion: 'v1', kind: 'Service', metadata: { name, namespace: 'default', uid, resourceVersion } };
}

function start(...objects: readonly KubeObject[]) {
  const mirror = new ObjectMirror();
  for (const object of objects) mirror.put(object);
  const told: string[] = [];
  mirror.subscribe(({ type, object, previous }) => {
    const before = previous === undefined ? '' : ` was ${String(previous.metadata.resourceVersion)}`;
    told.push(`${type} ${object.metadata.name}${before}`);
  });
  return { mirror, told };
}

describe('an object mirror', () => {
  test('keeps the versions of the cluster and tells of changes with what was there before', () => {
    const { mirror, told } = start(service('a', '7'));
    mirror.put(service('a', '9'));
    mirror.remove({ ...KIND, namespace: 'default', name: 'a' });
    mirror.remove({ ...KIND, namespace: 'default', name: 'a' });
    expect(told).toEqual(['Modified a was 7', 'Deleted a was 9']);
  });

  test('takes a version that it has for no change', () => {
    const { mirror, told } = start(service('a', '7'));
    const { revision } = mirror;
    mirror.put(service('a', '7'));
    expect(told).toEqual([]);
    expect(mirror.revision).toBe(revision);
  });

  test('takes an object that was made anew for a change, whatever its version', () => {
    const { mirror, told } = start(service('a', '7', 'first'));
    mirror.put(service('a', '7', 'second'));
    expect(told).toEqual(['Modified a was 7']);
  });

  test('replaces a kind by telling what differs only, and leaves other kinds alone', () => {
    const secret: KubeObject = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'a', namespace: 'default' } };
    const { mirror, told } = start(service('a', '1'), service('b', '2'), service('c', '3'), secret);
    mirror.replace(KIND, [service('d', '9'), service('b', '8'), service('a', '1')]);
    expect(told).toEqual(['Deleted c was 3', 'Added d', 'Modified b was 2']);
    expect(mirror.list(KIND).map(({ metadata }) => metadata.name)).toEqual(['a', 'b', 'd']);
    expect(mirror.list({ group: '', kind: 'Secret' })).toEqual([secret]);
  });

  test('tells nobody who has had enough', () => {
    const { mirror } = start();
    const told: unknown[] = [];
    const stop = mirror.subscribe((event) => void told.push(event));
    stop();
    mirror.put(service('a', '1'));
    expect(told).toEqual([]);
  });
});
