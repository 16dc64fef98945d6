import { afterEach, describe, expect, test } from 'vitest';
import { httpRouteKind } from '../api/http-route.ts';
import { ManualClock } from '../lib/manual-clock.ts';
import { ApiError } from '../store/api-error.ts';
import { ObjectMirror } from './object-mirror.ts';
import { Reflector } from './reflector.ts';
import type { KindHealth } from './reflector.ts';
import { ScriptedApi } from './testdata/scripted-api.ts';
import type { AskedWatch } from './testdata/scripted-api.ts';

const ROOT = '/apis/gateway.networking.k8s.io';
const PATH = `${ROOT}/v1/httproutes`;
const KIND = { group: 'gateway.networking.k8s.io', kind: 'HTTPRoute' };
const served = { resources: [{ name: 'httproutes' }, { name: 'httproutes/status' }] };
const gone = new ApiError(410, 'Expired', 'too old resource version: 10 (90)');
const setBack = new ApiError(504, 'Timeout', 'Too large resource version: 10, current: 3', {
  causes: [{ reason: 'ResourceVersionTooLarge', message: 'Too large resource version' }],
});
const notFound = new ApiError(404, 'NotFound', 'the server could not find the requested resource');

const running: Reflector[] = [];
afterEach(() => {
  for (const reflector of running.splice(0)) reflector.close();
});

function route(name: string, resourceVersion: string) {
  const metadata = { name, namespace: 'default', uid: name, resourceVersion };
  return { apiVersion: 'gateway.networking.k8s.io/v1', kind: 'HTTPRoute', metadata };
}

function list(resourceVersion: string, ...items: readonly unknown[]) {
  return { metadata: { resourceVersion }, items };
}

const bookmark = (resourceVersion: string) => ({ type: 'BOOKMARK', object: { metadata: { resourceVersion } } });

function start() {
  const api = new ScriptedApi();
  const clock = new ManualClock();
  const mirror = new ObjectMirror();
  const health: KindHealth[] = [];
  const changes: string[] = [];
  mirror.subscribe(({ type, object }) => void changes.push(`${type} ${object.metadata.name}`));
  const reflector = new Reflector({
    transport: api,
    clock,
    random: () => 0,
    definition: httpRouteKind,
    mirror,
    onHealth: (next) => void health.push(next),
  });
  running.push(reflector);
  const ended = reflector.run();
  return {
    api,
    clock,
    changes,
    health,
    ended,
    reflector,
    names: () => mirror.list(KIND).map(({ metadata }) => `${metadata.name}@${metadata.resourceVersion}`),
    /** Lets everything go on that does not wait for the clock or the API. */
    settled,
    wait: async (ms: number) => {
      await settled();
      clock.advance(ms);
      await settled();
    },
  };
}

type Started = ReturnType<typeof start>;

function settled(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}

/** Answers discovery and the first list, and returns the first watch, opened. */
async function startSynced(...items: readonly unknown[]) {
  const started = start();
  (await started.api.nextRequest()).answer(served);
  (await started.api.nextRequest()).answer(list('10', ...items));
  return { ...started, watch: await nextOpenWatch(started) };
}

async function nextOpenWatch({ api }: Pick<Started, 'api'>) {
  const watch = await api.nextWatch();
  watch.open();
  return watch;
}

describe('at the start', () => {
  test('a kind is listed page by page and then watched from the version of the list', async () => {
    const { api, names } = start();
    const discovery = await api.nextRequest();
    expect(discovery.path).toBe(`${ROOT}/v1`);
    discovery.answer(served);
    const first = await api.nextRequest();
    expect(first.path).toBe(`${PATH}?limit=500`);
    first.answer({ metadata: { resourceVersion: '10', continue: 'a/b' }, items: [route('a', '3')] });
    const second = await api.nextRequest();
    expect(second.path).toBe(`${PATH}?limit=500&continue=a%2Fb`);
    expect(names()).toEqual([]);
    second.answer(list('10', route('b', '4')));
    const { path } = await api.nextWatch();
    expect(path).toBe(`${PATH}?watch=1&allowWatchBookmarks=true&resourceVersion=10&timeoutSeconds=300`);
    expect(names()).toEqual(['a@3', 'b@4']);
  });

  test('objects of a list without kind and version get those of the list', async () => {
    const { kind: _kind, apiVersion: _apiVersion, ...bare } = route('a', '1');
    const { names } = await startSynced(bare);
    expect(names()).toEqual(['a@1']);
  });

  test('an older version of the kind is taken where the newest is not served', async () => {
    const { api } = start();
    (await api.nextRequest()).fail(notFound);
    const second = await api.nextRequest();
    expect(second.path).toBe(`${ROOT}/v1beta1`);
    second.answer(served);
    expect((await api.nextRequest()).path).toBe(`${ROOT}/v1beta1/httproutes?limit=500`);
  });

  test('pages that expire before the list is complete are asked for in one piece', async () => {
    const { api, wait, health } = start();
    (await api.nextRequest()).answer(served);
    (await api.nextRequest()).answer({ metadata: { resourceVersion: '10', continue: 'a' }, items: [] });
    (await api.nextRequest()).fail(gone);
    await wait(400);
    expect((await api.nextRequest()).path).toBe(PATH);
    expect(health).toEqual([]);
  });
});

describe('a watch', () => {
  test('tells of changes, in order', async () => {
    const { watch, names, changes } = await startSynced(route('a', '1'));
    watch.send(
      { type: 'ADDED', object: route('b', '11') },
      { type: 'MODIFIED', object: route('a', '12') },
      { type: 'DELETED', object: route('b', '13') },
    );
    expect(names()).toEqual(['a@12']);
    expect(changes.slice(1)).toEqual(['Added b', 'Modified a', 'Deleted b']);
  });

  test.each([
    { name: 'that the server ends', stop: (watch: AskedWatch) => watch.end(), afterMs: 0 },
    {
      name: 'that breaks',
      stop: (watch: AskedWatch) => watch.break(new Error('reset')),
      afterMs: 400,
    },
    {
      name: 'that the server does not allow for a moment',
      stop: (watch: AskedWatch) => watch.break(new ApiError(403, 'Forbidden', 'not yet')),
      afterMs: 400,
    },
    {
      name: 'that the server has no time for',
      stop: (watch: AskedWatch) => watch.break(new ApiError(429, 'TooManyRequests', 'later')),
      afterMs: 400,
    },
  ])('$name is resumed after the last thing that was heard', async ({ stop, afterMs }) => {
    const { api, watch, wait } = await startSynced();
    watch.send({ type: 'ADDED', object: route('a', '11') }, bookmark('25'));
    stop(watch);
    await wait(afterMs);
    expect((await api.nextWatch()).path).toContain('resourceVersion=25&');
  });

  test('on which nothing is heard is given up and resumed', async () => {
    const { api, watch, wait, health } = await startSynced();
    await wait(149_999);
    expect(watch.isEnded).toBe(false);
    watch.send(bookmark('30'));
    await wait(149_999);
    expect(watch.isEnded).toBe(false);
    await wait(1);
    expect(watch.isEnded).toBe(true);
    expect((await api.nextWatch()).path).toContain('resourceVersion=30&');
    expect(health.every(({ type }) => type === 'Synced')).toBe(true);
  });

  test('that the server does not agree to in half a minute is a failure', async () => {
    const { api, watch, wait, health } = await startSynced();
    watch.send(bookmark('30'));
    watch.end();
    await api.nextWatch();
    await wait(30_000);
    await wait(400);
    await api.nextWatch();
    await wait(30_000);
    expect(health.at(-1)).toMatchObject({ type: 'Failing', message: expect.stringContaining('does not answer') });
  });

  test('that ends at once is not asked for again at once', async () => {
    const { api, watch, wait, settled: rest } = await startSynced();
    watch.end();
    await wait(399);
    expect(api.untaken).toEqual([]);
    await wait(1);
    (await nextOpenWatch({ api })).end();
    await wait(799);
    expect(api.untaken).toEqual([]);
    await wait(1);
    await rest();
    expect(api.untaken).toHaveLength(1);
  });
});

describe('a refusal to go on', () => {
  test('that is repeated makes all be listed anew, whatever its reason', async () => {
    const { api, watch, wait } = await startSynced();
    watch.send(bookmark('30'));
    watch.break(new Error('reset'));
    const broken = new ApiError(500, 'InternalError', 'the event cannot be decoded');
    for (const delayMs of [400, 800, 1_600, 3_200, 5_000]) {
      await wait(delayMs);
      const again = await api.nextWatch();
      expect(again.path).toContain('resourceVersion=30&');
      again.break(broken);
    }
    await wait(5_000);
    expect((await api.nextRequest()).path).toBe(`${PATH}?limit=500`);
  });
});

describe('a version that is too old', () => {
  test.each([
    { name: 'told by an event', error: { type: 'ERROR', object: gone.toStatus() } },
    {
      name: 'of a server whose storage was set back',
      error: { type: 'ERROR', object: setBack.toStatus() },
    },
  ])('$name makes all be listed anew, and only what differs is a change', async ({ error }) => {
    const { api, watch, wait, names, changes } = await startSynced(route('a', '1'), route('b', '2'), route('c', '3'));
    changes.length = 0;
    watch.send(error);
    await wait(400);
    (await api.nextRequest()).answer(list('90', route('a', '1'), route('b', '80'), route('d', '81')));
    expect((await api.nextWatch()).path).toContain('resourceVersion=90&');
    expect(names()).toEqual(['a@1', 'b@80', 'd@81']);
    expect(changes).toEqual(['Deleted c', 'Modified b', 'Added d']);
  });
});

describe('an outage', () => {
  test('is waited out, longer each time, and what is known stays', async () => {
    const { api, watch, wait, names, health } = await startSynced(route('a', '1'));
    const refused = new Error('connect ECONNREFUSED');
    watch.break(refused);
    for (const delayMs of [400, 800, 1_600, 3_200, 5_000, 5_000]) {
      await wait(delayMs - 1);
      expect(api.untaken).toEqual([]);
      await wait(1);
      (await api.nextWatch()).break(refused);
    }
    expect(names()).toEqual(['a@1']);
    expect(health.at(-1)).toEqual({
      type: 'Failing',
      message: 'The API server cannot be reached (connect ECONNREFUSED).',
    });
    await wait(5_000);
    await nextOpenWatch({ api });
    expect(health.at(-1)).toEqual({ type: 'Synced' });
  });

  test('is not ended before the server wants to be asked again', async () => {
    const { api, watch, wait } = await startSynced();
    watch.break(new ApiError(429, 'TooManyRequests', 'later', { retryAfterSeconds: 7 }));
    await wait(6_999);
    expect(api.untaken).toEqual([]);
    await wait(1);
    expect(api.untaken).toHaveLength(1);
  });

  test('of permissions is told in the words of the server', async () => {
    const { api, health, wait } = start();
    const forbidden = new ApiError(403, 'Forbidden', 'httproutes is forbidden');
    (await api.nextRequest()).answer(served);
    (await api.nextRequest()).fail(forbidden);
    await wait(400);
    expect(health).toEqual([]);
    (await api.nextRequest()).fail(forbidden);
    await wait(0);
    expect(health).toEqual([{ type: 'Failing', message: 'The API server answers 403: httproutes is forbidden.' }]);
  });
});

describe('a kind that is not served', () => {
  async function answerMissing({ api }: Pick<Started, 'api'>) {
    (await api.nextRequest()).fail(notFound);
    (await api.nextRequest()).fail(notFound);
    await settled();
  }

  test('is waited for', async () => {
    const started = start();
    await answerMissing(started);
    expect(started.health).toEqual([{ type: 'Missing' }]);
    await started.wait(400);
    (await started.api.nextRequest()).answer(served);
    (await started.api.nextRequest()).answer(list('5', route('a', '4')));
    await nextOpenWatch(started);
    expect(started.health.at(-1)).toEqual({ type: 'Synced' });
    expect(started.names()).toEqual(['a@4']);
  });

  test('any more loses its objects when that is certain', async () => {
    const started = await startSynced(route('a', '1'));
    started.watch.break(notFound);
    await started.wait(400);
    for (const delayMs of [400, 800]) {
      await answerMissing(started);
      expect(started.names()).toEqual(['a@1']);
      await started.wait(delayMs);
    }
    await answerMissing(started);
    expect(started.names()).toEqual([]);
    expect(started.health.at(-1)).toEqual({ type: 'Missing' });
  });
});

describe('the end', () => {
  test('comes at once during a watch, and nothing is heard after it', async () => {
    const { reflector, watch, ended, names } = await startSynced(route('a', '1'));
    reflector.close();
    watch.send({ type: 'DELETED', object: route('a', '2') });
    await ended;
    expect(names()).toEqual(['a@1']);
  });

  test('comes at once between two tries', async () => {
    const { reflector, watch, ended, settled: rest } = await startSynced();
    watch.break(new Error('reset'));
    await rest();
    reflector.close();
    await ended;
  });
});
