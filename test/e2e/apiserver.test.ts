import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { request } from 'node:https';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startApiServer } from '../../src/apiserver/start-api-server.ts';
import type { RunningApiServer } from '../../src/apiserver/start-api-server.ts';
import { ManualClock } from '../../src/lib/manual-clock.ts';

interface CallOptions {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

interface Answer {
  readonly code: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: unknown;
}

const CONFIG_MAPS = '/api/v1/namespaces/default/configmaps';
const START_MS = Date.parse('2026-01-01T00:00:00Z');
const clock = new ManualClock(START_MS);
let api: RunningApiServer;

beforeAll(async () => {
  api = await startApiServer({ clock, tokens: ['secret', 'second'] });
});
afterAll(async () => {
  await api.close();
});

function send(path: string, { method = 'GET', headers = {}, body }: CallOptions = {}): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const text = typeof body === 'string' || body === undefined ? body : JSON.stringify(body);
    const length: Readonly<Record<string, string>> =
      text === undefined ? {} : { 'content-length': String(Buffer.byteLength(text)) };
    const options = {
      method,
      rejectUnauthorized: false,
      headers: {
        authorization: 'Bearer secret',
        accept: 'application/json',
        'content-type': 'application/json',
        ...length,
        ...headers,
      },
    };
    const outgoing = request(api.url + path, options, resolve);
    outgoing.once('error', reject);
    outgoing.end(text);
  });
}

async function call(path: string, options?: CallOptions): Promise<Answer> {
  const incoming = await send(path, options);
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) if (chunk instanceof Buffer) chunks.push(chunk);
  const text = Buffer.concat(chunks).toString();
  const isJson = incoming.headers['content-type']?.startsWith('application/json') === true;
  return { code: incoming.statusCode ?? 0, headers: incoming.headers, body: isJson ? JSON.parse(text) : text };
}

const configMap = (name: string, more: object = {}): object => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, ...more },
});

function create(name: string, more: object = {}): Promise<Answer> {
  return call(CONFIG_MAPS, { method: 'POST', body: configMap(name, more) });
}

/** A watch, one parsed event after the other. */
async function* events(path: string, headers: Readonly<Record<string, string>> = {}): AsyncGenerator<unknown, void> {
  const incoming = await send(path, { headers });
  let rest = '';
  for await (const chunk of incoming) {
    const lines = (rest + String(chunk)).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) yield JSON.parse(line);
  }
}

async function next(watch: AsyncGenerator<unknown, void>): Promise<unknown> {
  return (await watch.next()).value;
}

test.each([
  { name: 'no token', authorization: '' },
  { name: 'a wrong token', authorization: 'Bearer wrong' },
  { name: 'a token of another scheme', authorization: 'Basic secret' },
])('$name is answered 401', async ({ authorization }) => {
  expect(await call('/version', { headers: { authorization } })).toMatchObject({
    code: 401,
    body: { kind: 'Status', reason: 'Unauthorized', message: 'Unauthorized' },
  });
});

test('any of the tokens lets in', async () => {
  expect(await call('/healthz', { headers: { authorization: 'Bearer second' } })).toMatchObject({
    code: 200,
    body: 'ok',
  });
});

test('discovery comes aggregated for those who ask, and classic for others', async () => {
  const accept = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json';
  const aggregated = await call('/apis', { headers: { accept } });
  expect(aggregated.headers['content-type']).toBe(
    'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList',
  );
  expect(aggregated.body).toMatchObject({ kind: 'APIGroupDiscoveryList', apiVersion: 'apidiscovery.k8s.io/v2' });
  expect((await call('/apis')).body).toMatchObject({ kind: 'APIGroupList' });
  expect((await call('/api')).body).toMatchObject({ kind: 'APIVersions', versions: ['v1'] });
  expect((await call('/api/v1')).body).toMatchObject({ kind: 'APIResourceList', groupVersion: 'v1' });
  expect((await call('/apis/gateway.networking.k8s.io')).body).toMatchObject({ preferredVersion: { version: 'v1' } });
});

test('OpenAPI v3 names a document for each group and version, with a hash', async () => {
  const { body } = await call('/openapi/v3');
  const url: unknown = Reflect.get(Object(Reflect.get(Object(body), 'paths')), 'api/v1');
  expect(url).toEqual({ serverRelativeURL: expect.stringMatching(/^\/openapi\/v3\/api\/v1\?hash=[0-9A-F]{64}$/) });
  expect(await call('/openapi/v3/api/v1')).toMatchObject({
    code: 200,
    body: { openapi: expect.stringMatching(/^3\./) },
  });
  expect(await call('/openapi/v2')).toMatchObject({ code: 200, body: { swagger: '2.0' } });
});

test.each([
  { path: '/apis/nothing.example.com/v1/things', code: 404, reason: 'NotFound' },
  { path: '/api/v1/namespaces/default/namespaces', code: 404, reason: 'NotFound' },
  { path: `${CONFIG_MAPS}?labelSelector=a%3D%3D%3Db`, code: 400, reason: 'BadRequest' },
  { path: `${CONFIG_MAPS}?limit=many`, code: 400, reason: 'BadRequest' },
  { path: `${CONFIG_MAPS}?continue=nonsense`, code: 400, reason: 'BadRequest' },
  { path: `${CONFIG_MAPS}?resourceVersion=99999999999999`, code: 504, reason: 'Timeout' },
])('GET $path is answered $code', async ({ path, code, reason }) => {
  expect(await call(path)).toMatchObject({ code, body: { kind: 'Status', status: 'Failure', reason, code } });
});

test('a body that is neither JSON nor YAML, or too large, is refused', async () => {
  expect(await call(CONFIG_MAPS, { method: 'POST', body: '{' })).toMatchObject({ code: 400 });
  const yaml = { 'content-type': 'application/yaml' };
  const broken = await call(CONFIG_MAPS, { method: 'POST', body: 'a: [', headers: yaml });
  expect(broken).toMatchObject({ code: 400, body: { message: expect.stringContaining('YAML') } });
  const huge = JSON.stringify({ ...configMap('huge'), data: { a: 'x'.repeat(9 * 1024 * 1024) } });
  expect(await call(CONFIG_MAPS, { method: 'POST', body: huge })).toMatchObject({ code: 413 });
});

test('YAML bodies are read, and names are generated', async () => {
  const headers = { 'content-type': 'application/yaml' };
  const body = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {generateName: made-}\n';
  const answer = await call(CONFIG_MAPS, { method: 'POST', body, headers });
  expect(answer).toMatchObject({
    code: 201,
    body: { metadata: { name: expect.stringMatching(/^made-[a-z0-9]{5}$/) } },
  });
});

test('a watch tells what happens from a revision on, and selected objects come and go by their labels', async () => {
  const { body } = await call(CONFIG_MAPS);
  const version = String(Reflect.get(Object(Reflect.get(Object(body), 'metadata')), 'resourceVersion'));
  await create('early', { labels: { team: 'red' } });
  const watch = events(`${CONFIG_MAPS}?watch=true&labelSelector=team%3Dred&resourceVersion=${version}`);
  expect(await next(watch)).toMatchObject({ type: 'ADDED', object: { metadata: { name: 'early' } } });
  await create('other', { labels: { team: 'blue' } });
  const relabel = (name: string, team: string) =>
    call(`${CONFIG_MAPS}/${name}`, {
      method: 'PATCH',
      body: { metadata: { labels: { team } } },
      headers: { 'content-type': 'application/merge-patch+json' },
    });
  await relabel('other', 'red');
  expect(await next(watch)).toMatchObject({ type: 'ADDED', object: { metadata: { name: 'other' } } });
  await relabel('early', 'blue');
  expect(await next(watch)).toMatchObject({ type: 'DELETED', object: { metadata: { name: 'early' } } });
  await call(`${CONFIG_MAPS}/other`, { method: 'DELETE' });
  expect(await next(watch)).toMatchObject({ type: 'DELETED', object: { metadata: { name: 'other' } } });
  await watch.return();
});

test('a watch may begin with the objects that are there and a bookmark', async () => {
  await create('there', { labels: { initial: 'yes' } });
  const query = 'watch=true&allowWatchBookmarks=true&sendInitialEvents=true&resourceVersionMatch=NotOlderThan';
  const watch = events(`${CONFIG_MAPS}?${query}&labelSelector=initial`);
  expect(await next(watch)).toMatchObject({ type: 'ADDED', object: { metadata: { name: 'there' } } });
  expect(await next(watch)).toMatchObject({
    type: 'BOOKMARK',
    object: { kind: 'ConfigMap', metadata: { annotations: { 'k8s.io/initial-events-end': 'true' } } },
  });
  clock.advance(60_000);
  expect(await next(watch)).toMatchObject({
    type: 'BOOKMARK',
    object: { metadata: { resourceVersion: String(api.store.revision) } },
  });
  await watch.return();
});

test('a watch ends after its timeout', async () => {
  const query = 'watch=true&allowWatchBookmarks=true&sendInitialEvents=true&resourceVersionMatch=NotOlderThan';
  const watch = events(`${CONFIG_MAPS}?${query}&timeoutSeconds=5&labelSelector=nothing`);
  expect(await next(watch)).toMatchObject({ type: 'BOOKMARK' });
  clock.advance(5_000);
  expect(await watch.next()).toEqual({ done: true, value: undefined });
});

test('a watch from a revision that is forgotten is told to list anew', async () => {
  const watch = events(`${CONFIG_MAPS}?watch=true&resourceVersion=5`);
  expect(await next(watch)).toMatchObject({ type: 'ERROR', object: { kind: 'Status', code: 410, reason: 'Expired' } });
  expect(await watch.next()).toMatchObject({ done: true });
});

test('a watch of tables sends the heads of the columns once', async () => {
  await create('row', { labels: { table: 'yes' } });
  const accept = 'application/json;as=Table;v=v1;g=meta.k8s.io,application/json';
  const watch = events(`${CONFIG_MAPS}?watch=true&labelSelector=table`, { accept });
  const table = { kind: 'Table', rows: [{ object: { kind: 'PartialObjectMetadata' } }] };
  expect(await next(watch)).toMatchObject({
    type: 'ADDED',
    object: { ...table, columnDefinitions: [{ name: 'Name' }, {}, {}] },
  });
  await call(`${CONFIG_MAPS}/row`, { method: 'DELETE' });
  expect(await next(watch)).toMatchObject({ type: 'DELETED', object: { ...table, columnDefinitions: null } });
  await watch.return();
});

test('tables and metadata are made for those who ask', async () => {
  await create('shown', { labels: { show: 'yes' } });
  const list = `${CONFIG_MAPS}?labelSelector=show`;
  const table = 'application/json;as=Table;v=v1;g=meta.k8s.io';
  const row = { cells: ['shown', 0, expect.stringMatching(/s$/)] };
  expect((await call(`${list}&includeObject=None`, { headers: { accept: table } })).body).toMatchObject({
    rows: [row],
  });
  expect((await call(`${list}&includeObject=Object`, { headers: { accept: table } })).body).toMatchObject({
    rows: [{ object: { kind: 'ConfigMap' } }],
  });
  const partial = 'application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io';
  expect((await call(list, { headers: { accept: partial } })).body).toMatchObject({
    kind: 'PartialObjectMetadataList',
    items: [{ kind: 'PartialObjectMetadata', metadata: { name: 'shown' } }],
  });
  expect(await call(list, { headers: { accept: 'text/html' } })).toMatchObject({ code: 406 });
});

test('preconditions and stale versions are conflicts', async () => {
  await create('guarded');
  const path = `${CONFIG_MAPS}/guarded`;
  const precondition = (preconditions: object) =>
    call(path, { method: 'DELETE', body: { kind: 'DeleteOptions', apiVersion: 'v1', preconditions } });
  expect(await precondition({ uid: 'other' })).toMatchObject({
    code: 409,
    body: { message: expect.stringContaining('Precondition failed: UID in precondition: other, UID in object meta: ') },
  });
  expect(await precondition({ resourceVersion: '1' })).toMatchObject({ code: 409, body: { reason: 'Conflict' } });
  const stale = await call(path, { method: 'PUT', body: configMap('guarded', { resourceVersion: '1' }) });
  expect(stale).toMatchObject({ code: 409, body: { details: { name: 'guarded', kind: 'configmaps' } } });
});

test('Events are gone an hour after they happened last', async () => {
  const about = { group: '', kind: 'ConfigMap', namespace: 'default', name: 'told', apiVersion: 'v1' };
  const record = { about, type: 'Normal', reason: 'Told', message: 'Something happened.' } as const;
  const told = () =>
    api.store.list({ group: '', kind: 'Event' }).filter((event) => event.metadata.name.startsWith('told.'));
  await api.client.recordEvent(record);
  clock.advance(30 * 60_000);
  await api.client.recordEvent(record);
  clock.advance(59 * 60_000);
  expect(told()).toMatchObject([{ count: 2, lastTimestamp: expect.any(String) }]);
  clock.advance(2 * 60_000);
  expect(told()).toEqual([]);
});
