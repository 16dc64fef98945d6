import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { boundPort, gatewayRef, isRouteInEffect, routeRef, startSallyport } from './harness.ts';
import type { Sallyport } from './harness.ts';
import { createAuthority } from './support/certificates.ts';
import type { TestAuthority } from './support/certificates.ts';
import type { EchoBackend } from './support/echo-backend.ts';
import { openEventStream } from './support/event-stream.ts';
import type { OpenEventStream } from './support/event-stream.ts';
import { hasOwn } from './support/kube-api.ts';
import { documents, gateway, gatewayClass, httpRoute, service, tlsSecret } from './support/manifests.ts';
import { servedCertificate } from './support/served-certificate.ts';
import { socketOwner } from './support/socket-owner.ts';
import type { Collected, Tally } from './support/steady-load-process.ts';
import { startSteadyLoad } from './support/steady-load.ts';
import type { SteadyLoad } from './support/steady-load.ts';
import { openWebSocket } from './support/web-socket.ts';
import type { OpenWebSocket } from './support/web-socket.ts';

/** Requests that are looked at after each change. */
const SPAN = 300;
const REQUESTS_PER_SECOND = 1_000;
const HTTP_PORT = 18_080;
const HTTPS_PORT = 18_443;
const OTHER_PORT = 18_081;
const HOST = 'shop.example.com';
/** How often a test looks again before it gives up, each time after some more requests. */
const LOOKS = 30;

/** What each target of the load may answer; what is not named must answer as in `USUAL`. */
type Allowed = Partial<Record<'http' | 'https' | 'fresh' | 'new', readonly string[]>>;

const USUAL: Required<Allowed> = {
  http: ['200 old x-added='],
  https: ['200 old x-added='],
  fresh: ['200 fresh x-added='],
  new: ['404 - x-added='],
};

let sallyport: Sallyport;
let authority: TestAuthority;
let address: string;
let old: EchoBackend;
let load: SteadyLoad;
let webSocket: OpenWebSocket;
let events: OpenEventStream;

const route = routeRef('shop');
const toOld = { name: 'old', port: 80 };
const toFresh = { name: 'fresh', port: 80 };
const ruleFor = (path: string, ...backendRefs: readonly unknown[]) => ({
  matches: [{ path: { value: path } }],
  backendRefs,
});
const streams = ruleFor('/streams', toOld);
const freshRule = ruleFor('/shop/fresh', toFresh);
const usualRules = [streams, ruleFor('/shop', toOld), freshRule];

beforeAll(async () => {
  [sallyport, authority] = await Promise.all([startSallyport(), createAuthority()]);
  const [first, second] = await Promise.all(['old', 'fresh'].map((name) => sallyport.startBackend(name)));
  if (first === undefined || second === undefined) throw new Error('Two backends were wanted.');
  old = first;
  await sallyport.api.apply(
    documents(
      gatewayClass('sallyport'),
      tlsSecret('default', 'shop', await authority.issue(HOST)),
      service({ name: 'old', port: 80 }, old.endpoint),
      service({ name: 'fresh', port: 80 }, second.endpoint),
      gateway('shop', 'sallyport', [
        { name: 'http', protocol: 'HTTP', port: HTTP_PORT },
        { name: 'https', protocol: 'HTTPS', port: HTTPS_PORT, tls: { certificateRefs: [{ name: 'shop' }] } },
      ]),
      httpRoute('shop', 'shop', usualRules, [HOST]),
    ),
  );
  address = await sallyport.gatewayAddress('shop');
  await sallyport.routeInEffect('shop');
  const at = { address, port: boundPort(HTTP_PORT), host: HOST };
  webSocket = await openWebSocket({ ...at, path: '/streams/socket' });
  events = await openEventStream({ ...at, path: '/streams/events' });
  const target = { ...at, path: '/shop', shows: ['x-added'] };
  load = startSteadyLoad({
    targets: [
      { ...target, name: 'http' },
      { ...target, name: 'https', port: boundPort(HTTPS_PORT), authority: authority.certificate },
      { ...target, name: 'fresh', path: '/shop/fresh' },
      { ...target, name: 'new', path: '/new' },
    ],
    requestsPerSecond: REQUESTS_PER_SECOND,
    connections: 8,
  });
  await expectThenOnly({});
});

afterAll(async () => {
  webSocket?.close();
  events?.close();
  await load?.stop();
  await sallyport?.close();
});

describe('under a thousand requests a second nothing is lost or misrouted when', () => {
  afterEach(async () => {
    expect(await webSocket.roundTrip('still there?')).toBe('still there?');
    await events.next();
    expect([webSocket.brokenBecause, events.brokenBecause]).toEqual([undefined, undefined]);
  });

  test('weights change every tenth of a second', async () => {
    const either = [...USUAL.http, ...USUAL.fresh];
    for (const weight of [50, 10, 90, 40, 70, 25, 95, 5, 60, 30, 80, 0]) {
      await patchRules([
        streams,
        freshRule,
        ruleFor('/shop', { ...toOld, weight }, { ...toFresh, weight: 100 - weight }),
      ]);
      expectOutcomes(await load.collect(REQUESTS_PER_SECOND / 10), { http: either, https: either });
    }
    await sallyport.routeInEffect('shop');
    await expectThenOnly({ http: USUAL.fresh, https: USUAL.fresh }, { http: either, https: either });
    await setRules(usualRules);
    await expectThenOnly({}, { http: either, https: either });
  });

  test.each([
    { name: 'a rule is inserted at index 0', rules: [ruleFor('/first', toFresh), ...usualRules] },
    { name: 'rules are reordered', rules: usualRules.toReversed() },
  ])('$name', async ({ rules }) => {
    await setRules(rules);
    await expectThenOnly({});
    await setRules(usualRules);
    await expectThenOnly({});
  });

  test('a filter is added and removed', async () => {
    const responseHeaderModifier = { add: [{ name: 'x-added', value: 'yes' }] };
    const filters = [{ type: 'ResponseHeaderModifier', responseHeaderModifier }];
    const filtered = { http: ['200 old x-added=yes'], https: ['200 old x-added=yes'] };
    const both = { http: [...USUAL.http, ...filtered.http], https: [...USUAL.https, ...filtered.https] };
    await setRules([streams, { ...ruleFor('/shop', toOld), filters }, freshRule]);
    await expectThenOnly(filtered, both);
    await setRules(usualRules);
    await expectThenOnly({}, both);
  });

  // "If all entries in BackendRefs are invalid … all traffic which matches this rule MUST receive a 500 status code":
  // while the Service is missing that is the one other answer, and it ends by itself.
  test('a Service is deleted and made again under new endpoints', async () => {
    const moved = await sallyport.startBackend('moved');
    await replaceService(moved, '200 moved x-added=', [...USUAL.http]);
    await replaceService(old, '200 old x-added=', ['200 moved x-added=']);
  });

  test('a certificate is replaced', async () => {
    const replacement = await authority.issue(HOST);
    await sallyport.api.apply(tlsSecret('default', 'shop', replacement));
    await eventually({}, async () => {
      const serialNumber = await servedCertificate(address, boundPort(HTTPS_PORT), HOST);
      return serialNumber === replacement.serialNumber;
    });
    await expectThenOnly({});
  });

  test('a listener is added and removed elsewhere', async () => {
    const other = { name: 'other', protocol: 'HTTP', port: OTHER_PORT };
    const ask = () => sallyport.send({ address, url: `http://${HOST}:${OTHER_PORT}/shop`, headers: { host: HOST } });
    await patchGateway({ op: 'add', path: '/spec/listeners/-', value: other });
    await sallyport.routeInEffect('shop');
    expect((await ask()).status).toBe(200);
    await patchGateway({ op: 'remove', path: '/spec/listeners/2' });
    await expect(ask()).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    await expectThenOnly({});
  });

  test('a new backend and the route to it come in one step', async () => {
    const newcomer = await sallyport.startBackend('newcomer');
    const found = ['200 newcomer x-added='];
    const manifests = documents(
      service({ name: 'newcomer', port: 80 }, newcomer.endpoint),
      httpRoute('newcomer', 'shop', [ruleFor('/new', { name: 'newcomer', port: 80 })], [HOST]),
    );
    await sallyport.api.apply(manifests);
    await sallyport.routeInEffect('newcomer');
    await expectThenOnly({ new: found }, { new: [...USUAL.new, ...found] });
    await sallyport.api.delete(routeRef('newcomer'));
    await eventually({ new: [...USUAL.new, ...found] }, (seen) => hasOnly(seen, {}));
  });

  test('a worker is killed, its own connections excepted', async () => {
    const workers = sallyport.process.workerPids();
    const owner = (clientPort: number) => socketOwner(clientPort, boundPort(HTTP_PORT), workers);
    const spared = owner(webSocket.clientPort);
    const victim = workers.find((pid) => pid !== spared);
    if (victim === undefined) throw new Error(`Two workers were wanted, not ${workers.join()}.`);
    const isStreamSpared = owner(events.clientPort) !== victim;
    const before = await load.collect(SPAN);
    // Until now no change has closed a connection, not even an idle one.
    expect(before.brokenConnections).toBe(0);
    process.kill(victim, 'SIGKILL');
    const collected = await load.collect(SPAN);
    const lost = unexpected([...collected.meanwhile, ...collected.after], {});
    expect(lost.filter(({ outcome }) => !/^(?:cut )?(?:ECONNRESET|EPIPE)$/.test(outcome))).toEqual([]);
    expect(lost.reduce((sum, { count }) => sum + count, 0)).toBeLessThanOrEqual(collected.brokenConnections);
    if (!isStreamSpared)
      events = await openEventStream({ address, port: boundPort(HTTP_PORT), host: HOST, path: '/streams/events' });
    await eventually({}, () => sallyport.process.workerPids().length === workers.length);
    await expectThenOnly({});
  });
});

async function patchRules(rules: readonly unknown[]): Promise<void> {
  await sallyport.api.patch(route, [{ op: 'replace', path: '/spec/rules', value: rules }]);
}

async function setRules(rules: readonly unknown[]): Promise<void> {
  await patchRules(rules);
  await sallyport.api.until(route, isRouteInEffect);
}

async function patchGateway(operation: unknown): Promise<void> {
  await sallyport.api.patch(gatewayRef('shop'), [operation]);
  await sallyport.api.until(gatewayRef('shop'), (object) => hasOwn(object, 'Programmed', 'True'));
}

/** Deletes the Service `old` and makes it again: both targets that use it must end at the new endpoint, and stay there. */
async function replaceService(backend: EchoBackend, outcome: string, before: readonly string[]): Promise<void> {
  await sallyport.api.delete({ apiVersion: 'v1', kind: 'Service', name: 'old' });
  await sallyport.api.apply(service({ name: 'old', port: 80 }, backend.endpoint));
  const between = [...before, '500 - x-added=', outcome];
  const only = { http: [outcome], https: [outcome] };
  await eventually({ http: between, https: between }, (seen) => hasOnly(seen, only));
  expectOutcomes(await load.collect(SPAN), only);
}

/** What starts from now on must end as `allowed`; what started since the last look may also end as `meanwhile`. */
async function expectThenOnly(allowed: Allowed, meanwhile: Allowed = allowed): Promise<void> {
  const collected = await load.collect(SPAN);
  expect(unexpected(collected.meanwhile, meanwhile)).toEqual([]);
  expect(unexpected(collected.after, allowed)).toEqual([]);
}

function expectOutcomes({ meanwhile, after }: Collected, allowed: Allowed): void {
  expect(unexpected([...meanwhile, ...after], allowed)).toEqual([]);
}

function unexpected(tallies: readonly Tally[], allowed: Allowed): readonly Tally[] {
  const outcomes: Readonly<Record<string, readonly string[]>> = { ...USUAL, ...allowed };
  return tallies.filter(({ target, outcome }) => !outcomes[target]?.includes(outcome));
}

/** Looks at a tenth of a second of requests at a time until it is so: the load and not a clock sets the pace. */
async function eventually(allowed: Allowed, isSo: (seen: Collected) => boolean | Promise<boolean>): Promise<void> {
  for (let look = 0; look < LOOKS; look += 1) {
    const seen = await load.collect(REQUESTS_PER_SECOND / 10);
    expectOutcomes(seen, allowed);
    if (await isSo(seen)) return;
  }
  throw new Error(`Still not so after ${LOOKS} looks.`);
}

/** Whether all that started lately ended as `allowed`. */
function hasOnly({ after }: Collected, allowed: Allowed): boolean {
  return unexpected(after, allowed).length === 0;
}
