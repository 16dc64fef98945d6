import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { boundPort, isRouteInEffect, routeRef, startSallyport } from './harness.ts';
import type { Sallyport } from './harness.ts';
import { createAuthority } from './support/certificates.ts';
import type { TestAuthority } from './support/certificates.ts';
import type { EchoBackend } from './support/echo-backend.ts';
import { documents, gateway, gatewayClass, httpRoute, service, tlsSecret } from './support/manifests.ts';
import { startSteadyLoad } from './support/steady-load.ts';
import type { SteadyLoad } from './support/steady-load.ts';
import type { Tally } from './support/steady-load-process.ts';
import { openEventStream } from './support/event-stream.ts';
import type { OpenEventStream } from './support/event-stream.ts';
import { openWebSocket } from './support/web-socket.ts';
import type { OpenWebSocket } from './support/web-socket.ts';

/** Requests that are looked at before, between and after changes. */
const SPAN = 400;
const HTTP_PORT = 18_080;
const HTTPS_PORT = 18_443;
const HOST = 'shop.example.com';

let sallyport: Sallyport;
let authority: TestAuthority;
let address: string;
let old: EchoBackend;
let fresh: EchoBackend;
let load: SteadyLoad;
let webSocket: OpenWebSocket;
let events: OpenEventStream;

const route = routeRef('shop');
const listeners = [
  { name: 'http', protocol: 'HTTP', port: HTTP_PORT },
  { name: 'https', protocol: 'HTTPS', port: HTTPS_PORT, tls: { certificateRefs: [{ name: 'shop' }] } },
];
const streamsRule = { matches: [{ path: { value: '/streams' } }], backendRefs: [{ name: 'old', port: 80 }] };
const shopRule = (...backendRefs: readonly unknown[]) => ({ matches: [{ path: { value: '/shop' } }], backendRefs });
const toOld = { name: 'old', port: 80 };
const toFresh = { name: 'fresh', port: 80 };

beforeAll(async () => {
  sallyport = await startSallyport();
  authority = await createAuthority();
  [old, fresh] = await Promise.all([sallyport.startBackend('old'), sallyport.startBackend('fresh')]);
  await sallyport.api.apply(
    documents(
      gatewayClass('sallyport'),
      tlsSecret('default', 'shop', await authority.issue(HOST)),
      service({ name: 'old', port: 80 }, old.endpoint),
      service({ name: 'fresh', port: 80 }, fresh.endpoint),
      gateway('shop', 'sallyport', listeners),
      httpRoute('shop', 'shop', [streamsRule, shopRule(toOld)], [HOST]),
    ),
  );
  address = await sallyport.gatewayAddress('shop');
  await sallyport.routeInEffect('shop');
  webSocket = await openWebSocket({ address, port: boundPort(HTTP_PORT), host: HOST, path: '/streams/socket' });
  events = await openEventStream({ address, port: boundPort(HTTP_PORT), host: HOST, path: '/streams/events' });
  const shop = { address, host: HOST, path: '/shop', shows: ['x-added'] };
  load = startSteadyLoad({
    targets: [
      { ...shop, name: 'http', port: boundPort(HTTP_PORT) },
      { ...shop, name: 'https', port: boundPort(HTTPS_PORT), authority: authority.certificate },
    ],
    requestsPerSecond: 1_000,
    connections: 8,
  });
});

afterAll(async () => {
  webSocket?.close();
  events?.close();
  await load?.stop();
  await sallyport?.close();
});

describe('under a thousand requests a second', () => {
  test('weights that change every 100 ms lose nothing', async () => {
    await rules([streamsRule, shopRule(toOld, toFresh)]);
    for (const weight of [10, 90, 40, 70, 0]) {
      // oxlint-disable-next-line no-await-in-loop -- one change after the other is what is tested
      await rules([streamsRule, shopRule({ ...toOld, weight }, { ...toFresh, weight: 100 - weight })]);
      // oxlint-disable-next-line no-await-in-loop -- a tenth of a second of requests
      const { meanwhile, after } = await load.collect(100);
      expect(unexpected([...meanwhile, ...after], ['200 old x-added=', '200 fresh x-added='])).toEqual([]);
    }
    await expectOnly('200 fresh x-added=');
    await rules([streamsRule, shopRule(toOld)]);
    await expectOnly('200 old x-added=', '200 fresh x-added=');
    await expectStreamsLive();
  });
});

async function rules(wanted: readonly unknown[]): Promise<void> {
  await sallyport.api.patch(route, [{ op: 'replace', path: '/spec/rules', value: wanted }]);
  await sallyport.api.until(route, isRouteInEffect);
}

/** Everything that starts from now on must end with the first outcome; what started before may end with any of them. */
async function expectOnly(outcome: string, ...outcomesBefore: readonly string[]): Promise<void> {
  const { meanwhile, after } = await load.collect(SPAN);
  expect(unexpected(meanwhile, [outcome, ...outcomesBefore])).toEqual([]);
  expect(unexpected(after, [outcome])).toEqual([]);
}

function unexpected(tallies: readonly Tally[], outcomes: readonly string[]): readonly Tally[] {
  return tallies.filter(({ outcome }) => !outcomes.includes(outcome));
}

async function expectStreamsLive(): Promise<void> {
  expect(await webSocket.roundTrip('still there?')).toBe('still there?');
  await events.next();
  expect(events.brokenBecause).toBeUndefined();
}
