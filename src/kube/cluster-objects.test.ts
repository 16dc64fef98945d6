import { afterEach, describe, expect, test } from 'vitest';
import { gatewayKind } from '../api/gateway.ts';
import { httpRouteKind } from '../api/http-route.ts';
import { ManualClock } from '../lib/manual-clock.ts';
import { ApiError } from '../store/api-error.ts';
import type { ApiRequest, ApiTransport, WatchListener } from './api-transport.ts';
import { ClusterObjects } from './cluster-objects.ts';

const GATEWAY = 'Gateway.gateway.networking.k8s.io';
const HTTP_ROUTE = 'HTTPRoute.gateway.networking.k8s.io';
const EVERYTHING = ['gateways', 'httproutes'];

/** An API whose kinds come and go, and which may be away. */
class FakeApi implements ApiTransport {
  served: readonly string[] = EVERYTHING;
  isAway = false;
  readonly #watches = new Set<() => void>();

  async request({ path }: ApiRequest): Promise<unknown> {
    if (this.isAway) throw new Error('connect ECONNREFUSED');
    if (path.endsWith('/v1')) return { resources: this.served.map((name) => ({ name })) };
    if (this.served.some((name) => path.includes(name))) return { metadata: { resourceVersion: '1' }, items: [] };
    throw new ApiError(404, 'NotFound', 'the server could not find the requested resource');
  }

  async watch(path: string, listener: WatchListener): Promise<void> {
    if (this.isAway) throw new Error('connect ECONNREFUSED');
    if (!this.served.some((name) => path.includes(name))) throw new ApiError(404, 'NotFound', 'not found');
    listener.onOpen();
    await new Promise<void>((_resolve, reject) => {
      const stop = () => reject(new Error('closed'));
      this.#watches.add(stop);
      listener.signal.addEventListener('abort', stop);
    });
  }

  endWatches(): void {
    for (const stop of this.#watches) stop();
    this.#watches.clear();
  }
}

const running: ClusterObjects[] = [];
afterEach(() => {
  for (const objects of running.splice(0)) objects.close();
});

async function start(change: (api: FakeApi) => void = () => undefined) {
  const api = new FakeApi();
  change(api);
  const clock = new ManualClock();
  const notices: string[] = [];
  const objects = new ClusterObjects({
    transport: api,
    clock,
    random: () => 0,
    kinds: [gatewayKind, httpRouteKind],
    onNotice: ({ level, message }) => void notices.push(`${level}: ${message}`),
  });
  running.push(objects);
  let isSynced = false;
  void objects.synced.then(() => (isSynced = true));
  const ended = objects.run();
  await settled();
  return {
    api,
    objects,
    notices,
    ended,
    isSynced: () => isSynced,
    wait: async (ms: number) => {
      clock.advance(ms);
      await settled();
    },
  };
}

/** A few turns: some answers lead to the next question. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

describe('the objects of a cluster', () => {
  test('are synced once every kind is, and nothing needs telling', async () => {
    const { objects, notices, isSynced } = await start();
    expect(isSynced()).toBe(true);
    expect(objects.pending).toEqual([]);
    expect(notices).toEqual([]);
    expect(objects.resourceOf({ ...gatewayKind, namespace: '', name: '' })?.apiVersion).toBe(
      'gateway.networking.k8s.io/v1',
    );
  });

  test('are synced without the kinds that are not served, which one line names', async () => {
    const { notices, isSynced } = await start((api) => (api.served = ['gateways']));
    expect(isSynced()).toBe(true);
    expect(notices).toEqual([
      `info: The API does not serve ${HTTP_ROUTE}; each is used once its definition is installed.`,
    ]);
  });

  test('of a kind that is installed later, or removed, are told of', async () => {
    const { api, notices, wait } = await start((fresh) => (fresh.served = ['gateways']));
    notices.length = 0;
    api.served = EVERYTHING;
    await wait(400);
    expect(notices).toEqual([`info: The API serves ${HTTP_ROUTE} now.`]);
    api.served = ['gateways'];
    api.endWatches();
    for (let turn = 0; turn < 5; turn += 1) await wait(15_000);
    expect(notices.at(-1)).toBe(`warning: The API does not serve ${HTTP_ROUTE} any more; it is waited for.`);
  });

  test('of a kind that is not served are not told of again after an outage', async () => {
    const { api, notices, wait } = await start((fresh) => (fresh.served = ['gateways']));
    notices.length = 0;
    api.isAway = true;
    for (let turn = 0; turn < 3; turn += 1) await wait(15_000);
    api.isAway = false;
    await wait(15_000);
    expect(notices).toEqual([
      'warning: The API server cannot be reached (connect ECONNREFUSED). It will be tried again.',
      'info: The API server answers again.',
    ]);
  });

  test('are not synced while the API is away, which is told once for all kinds, and so is its return', async () => {
    const { api, objects, notices, isSynced, wait } = await start((fresh) => (fresh.isAway = true));
    await wait(400);
    expect(isSynced()).toBe(false);
    expect(objects.pending).toEqual(
      [GATEWAY, HTTP_ROUTE].map(
        (kind) => `${kind} has not been listed yet. The API server cannot be reached (connect ECONNREFUSED).`,
      ),
    );
    expect(notices).toEqual([
      'warning: The API server cannot be reached (connect ECONNREFUSED). It will be tried again.',
    ]);
    api.isAway = false;
    await wait(800);
    expect(isSynced()).toBe(true);
    expect(notices.slice(1)).toEqual(['info: The API server answers again.']);
  });

  test('are followed until the end', async () => {
    const { objects, ended } = await start();
    objects.close();
    await ended;
  });
});
