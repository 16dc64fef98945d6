import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { routeRef, startSallyport } from './harness.ts';
import type { Sallyport } from './harness.ts';
import { createAuthority } from './support/certificates.ts';
import type { TestAuthority } from './support/certificates.ts';
import { conditionsOf } from './support/kube-api.ts';
import type { Ref, SeenObject } from './support/kube-api.ts';
import { documents, gateway, gatewayClass, httpRoute, namespace, service, tlsSecret } from './support/manifests.ts';

const PORT = 18_080;
const http = { name: 'http', protocol: 'HTTP', port: PORT };
const https = (...certificateRefs: readonly unknown[]) => ({
  name: 'https',
  protocol: 'HTTPS',
  port: 18_443,
  tls: { certificateRefs },
});
const forwardTo = (name: string, port = 80) => [{ backendRefs: [{ name, port }] }];

let sallyport: Sallyport;
let authority: TestAuthority;
beforeAll(async () => {
  [sallyport, authority] = await Promise.all([startSallyport(), createAuthority()]);
  const backend = await sallyport.startBackend('web');
  await sallyport.api.apply(
    documents(
      gatewayClass('sallyport'),
      namespace('elsewhere'),
      gateway('edge', 'sallyport', [http]),
      service({ name: 'web', port: 80 }, backend.endpoint),
      service({ name: 'idle', port: 80 }),
      service({ namespace: 'elsewhere', name: 'web', port: 80 }, backend.endpoint),
    ),
  );
  await sallyport.gatewayAddress('edge');
});
afterAll(() => sallyport?.close());

function gatewayNamed(name: string): Ref {
  return { ...routeRef(name), kind: 'Gateway' };
}

/** Waits for a condition, and for the line on the terminal with the same words. */
async function told(
  ref: Ref,
  condition: { type: string; status: string; reason: string; message: RegExp },
): Promise<void> {
  const found = (object: SeenObject) =>
    conditionsOf(object).find(
      ({ type, status, reason, message }) =>
        type === condition.type &&
        status === condition.status &&
        reason === condition.reason &&
        condition.message.test(message),
    );
  const object = await sallyport.api.until(ref, (seen) => found(seen) !== undefined);
  const message = found(object)?.message ?? '';
  const line = await sallyport.process.event(
    (event) => event.message.includes(ref.name) && event.message.includes(message),
    message,
  );
  expect(line).toMatchObject({ level: 'warning', type: 'Condition' });
}

/** A route with one parentRef in `default`. */
function routeWith(name: string, parentRef: unknown, backendRef: unknown): string {
  const spec = { parentRefs: [parentRef], hostnames: [`${name}.example.com`], rules: [{ backendRefs: [backendRef] }] };
  return JSON.stringify({
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind: 'HTTPRoute',
    metadata: { name, namespace: 'default' },
    spec,
  });
}

const toWeb = { name: 'web', port: 80 };

describe('a fault is told in the conditions and on the terminal', () => {
  test('a Gateway whose class does not exist', async () => {
    await sallyport.api.apply(gateway('classless', 'missing-class', [http]));
    await told(gatewayNamed('classless'), {
      type: 'Accepted',
      status: 'False',
      reason: 'GatewayClassNotFound',
      message: /"missing-class".* does not exist/,
    });
  });

  test.each([
    {
      name: 'wrong-parent-name',
      parentRef: { name: 'egde' },
      reason: 'NoMatchingParent',
      message: /"default\/egde" does not exist/,
    },
    {
      name: 'wrong-parent-namespace',
      parentRef: { name: 'edge', namespace: 'elsewhere' },
      reason: 'NoMatchingParent',
      message: /"elsewhere\/edge" does not exist/,
    },
    {
      name: 'wrong-section',
      parentRef: { name: 'edge', sectionName: 'https' },
      reason: 'NoMatchingParent',
      message: /https/,
    },
    { name: 'wrong-port', parentRef: { name: 'edge', port: 81 }, reason: 'NoMatchingParent', message: /81/ },
  ])('an HTTPRoute that is not bound: $name', async ({ name, parentRef, reason, message }) => {
    await sallyport.api.apply(routeWith(name, parentRef, toWeb));
    await told(routeRef(name), { type: 'Accepted', status: 'False', reason, message });
  });

  test('an HTTPRoute that no listener allows', async () => {
    const route = JSON.parse(routeWith('outsider', { name: 'edge', namespace: 'default' }, toWeb)) as {
      metadata: { namespace: string };
    };
    route.metadata.namespace = 'elsewhere';
    await sallyport.api.apply(JSON.stringify(route));
    await told(routeRef('outsider', 'elsewhere'), {
      type: 'Accepted',
      status: 'False',
      reason: 'NotAllowedByListeners',
      message: /namespace/,
    });
  });

  test.each([
    {
      name: 'no-grant',
      backendRef: { ...toWeb, namespace: 'elsewhere' },
      reason: 'RefNotPermitted',
      message: /ReferenceGrant/,
      status: 500,
    },
    {
      name: 'no-service',
      backendRef: { name: 'wbe', port: 80 },
      reason: 'BackendNotFound',
      message: /"default\/wbe" does not exist/,
      status: 500,
    },
    {
      name: 'no-such-port',
      backendRef: { name: 'web', port: 81 },
      reason: 'BackendNotFound',
      message: /81.*80/,
      status: 500,
    },
  ])('a backend that cannot be used: $name', async ({ name, backendRef, reason, message, status }) => {
    await sallyport.api.apply(routeWith(name, { name: 'edge' }, backendRef));
    await told(routeRef(name), { type: 'ResolvedRefs', status: 'False', reason, message });
    await sallyport.routeInEffect(name);
    const address = await sallyport.gatewayAddress('edge');
    expect((await sallyport.send({ address, url: `http://${name}.example.com:${PORT}/` })).status).toBe(status);
  });

  test('a Service without a ready endpoint', async () => {
    await sallyport.api.apply(httpRoute('idle', 'edge', forwardTo('idle'), ['idle.example.com']));
    await sallyport.routeInEffect('idle');
    const route = await sallyport.api.until(routeRef('idle'), (seen) =>
      conditionsOf(seen).some(({ message }) => /no ready endpoint/.test(message)),
    );
    expect(conditionsOf(route).filter(({ message }) => /"default\/idle"/.test(message))).not.toEqual([]);
    await sallyport.process.event(
      ({ level, message }) => level === 'warning' && /"default\/idle".*no ready endpoint/.test(message),
      'a warning',
    );
    const address = await sallyport.gatewayAddress('edge');
    expect((await sallyport.send({ address, url: `http://idle.example.com:${PORT}/` })).status).toBe(503);
  });

  test('a certificate whose Secret is missing, of another type, or of two halves', async () => {
    const [one, other] = await Promise.all(
      ['one.example.com', 'other.example.com'].map((host) => authority.issue(host)),
    );
    if (one === undefined || other === undefined) throw new Error('Two certificates were wanted.');
    await sallyport.api.apply(
      documents(
        JSON.stringify({
          apiVersion: 'v1',
          kind: 'Secret',
          type: 'Opaque',
          metadata: { name: 'opaque', namespace: 'default' },
        }),
        tlsSecret('default', 'mismatch', { ...one, privateKey: other.privateKey }),
        gateway('no-secret', 'sallyport', [https({ name: 'absent' })]),
        gateway('opaque-secret', 'sallyport', [https({ name: 'opaque' })]),
        gateway('mismatched', 'sallyport', [https({ name: 'mismatch' })]),
      ),
    );
    const bad = { type: 'ResolvedRefs', status: 'False', reason: 'InvalidCertificateRef' };
    await told(gatewayNamed('no-secret'), { ...bad, message: /"default\/absent" does not exist/ });
    await told(gatewayNamed('opaque-secret'), { ...bad, message: /kubernetes\.io\/tls/ });
    await told(gatewayNamed('mismatched'), { ...bad, message: /belong together/ });
    await sallyport.api.apply(tlsSecret('default', 'absent', one));
    await sallyport.gatewayAddress('no-secret');
  });

  test('none of them disturbs the Gateway that is in order', async () => {
    await sallyport.api.apply(httpRoute('sound', 'edge', forwardTo('web'), ['sound.example.com']));
    await sallyport.routeInEffect('sound');
    const address = await sallyport.gatewayAddress('edge');
    const { echo } = await sallyport.send({ address, url: `http://sound.example.com:${PORT}/` });
    expect(echo?.backend).toBe('web');
  });
});
