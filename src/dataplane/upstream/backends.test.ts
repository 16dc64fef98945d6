import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ManualClock } from '../../lib/manual-clock.ts';
import type { BackendId, BackendPlan, Endpoint } from '../../plan/types.ts';
import type { Exchange } from '../exchange.ts';
import { portOf } from '../../../test/support/proxy-harness.ts';
import { TimerWheel } from '../timer-wheel.ts';
import { Backends } from './backends.ts';
import { EndpointPools } from './endpoint-pools.ts';
import type { ResponseHandler } from './response-handler.ts';

let server: Server;
let port: number;
beforeEach(async () => {
  server = createServer((socket) =>
    socket.on('data', () => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n')),
  );
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  port = portOf(server);
});
afterEach(() => server.close());

const exchange = {} as Exchange;

function started() {
  const clock = new ManualClock();
  const pools = new EndpointPools(new TimerWheel(clock), { maxIdle: 2, idleMs: 30_000, connectMs: 5_000 });
  return { clock, pools, backends: new Backends(pools, () => 0) };
}

function plan(id: string, ...endpoints: Endpoint[]): BackendPlan {
  return { id: id as BackendId, service: {} as BackendPlan['service'], port: 80, protocol: 'HTTP/1.1', endpoints };
}

/** Sends one request over the pool and settles when its answer is complete. */
function request(pools: EndpointPools, endpoint: Endpoint): Promise<void> {
  return new Promise((resolve, reject) => {
    const connection = pools.poolOf(endpoint).acquire();
    const handler: ResponseHandler = {
      takesPayload: false,
      onInterim: () => undefined,
      onUpgraded: () => undefined,
      onResponse: () => resolve(),
      onResponseBody: () => true,
      onFault: (error) => reject(error),
      onUpstreamError: (error) => reject(new Error(error)),
      onUpstreamDrain: () => undefined,
    };
    connection.begin(handler, false, 0);
    connection.writeHead('GET / HTTP/1.1\r\nHost: a\r\n\r\n', undefined);
    connection.isRequestSent = true;
  });
}

const A: Endpoint = { address: '127.0.0.1', port: 1 };
const B: Endpoint = { address: '127.0.0.1', port: 2 };

test('endpoints are taken in turn', () => {
  const { backends } = started();
  const { picker } = backends.upsert(plan('web', A, B));
  const ports = Array.from({ length: 4 }, () => {
    const picked = picker.pick(exchange);
    return picked.type === 'Endpoint' ? picked.endpoint.port : undefined;
  });
  expect(ports).toEqual([1, 2, 1, 2]);
});

test('a backend stays the same object over plans and shows the newest endpoints', () => {
  const { backends } = started();
  const backend = backends.upsert(plan('web', A));
  expect(backends.upsert(plan('web'))).toBe(backend);
  expect(backend.picker.pick(exchange)).toEqual({ type: 'None' });
  expect(backends.get('web' as BackendId)).toBe(backend);
  backends.remove('web' as BackendId);
  expect(backends.get('web' as BackendId)).toBeUndefined();
});

test('a connection is kept over plans while any backend has its endpoint, and closed after', async () => {
  const { backends, pools } = started();
  const endpoint = { address: '127.0.0.1', port };
  const backend = backends.upsert(plan('web', endpoint));
  backends.upsert(plan('other', endpoint));
  const [socket] = await Promise.all([once(server, 'connection'), request(pools, endpoint)]);
  const pool = pools.poolOf(endpoint);
  expect(pool.idleCount).toBe(1);
  backends.upsert(plan('web', endpoint, A));
  backends.remove('other' as BackendId);
  expect(pools.poolOf(endpoint)).toBe(pool);
  expect(pool.idleCount).toBe(1);
  backends.upsert({ ...backend.plan, endpoints: [A] });
  expect(pool.idleCount).toBe(0);
  await once(socket[0], 'close');
});

test('an idle connection is closed after its time, or when the backend ends it', async () => {
  const { backends, pools, clock } = started();
  const endpoint = { address: '127.0.0.1', port };
  backends.upsert(plan('web', endpoint));
  await request(pools, endpoint);
  const pool = pools.poolOf(endpoint);
  expect(pool.idleCount).toBe(1);
  clock.advance(30_100);
  expect(pool.idleCount).toBe(0);
  const [[socket]] = await Promise.all([once(server, 'connection'), request(pools, endpoint)]);
  socket.end();
  while (pool.idleCount > 0) await new Promise((resolve) => setImmediate(resolve));
});

test('no more connections are kept idle than the bound', async () => {
  const { backends, pools } = started();
  const endpoint = { address: '127.0.0.1', port };
  backends.upsert(plan('web', endpoint));
  await Promise.all([request(pools, endpoint), request(pools, endpoint), request(pools, endpoint)]);
  expect(pools.poolOf(endpoint).idleCount).toBe(2);
  pools.close();
});
