import { describe, expect, test } from 'vitest';
import { namespacedName, objectKey, refOf } from '../api/object.ts';
import type { KubeObject } from '../api/object.ts';
import { ApiError } from '../store/api-error.ts';
import type { ObjectClient } from '../store/object-client.ts';
import { ManifestSource } from './manifest-source.ts';
import type { SourceEvent } from './manifest-source.ts';
import type { SourceProblem } from './source-problem.ts';

/** An API that takes everything, but for objects whose spec is `invalid`. */
class FakeApi implements ObjectClient {
  readonly objects = new Map<string, KubeObject>();
  readonly calls: string[] = [];
  #lastUid = 0;

  get(ref: Parameters<ObjectClient['get']>[0]) {
    return Promise.resolve(this.objects.get(objectKey(ref)));
  }

  apply(given: KubeObject) {
    const cluster = ['Namespace', 'GatewayClass', 'CustomResourceDefinition'].includes(given.kind);
    const namespace = given.metadata.namespace ?? 'default';
    const object = cluster ? given : { ...given, metadata: { ...given.metadata, namespace } };
    this.calls.push(`apply ${object.kind} ${namespacedName(object.metadata)}`);
    if (specOf(object) === 'invalid') {
      const cause = { reason: 'FieldValueInvalid', field: 'spec', message: 'Invalid value: "invalid"' };
      return Promise.reject(new ApiError(422, 'Invalid', 'It is invalid.', { causes: [cause] }));
    }
    const key = objectKey(refOf(object));
    const before = this.objects.get(key);
    const uid = before?.metadata.uid ?? `uid-${++this.#lastUid}`;
    const stored = { ...object, metadata: { ...object.metadata, uid } };
    this.objects.set(key, stored);
    const isSame = JSON.stringify(before) === JSON.stringify(stored);
    const outcome = before === undefined ? 'Created' : isSame ? 'Unchanged' : 'Configured';
    const warnings = specOf(object) === 'odd' ? ['unknown field "spec"'] : [];
    return Promise.resolve({ object: stored, outcome, warnings } as const);
  }

  delete(ref: Parameters<ObjectClient['delete']>[0]) {
    this.calls.push(`delete ${ref.kind} ${namespacedName(ref)}`);
    if (ref.name === 'permanent') return Promise.reject(new ApiError(403, 'Forbidden', 'It may not be deleted'));
    this.objects.delete(objectKey(ref));
    return Promise.resolve();
  }

  editStatus = () => Promise.resolve();
  recordEvent = () => Promise.resolve();
}

function specOf(object: KubeObject): unknown {
  return 'spec' in object ? object.spec : undefined;
}

function manifest(kind: string, name: string, spec = 'x'): string {
  const apiVersion = ['GatewayClass', 'Gateway', 'HTTPRoute'].includes(kind) ? 'gateway.networking.k8s.io/v1' : 'v1';
  return `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata:\n  name: ${name}\nspec: ${spec}\n`;
}

function setup() {
  const api = new FakeApi();
  const files: Record<string, string> = {};
  const refused: SourceProblem[] = [];
  const events: SourceEvent[] = [];
  const source = new ManifestSource({
    client: api,
    scan: () => {
      const read = Object.entries(files).map(([path, text]) => ({ path, text }));
      return Promise.resolve({ files: read, refused: [...refused], directories: [] });
    },
    watch: () => ({ follow: () => undefined, close: () => undefined }),
    onEvent: (event) => void events.push(event),
  });
  const sync = async () => {
    api.calls.length = 0;
    events.length = 0;
    await source.sync();
  };
  return { api, files, refused, events, sync };
}

describe('ManifestSource', () => {
  test('applies namespaces first, then classes, then the rest', async () => {
    const { api, files, sync } = setup();
    files['a.yaml'] = [manifest('Service', 's'), manifest('GatewayClass', 'c'), manifest('Namespace', 'n')].join(
      '---\n',
    );
    await sync();
    expect(api.calls).toEqual(['apply Namespace n', 'apply GatewayClass c', 'apply Service default/s']);
  });

  test('applies Gateways and routes after what they refer to, and prunes them before it', async () => {
    const { api, files, sync } = setup();
    files['a.yaml'] = [manifest('HTTPRoute', 'r'), manifest('Gateway', 'g')].join('---\n');
    files['b.yaml'] = manifest('Service', 's');
    await sync();
    expect(api.calls).toEqual(['apply Service default/s', 'apply Gateway default/g', 'apply HTTPRoute default/r']);
    delete files['a.yaml'];
    delete files['b.yaml'];
    await sync();
    expect(api.calls).toEqual(['delete HTTPRoute default/r', 'delete Gateway default/g', 'delete Service default/s']);
  });

  test('makes a namespace that a manifest needs, and never prunes it', async () => {
    const { api, files, sync } = setup();
    files['a.yaml'] = 'apiVersion: v1\nkind: Service\nmetadata: {name: s, namespace: shop}\n';
    await sync();
    expect(api.calls).toEqual(['apply Namespace shop', 'apply Service shop/s']);
    delete files['a.yaml'];
    await sync();
    expect(api.calls).toEqual(['delete Service shop/s']);
  });

  test('leaves the API alone while no file changes', async () => {
    const { api, files, sync } = setup();
    files['a.yaml'] = manifest('Service', 's');
    await sync();
    await sync();
    expect(api.calls).toEqual([]);
  });

  test('applies only the file that changed', async () => {
    const { api, files, sync, events } = setup();
    Object.assign(files, { 'a.yaml': manifest('Service', 'a'), 'b.yaml': manifest('Service', 'b') });
    await sync();
    files['b.yaml'] = manifest('Service', 'b', 'y');
    await sync();
    expect(api.calls).toEqual(['apply Service default/b']);
    expect(events).toEqual([expect.objectContaining({ type: 'Applied', outcome: 'Configured', path: 'b.yaml' })]);
  });

  test('prunes what a file no longer holds, and nothing that is not its own', async () => {
    const { api, files, sync } = setup();
    files['a.yaml'] = `${manifest('Service', 's')}---\n${manifest('Service', 't')}---\n${manifest('Service', 'u')}`;
    await sync();
    const key = objectKey({ group: '', kind: 'Service', namespace: 'default', name: 't' });
    const other = api.objects.get(key);
    if (other !== undefined) api.objects.set(key, { ...other, metadata: { ...other.metadata, uid: 'made by hand' } });
    files['a.yaml'] = manifest('Service', 'u');
    await sync();
    expect(api.calls).toEqual(['apply Service default/u', 'delete Service default/s']);
  });

  test('an object that the API does not let go is told, and the others are pruned', async () => {
    const { api, files, sync, events } = setup();
    files['a.yaml'] =
      `${manifest('Service', 'permanent')}---\n${manifest('Service', 't')}---\n${manifest('Service', 'u')}`;
    await sync();
    files['a.yaml'] = manifest('Service', 'u');
    await sync();
    expect(api.calls).toEqual([
      'apply Service default/u',
      'delete Service default/permanent',
      'delete Service default/t',
    ]);
    const message = 'Service "default/permanent" stays: It may not be deleted.';
    expect(events.at(-1)).toEqual({ type: 'Problem', path: 'a.yaml', message });
  });

  test('an object that moves to another file is not pruned', async () => {
    const { api, files, sync } = setup();
    files['a.yaml'] = manifest('Service', 's');
    await sync();
    delete files['a.yaml'];
    files['b.yaml'] = manifest('Service', 's', 'y');
    await sync();
    expect(api.calls).toEqual(['apply Service default/s']);
  });

  test('a file that breaks says where, and keeps what it held', async () => {
    const { api, files, sync, events } = setup();
    files['a.yaml'] = manifest('Service', 's');
    await sync();
    files['a.yaml'] = 'kind: [';
    await sync();
    expect(api.calls).toEqual([]);
    expect(events).toEqual([expect.objectContaining({ type: 'Problem', path: 'a.yaml', line: 1, column: 8 })]);
    await sync();
    expect(events).toEqual([]);
    files['a.yaml'] = manifest('Service', 's');
    await sync();
    expect(events).toEqual([{ type: 'Solved', path: 'a.yaml' }]);
  });

  test('an object that the API refuses is told at its field, and the others of the file are applied', async () => {
    const { api, files, sync, events } = setup();
    files['a.yaml'] = `${manifest('Service', 's', 'invalid')}---\n${manifest('Service', 't')}`;
    await sync();
    expect(api.calls).toEqual(['apply Service default/s', 'apply Service default/t']);
    expect(events.at(-1)).toEqual({
      type: 'Problem',
      path: 'a.yaml',
      line: 5,
      column: 7,
      message: 'Service "s" is invalid: spec: Invalid value: "invalid"',
    });
  });

  test('a warning of the API is told at its field', async () => {
    const { files, sync, events } = setup();
    files['a.yaml'] = manifest('Service', 's', 'odd');
    await sync();
    expect(events.at(-1)).toMatchObject({
      type: 'Warning',
      path: 'a.yaml',
      line: 5,
      column: 7,
      message: 'unknown field "spec"',
    });
  });

  test('a file with a refused object loses nothing that it held', async () => {
    const { api, files, sync } = setup();
    files['a.yaml'] = `${manifest('Service', 's')}---\n${manifest('Service', 't')}`;
    await sync();
    files['a.yaml'] = manifest('Service', 's', 'invalid');
    await sync();
    expect(api.calls).toEqual(['apply Service default/s']);
  });

  test('a refused directory keeps what its files held', async () => {
    const { api, files, refused, sync } = setup();
    files['dir/a.yaml'] = manifest('Service', 's');
    await sync();
    delete files['dir/a.yaml'];
    refused.push({ path: 'dir', message: 'A Kustomization.' });
    await sync();
    expect(api.calls).toEqual([]);
  });

  test('of two manifests for one object the first counts and the second is told', async () => {
    const { api, files, sync, events } = setup();
    Object.assign(files, { 'a.yaml': manifest('Service', 's'), 'b.yaml': manifest('Service', 's', 'y') });
    await sync();
    expect(api.calls).toEqual(['apply Service default/s']);
    expect(events.at(-1)).toMatchObject({ type: 'Problem', path: 'b.yaml', line: 1 });
    delete files['a.yaml'];
    await sync();
    expect(specOf(api.objects.values().next().value as KubeObject)).toBe('y');
  });
});
