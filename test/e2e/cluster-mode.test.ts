import { afterEach, describe, expect, test, vi } from 'vitest';
import { httpRouteKind } from '../../src/api/http-route.ts';
import { crdOfKind } from '../../src/apiserver/crd-of-kind.ts';
import { defaultKinds } from '../../src/apiserver/start-api-server.ts';
import { boundPort, gatewayRef, isRouteInEffect, routeRef } from './harness.ts';
import { startEchoBackend } from './support/echo-backend.ts';
import type { EchoBackend } from './support/echo-backend.ts';
import { send } from './support/http-client.ts';
import { hasOwn } from './support/kube-api.ts';
import type { SeenObject } from './support/kube-api.ts';
import { documents, gateway, httpRoute, service } from './support/manifests.ts';
import { ServeProcess } from './support/serve-process.ts';
import { TestCluster, untilReady } from './support/test-cluster.ts';
import type { TestClusterOptions } from './support/test-cluster.ts';

const PORT = 18_080;
const OURS = 'sallyport.dev/gateway-controller';
const THEIRS = 'other.example.com/controller';
const listeners = [{ name: 'http', protocol: 'HTTP', port: PORT }];

const clusters: TestCluster[] = [];
const backends: EchoBackend[] = [];
afterEach(async () => {
  await Promise.all(clusters.splice(0).map((cluster) => cluster.close()));
  await Promise.all(backends.splice(0).map((backend) => backend.close()));
});

async function startCluster(options?: TestClusterOptions): Promise<TestCluster> {
  const cluster = await TestCluster.start(options);
  clusters.push(cluster);
  return cluster;
}

async function startBackend(name: string): Promise<EchoBackend> {
  const backend = await startEchoBackend(name);
  backends.push(backend);
  return backend;
}

function classOf(name: string, controllerName: string): string {
  const spec = { controllerName };
  return JSON.stringify({
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind: 'GatewayClass',
    metadata: { name },
    spec,
  });
}

function endpointSlice(serviceName: string, { port }: EchoBackend): string {
  return JSON.stringify({
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: { name: `${serviceName}-1`, namespace: 'default', labels: { 'kubernetes.io/service-name': serviceName } },
    addressType: 'IPv4',
    ports: [{ port }],
    endpoints: [{ addresses: ['127.0.0.1'] }],
  });
}

/** A class, a Gateway, and a Service whose endpoint is the backend. */
function world(backend: EchoBackend): string {
  return documents(
    classOf('sallyport', OURS),
    gateway('edge', 'sallyport', listeners),
    service({ name: 'web', port: 80 }),
    endpointSlice('web', backend),
  );
}

const toWeb = [{ backendRefs: [{ name: 'web', port: 80 }] }];

async function addressOf({ api }: TestCluster, name = 'edge'): Promise<string> {
  const found = await api.until(gatewayRef(name), (object) => hasOwn(object, 'Programmed', 'True'));
  return found.status?.addresses?.[0]?.value ?? '';
}

function ask(address: string, host = 'web.example.com') {
  return send({ address, url: `http://${host}:${PORT}/`, port: boundPort(PORT) });
}

function controllersOf({ status }: SeenObject): readonly string[] {
  return (status?.parents ?? []).map(({ controllerName }) => controllerName);
}

describe('sallyport controller', () => {
  test('serves what the cluster holds and what changes in it', async () => {
    const cluster = await startCluster();
    const [first, second] = await Promise.all([startBackend('first'), startBackend('second')]);
    await cluster.api.apply(documents(world(first), httpRoute('web', 'edge', toWeb)));
    const controller = await cluster.startController();
    await untilReady(controller);
    const address = await addressOf(cluster);
    await cluster.api.until(routeRef('web'), isRouteInEffect);
    expect((await ask(address)).echo?.backend).toBe('first');
    await cluster.api.apply(endpointSlice('web', second));
    await vi.waitUntil(async () => (await ask(address)).echo?.backend === 'second');
    const match = [{ matches: [{ path: { value: '/only-here' } }], ...toWeb[0] }];
    await cluster.api.apply(httpRoute('web', 'edge', match));
    await cluster.api.until(routeRef('web'), isRouteInEffect);
    expect((await ask(address)).status).toBe(404);
    expect(controller.events.filter(({ level }) => level === 'error')).toEqual([]);
  });

  test('takes endpoints from EndpointSlices only', async () => {
    const cluster = await startCluster();
    const backend = await startBackend('web');
    await untilReady(await cluster.startController());
    await cluster.api.apply(
      documents(
        classOf('sallyport', OURS),
        gateway('edge', 'sallyport', listeners),
        service({ name: 'web', port: 80 }, backend.endpoint),
        httpRoute('web', 'edge', toWeb),
      ),
    );
    await cluster.api.until(routeRef('web'), isRouteInEffect);
    expect((await ask(await addressOf(cluster))).status).toBe(503);
  });

  test('leaves what belongs to other controllers alone', async () => {
    const cluster = await startCluster();
    await untilReady(await cluster.startController());
    const theirs = documents(classOf('theirs', THEIRS), gateway('theirs', 'theirs', listeners));
    const [foreignClass] = await cluster.api.apply(documents(theirs, httpRoute('theirs', 'theirs', toWeb)));
    // What comes later in the same kinds was handled after what came before.
    await cluster.api.apply(documents(world(await startBackend('web')), httpRoute('web', 'edge', toWeb)));
    await cluster.api.until(routeRef('web'), isRouteInEffect);
    const after = await cluster.api.get({ ...gatewayRef('theirs'), kind: 'GatewayClass' });
    expect(after?.metadata.resourceVersion).toBe(foreignClass?.metadata.resourceVersion);
    expect((await cluster.api.get(routeRef('theirs')))?.status?.parents ?? []).toEqual([]);
  });

  test.each([
    { name: 'a kubeconfig that is not there', args: ['--kubeconfig=/nowhere/kubeconfig'], expected: 'cannot be used' },
    { name: 'no kubeconfig at all', args: [], expected: '--kubeconfig' },
  ])('refuses $name in one line', async ({ args, expected }) => {
    const controller = new ServeProcess(['controller', ...args]);
    expect(await controller.exited).toBe(2);
    expect(controller.standardError).toContain(expected);
    expect(controller.standardError.trim().split('\n')).toHaveLength(1);
  });

  test('refuses a context that the kubeconfig does not have', async () => {
    const cluster = await startCluster();
    const controller = await cluster.startController('--context=elsewhere');
    expect(await controller.exited).toBe(2);
    expect(controller.standardError).toContain('no cluster for the context "elsewhere"');
  });
});

describe('controllers with different names', () => {
  test('share a route, keep what a third one wrote, and come to rest', async () => {
    const cluster = await startCluster();
    await Promise.all([
      cluster.startController().then(untilReady),
      cluster.startController(`--controller-name=${THEIRS}`).then(untilReady),
    ]);
    const parentRefs = [{ name: 'edge' }, { name: 'theirs' }];
    const shared = (path: string) =>
      JSON.stringify({
        apiVersion: 'gateway.networking.k8s.io/v1',
        kind: 'HTTPRoute',
        metadata: { name: 'shared', namespace: 'default' },
        spec: { parentRefs, rules: [{ matches: [{ path: { value: path } }], ...toWeb[0] }] },
      });
    const accepted = {
      type: 'Accepted',
      status: 'True',
      reason: 'Accepted',
      message: '',
      lastTransitionTime: '2026-01-01T00:00:00Z',
    };
    const third = {
      parentRef: { group: 'gateway.networking.k8s.io', kind: 'Gateway', name: 'elsewhere' },
      controllerName: 'third.example.com/controller',
      conditions: [accepted],
    };
    await cluster.api.apply(
      documents(
        world(await startBackend('web')),
        classOf('theirs', THEIRS),
        gateway('theirs', 'theirs', listeners),
        shared('/one'),
      ),
    );
    const isSettled = (route: SeenObject) => isRouteInEffect(route) && controllersOf(route).length === 2;
    await cluster.api.until(routeRef('shared'), isSettled);
    const path = '/apis/gateway.networking.k8s.io/v1/namespaces/default/httproutes/shared/status';
    const addition = JSON.stringify([{ op: 'add', path: '/status/parents/0', value: third }]);
    expect((await cluster.api.send('PATCH', path, addition, 'application/json-patch+json')).status).toBe(200);

    let writes = 0;
    cluster.server.store.subscribe(({ object }) => {
      if (object.kind === 'HTTPRoute' && object.metadata.name === 'shared') writes += 1;
    });
    await cluster.api.apply(shared('/two'));
    const inEffectForBoth = ({ status, ...route }: SeenObject) => {
      const parents = (status?.parents ?? []).filter(({ controllerName }) => controllerName !== third.controllerName);
      return parents.length === 2 && isRouteInEffect({ ...route, status: { ...status, parents } });
    };
    const settled = await cluster.api.until(routeRef('shared'), inEffectForBoth);
    expect(settled.status?.parents?.[0]).toEqual(third);
    expect([...controllersOf(settled)].sort()).toEqual([OURS, THEIRS, third.controllerName].sort());
    const writesOfOneEdit = writes;
    expect(writesOfOneEdit).toBeLessThanOrEqual(5);
    // Each round takes the interval between two writes at least: whoever answered the other's writes would do so meanwhile.
    for (const name of ['/a', '/b', '/c']) {
      await cluster.api.apply(httpRoute('round', 'edge', [{ matches: [{ path: { value: name } }], ...toWeb[0] }]));
      await cluster.api.until(routeRef('round'), isRouteInEffect);
    }
    expect(writes).toBe(writesOfOneEdit);
  });
});

describe('an API server that goes away', () => {
  test('costs no request, and what changed meanwhile is in effect when it is back', async () => {
    const cluster = await startCluster();
    const backend = await startBackend('web');
    await cluster.api.apply(documents(world(backend), httpRoute('kept', 'edge', toWeb, ['kept.example.com'])));
    await cluster.api.apply(httpRoute('deleted', 'edge', toWeb, ['deleted.example.com']));
    const controller = await cluster.startController();
    await untilReady(controller);
    const address = await addressOf(cluster);
    await cluster.stopApi();
    await controller.event(({ type, level }) => type === 'Cluster' && level === 'warning', 'the outage');
    expect((await ask(address, 'deleted.example.com')).status).toBe(200);
    await cluster.startApi({ elsewhere: true });
    await cluster.api.delete(routeRef('deleted'));
    await cluster.stopApi();
    await cluster.startApi();
    await controller.event(({ message }) => message === 'The API server answers again.', 'the end of the outage');
    await vi.waitUntil(async () => (await ask(address, 'deleted.example.com')).status === 404, { timeout: 20_000 });
    expect((await ask(address, 'kept.example.com')).status).toBe(200);
    await cluster.api.apply(httpRoute('new', 'edge', toWeb, ['new.example.com']));
    await cluster.api.until(routeRef('new'), isRouteInEffect);
    expect((await ask(address, 'new.example.com')).status).toBe(200);
  });

  test('is waited for at the start', async () => {
    const cluster = await startCluster();
    await cluster.api.apply(documents(world(await startBackend('web')), httpRoute('web', 'edge', toWeb)));
    await cluster.stopApi();
    const controller = await cluster.startController();
    await controller.event(({ type, level }) => type === 'Cluster' && level === 'warning', 'the outage');
    const { adminUrl } = await controller.event(({ type }) => type === 'Listening', 'Listening');
    const notReady = await fetch(`${String(adminUrl)}/readyz`);
    expect(notReady.status).toBe(503);
    expect(await notReady.text()).toContain('Gateway.gateway.networking.k8s.io has not been listed yet.');
    await cluster.startApi();
    await untilReady(controller);
    expect((await ask(await addressOf(cluster))).status).toBe(200);
  });
});

test('a kind that is installed late is waited for while the others are served', async () => {
  const cluster = await startCluster({ kinds: defaultKinds.filter((kind) => kind !== httpRouteKind) });
  const backend = await startBackend('web');
  await cluster.api.apply(world(backend));
  const controller = await cluster.startController();
  await untilReady(controller);
  const address = await addressOf(cluster);
  expect((await ask(address)).status).toBe(404);
  const [told] = controller.events.filter(({ message }) => message.includes('does not serve'));
  expect(told?.message).toContain('HTTPRoute.gateway.networking.k8s.io');
  const definition = crdOfKind(httpRouteKind);
  await cluster.api.apply(JSON.stringify(definition, withoutMetadataSchema));
  await cluster.api.until(
    { apiVersion: definition.apiVersion, kind: definition.kind, name: definition.metadata.name },
    (crd) => hasOwn(crd, 'Established', 'True'),
  );
  await cluster.api.apply(httpRoute('web', 'edge', toWeb));
  await cluster.api.until(routeRef('web'), isRouteInEffect, 20_000);
  expect((await ask(address)).status).toBe(200);
});

/** Definitions leave the schema of the metadata to Kubernetes. */
function withoutMetadataSchema(key: string, value: unknown): unknown {
  const isSchema = typeof value === 'object' && value !== null && 'type' in value;
  return key === 'metadata' && isSchema ? undefined : value;
}
