import { describe, expect, test } from 'vitest';
import type { KubeObject, ObjectRef } from '../api/object.ts';
import { ApiError } from '../store/api-error.ts';
import type { ClusterResource } from './cluster-resource.ts';
import { ObjectMirror } from './object-mirror.ts';
import { ClusterStatusClient } from './status-client.ts';
import { ScriptedApi } from './testdata/scripted-api.ts';

const REF: ObjectRef = { group: 'example.com', kind: 'Thing', namespace: 'default', name: 'a' };
const PATH = '/apis/example.com/v1/namespaces/default/things/a';
const RESOURCE: ClusterResource = {
  apiVersion: 'example.com/v1',
  kind: 'Thing',
  path: '/apis/example.com/v1/things',
  objectPath: (namespace, name) => `/apis/example.com/v1/namespaces/${namespace}/things/${name}`,
};
const conflict = new ApiError(409, 'Conflict', 'the object has been modified');

interface Thing extends KubeObject {
  readonly status: readonly string[];
}

function thing(resourceVersion: string, ...status: readonly string[]): Thing {
  const metadata = { name: 'a', namespace: 'default', uid: 'u', resourceVersion };
  return { apiVersion: 'example.com/v1', kind: 'Thing', metadata, status };
}

/** Adds an entry to the list that the status of a thing is, unless it is there. */
function adding(entry: string) {
  return (object: KubeObject): unknown => {
    const status: unknown = 'status' in object ? object.status : [];
    if (!Array.isArray(status) || status.includes(entry)) return undefined;
    return [...status.map(String), entry];
  };
}

function start(resource: ClusterResource | undefined = RESOURCE) {
  const api = new ScriptedApi();
  const mirror = new ObjectMirror();
  const told: string[] = [];
  const client = new ClusterStatusClient({
    transport: api,
    mirror,
    resourceOf: (ref) => (ref.kind === 'Thing' ? resource : undefined),
    onWritten: ({ object, previous }) =>
      void told.push(`${String(previous.metadata.resourceVersion)} to ${String(object.metadata.resourceVersion)}`),
  });
  return { api, mirror, client, told };
}

describe('writing status to a cluster', () => {
  test('replaces the status of the version that it was made from', async () => {
    const { api, mirror, client, told } = start();
    mirror.put(thing('1', 'theirs'));
    const written = client.editStatus(REF, adding('ours'));
    const request = await api.nextRequest();
    expect(request).toMatchObject({ method: 'PUT', path: `${PATH}/status`, body: thing('1', 'theirs', 'ours') });
    request.answer(thing('2', 'theirs', 'ours'));
    await written;
    expect(told).toEqual(['1 to 2']);
  });

  test('takes into account what somebody else wrote in between', async () => {
    const { api, mirror, client } = start();
    mirror.put(thing('1'));
    const written = client.editStatus(REF, adding('ours'));
    (await api.nextRequest()).fail(conflict);
    const read = await api.nextRequest();
    expect(read).toMatchObject({ method: 'GET', path: PATH });
    read.answer(thing('5', 'theirs'));
    const request = await api.nextRequest();
    expect(request.body).toEqual(thing('5', 'theirs', 'ours'));
    request.answer(thing('6', 'theirs', 'ours'));
    await written;
  });

  test('is put off when others are faster again and again', async () => {
    const { api, mirror, client } = start();
    mirror.put(thing('1'));
    const written = client.editStatus(REF, adding('ours')).catch((error: unknown) => error);
    for (let version = 2; version < 7; version += 1) {
      (await api.nextRequest()).fail(conflict);
      (await api.nextRequest()).answer(thing(String(version)));
    }
    (await api.nextRequest()).fail(conflict);
    expect(await written).toBe(conflict);
  });

  test('goes on from its own last write, until the watch tells more', async () => {
    const { api, mirror, client } = start();
    mirror.put(thing('1'));
    const first = client.editStatus(REF, adding('first'));
    (await api.nextRequest()).answer(thing('2', 'first'));
    await first;
    const second = client.editStatus(REF, adding('second'));
    const request = await api.nextRequest();
    expect(request.body).toEqual(thing('2', 'first', 'second'));
    request.answer(thing('3', 'first', 'second'));
    await second;
    mirror.put(thing('9', 'theirs'));
    void client.editStatus(REF, adding('third'));
    expect((await api.nextRequest()).body).toEqual(thing('9', 'theirs', 'third'));
  });

  test('keeps nothing of a write that the watch has told of already', async () => {
    const { api, mirror, client } = start();
    mirror.put(thing('1'));
    const first = client.editStatus(REF, adding('first'));
    const request = await api.nextRequest();
    mirror.put(thing('2', 'first'));
    request.answer(thing('2', 'first'));
    await first;
    mirror.remove(REF);
    await client.editStatus(REF, adding('second'));
    expect(api.untaken).toEqual([]);
  });

  test.each([
    { name: 'the object is not known', isKnown: false, entry: 'ours' },
    { name: 'the status is as it is to be', isKnown: true, entry: 'theirs' },
  ])('asks nothing when $name', async ({ isKnown, entry }) => {
    const { api, mirror, client } = start();
    if (isKnown) mirror.put(thing('1', 'theirs'));
    await client.editStatus(REF, adding(entry));
    expect(api.untaken).toEqual([]);
  });

  test('of an object that is gone is no error', async () => {
    const { api, mirror, client, told } = start();
    mirror.put(thing('1'));
    const written = client.editStatus(REF, adding('ours'));
    (await api.nextRequest()).fail(new ApiError(404, 'NotFound', 'gone'));
    await written;
    expect(told).toEqual([]);
  });

  test('that the server refuses is an error', async () => {
    const { api, mirror, client } = start();
    mirror.put(thing('1'));
    const written = client.editStatus(REF, adding('ours'));
    const refusal = new ApiError(422, 'Invalid', 'status.parents: Too many');
    (await api.nextRequest()).fail(refusal);
    await expect(written).rejects.toBe(refusal);
  });
});
