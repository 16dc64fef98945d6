import { describe, expect, test } from 'vitest';
import { ApiError } from '../store/api-error.ts';
import { apiInMemory, plainWrite } from './testdata/api-in-memory.ts';

const ROUTE = { group: 'gateway.networking.k8s.io', kind: 'HTTPRoute', namespace: 'default', name: 'web' };
const CONFIG_MAP = { group: '', kind: 'ConfigMap', namespace: 'default', name: 'settings' };

function route(spec: object = {}, metadata: object = {}): object {
  return {
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind: 'HTTPRoute',
    metadata: { name: 'web', ...metadata },
    spec: { parentRefs: [{ name: 'main' }], ...spec },
  };
}

function configMap(more: object = {}, metadata: object = {}): object {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'settings', ...metadata }, ...more };
}

/** The error that a write fails with. */
function failure(write: () => unknown): ApiError {
  try {
    write();
  } catch (error) {
    if (error instanceof ApiError) return error;
    throw error;
  }
  throw new Error('The write was to fail.');
}

describe('create', () => {
  test('fills in identity, time, defaults and ownership, and leaves the status out', () => {
    const { writes, target } = apiInMemory();
    const { object, outcome } = writes.create(
      target({ ...ROUTE, name: '' }),
      { ...route(), status: { parents: [] } },
      plainWrite,
    );
    expect(outcome).toBe('Created');
    expect(object).toMatchObject({
      metadata: {
        name: 'web',
        namespace: 'default',
        generation: 1,
        creationTimestamp: '2026-01-01T00:00:00Z',
        uid: expect.stringMatching(/^[0-9a-f-]{36}$/),
        managedFields: [{ manager: 'test', operation: 'Update' }],
      },
      spec: { parentRefs: [{ group: 'gateway.networking.k8s.io', kind: 'Gateway', name: 'main' }] },
    });
    expect(object).not.toHaveProperty('status.parents');
  });

  test('ignores what only the server may say', () => {
    const { writes, target } = apiInMemory();
    const claims = { generation: 7, deletionTimestamp: '2020-01-01T00:00:00Z', resourceVersion: '1', uid: 'mine' };
    const { metadata } = writes.create(target(ROUTE), route({}, claims), plainWrite).object;
    expect(metadata).toMatchObject({ generation: 1 });
    expect(metadata.uid).not.toBe('mine');
    expect(metadata).not.toHaveProperty('deletionTimestamp');
  });

  test.each([
    {
      name: 'no name',
      body: configMap({}, { name: '' }),
      code: 422,
      message: 'metadata.name: Required value: name or generateName is required',
    },
    {
      name: 'another kind',
      body: { ...route(), metadata: { name: 'settings' } },
      code: 400,
      message: 'does not match the expected kind (ConfigMap)',
    },
    {
      name: 'another namespace',
      body: configMap({}, { namespace: 'other' }),
      code: 400,
      message: 'the namespace of the provided object does not match the namespace sent on the request',
    },
    {
      name: 'a bad label',
      body: configMap({}, { labels: { a: 'b c' } }),
      code: 422,
      message: 'metadata.labels: Invalid value: "b c": a valid label must be an empty string or consist of',
    },
    {
      name: 'an unknown field',
      body: configMap({ junk: 1 }),
      code: 400,
      message: 'strict decoding error: unknown field "junk"',
    },
    { name: 'no object at all', body: [], code: 400, message: 'not an object' },
  ])('refuses $name', ({ body, code, message }) => {
    const { writes, target } = apiInMemory();
    const error = failure(() => writes.create(target({ ...CONFIG_MAP, name: '' }), body, plainWrite));
    expect(error).toMatchObject({ code, message: expect.stringContaining(message) });
  });

  test('refuses a namespace that is missing or going', async () => {
    const { writes, target, client, store } = apiInMemory();
    const inside = target({ ...CONFIG_MAP, namespace: 'team' });
    expect(failure(() => writes.create(inside, configMap(), plainWrite))).toMatchObject({
      code: 404,
      message: 'namespaces "team" not found',
    });
    await client.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'team' } }, 'test');
    writes.create(inside, configMap({}, { finalizers: ['example.com/hold'] }), plainWrite);
    await client.delete({ group: '', kind: 'Namespace', namespace: '', name: 'team' });
    expect(
      failure(() =>
        writes.create(
          target({ ...CONFIG_MAP, namespace: 'team', name: 'late' }),
          configMap({}, { name: 'late' }),
          plainWrite,
        ),
      ),
    ).toMatchObject({
      code: 403,
      message: expect.stringContaining('unable to create new content in namespace team because it is being terminated'),
    });
    expect(store.list(CONFIG_MAP, 'team')).toHaveLength(1);
  });

  test('a dry run says what would be and writes nothing', () => {
    const { writes, target, store } = apiInMemory();
    const before = store.revision;
    expect(writes.create(target(ROUTE), route(), { ...plainWrite, isDryRun: true }).object).toMatchObject({
      metadata: { generation: 1 },
    });
    expect(store.revision).toBe(before);
  });
});

describe('update', () => {
  const merge = (patch: object) => ({ type: 'Merge', patch }) as const;

  test('grows the generation with the desired state only', () => {
    const { writes, target } = apiInMemory();
    writes.create(target(ROUTE), route(), plainWrite);
    const generationAfter = (patch: object) =>
      writes.patch(target(ROUTE), merge(patch), plainWrite).object.metadata.generation;
    expect(generationAfter({ metadata: { labels: { a: 'b' } } })).toBe(1);
    expect(generationAfter({ spec: { hostnames: ['a.example.com'] } })).toBe(2);
    expect(generationAfter({ status: { parents: [] } })).toBe(2);
    expect(generationAfter({ spec: { hostnames: ['a.example.com'] } })).toBe(2);
  });

  test('that changes nothing is no write', () => {
    const { writes, target, store, clock } = apiInMemory();
    writes.create(target(ROUTE), route(), plainWrite);
    const before = store.revision;
    clock.advance(5_000);
    expect(writes.patch(target(ROUTE), merge({ spec: { parentRefs: [{ name: 'main' }] } }), plainWrite).outcome).toBe(
      'Unchanged',
    );
    expect(store.revision).toBe(before);
  });

  test('of the status leaves everything else alone, and the other way round', () => {
    const { writes, target, stored } = apiInMemory();
    writes.create(target(ROUTE), route(), plainWrite);
    const patch = merge({
      spec: { hostnames: ['a.example.com'] },
      metadata: { labels: { a: 'b' } },
      status: { parents: [] },
    });
    writes.patch({ ...target(ROUTE), subresource: 'status' }, patch, plainWrite);
    expect(stored(ROUTE)).toMatchObject({ metadata: { generation: 1 }, status: { parents: [] } });
    expect(stored(ROUTE)).not.toHaveProperty('spec.hostnames');
    expect(stored(ROUTE)).not.toHaveProperty('metadata.labels');
    writes.patch(target(ROUTE), merge({ status: null }), plainWrite);
    expect(stored(ROUTE)).toHaveProperty('status.parents');
  });

  test('needs the version that it replaces where clients know the kind from a CRD', () => {
    const { writes, target, store } = apiInMemory();
    writes.create(target(ROUTE), route(), plainWrite);
    expect(failure(() => writes.update(target(ROUTE), route(), plainWrite)).message).toContain(
      'metadata.resourceVersion: Invalid value: 0: must be specified for an update',
    );
    const { resourceVersion } = store.get(ROUTE)?.metadata ?? {};
    expect(
      writes.update(target(ROUTE), route({ hostnames: ['a.example.com'] }, { resourceVersion }), plainWrite).outcome,
    ).toBe('Configured');
    expect(failure(() => writes.update(target(ROUTE), route({}, { resourceVersion }), plainWrite))).toMatchObject({
      code: 409,
      reason: 'Conflict',
      message:
        'Operation cannot be fulfilled on httproutes.gateway.networking.k8s.io "web": the object has been modified; please apply your changes to the latest version and try again',
    });
  });

  test('keeps what never changes', () => {
    const { writes, target, stored } = apiInMemory();
    writes.create(target(CONFIG_MAP), configMap(), plainWrite);
    const before = stored(CONFIG_MAP)?.metadata;
    writes.update(
      target(CONFIG_MAP),
      configMap({ data: { a: 'b' } }, { creationTimestamp: '2020-01-01T00:00:00Z' }),
      plainWrite,
    );
    expect(stored(CONFIG_MAP)?.metadata).toMatchObject({
      uid: before?.uid,
      creationTimestamp: before?.creationTimestamp,
    });
    expect(failure(() => writes.update(target(CONFIG_MAP), configMap({}, { uid: 'other' }), plainWrite)).code).toBe(
      409,
    );
  });
});

describe('versions', () => {
  test('an object written in an older version is stored in the storage version and read in either', () => {
    const { writes, target, store } = apiInMemory();
    const older = { ...route(), apiVersion: 'gateway.networking.k8s.io/v1beta1' };
    writes.create(target(ROUTE, 'v1beta1'), older, plainWrite);
    expect(store.get(ROUTE)?.apiVersion).toBe('gateway.networking.k8s.io/v1');
    expect(writes.read(target(ROUTE, 'v1beta1')).apiVersion).toBe('gateway.networking.k8s.io/v1beta1');
  });
});

describe('delete', () => {
  const now = { propagationPolicy: 'Background', isDryRun: false } as const;

  test('an object without finalizers is gone at once', () => {
    const { writes, target, stored } = apiInMemory();
    writes.create(target(CONFIG_MAP), configMap(), plainWrite);
    expect(writes.delete(target(CONFIG_MAP), { ...now, isDryRun: true }).isGone).toBe(true);
    expect(stored(CONFIG_MAP)).toBeDefined();
    expect(writes.delete(target(CONFIG_MAP), now).isGone).toBe(true);
    expect(failure(() => writes.delete(target(CONFIG_MAP), now)).code).toBe(404);
  });

  test('finalizers hold it, and it goes with the last of them', () => {
    const { writes, target, stored } = apiInMemory();
    writes.create(target(ROUTE), route({}, { finalizers: ['example.com/a', 'example.com/b'] }), plainWrite);
    expect(writes.delete(target(ROUTE), now)).toMatchObject({
      isGone: false,
      object: { metadata: { deletionTimestamp: '2026-01-01T00:00:00Z', deletionGracePeriodSeconds: 0, generation: 2 } },
    });
    const finalizers = (names: readonly string[]) =>
      ({ type: 'Merge', patch: { metadata: { finalizers: names } } }) as const;
    writes.patch(target(ROUTE), finalizers(['example.com/b']), plainWrite);
    expect(stored(ROUTE)).toBeDefined();
    writes.patch(target(ROUTE), finalizers([]), plainWrite);
    expect(stored(ROUTE)).toBeUndefined();
  });

  test.each(['default', 'kube-system'])('the namespace %s stays', (name) => {
    const { writes, target } = apiInMemory();
    const namespace = target({ group: '', kind: 'Namespace', namespace: '', name });
    expect(failure(() => writes.delete(namespace, now))).toMatchObject({ code: 403 });
  });
});
