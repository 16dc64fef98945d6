import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { boundPort, gatewayRef, routeRef, startSallyport } from './harness.ts';
import type { Sallyport } from './harness.ts';
import { CORPUS, corpusMissing, KUBECTL, named, run } from './support/command.ts';
import { withCorpus } from './support/corpus-world.ts';
import type { CorpusWorld } from './support/corpus-world.ts';
import { startEchoBackend } from './support/echo-backend.ts';
import { conditionsOf } from './support/kube-api.ts';
import type { Ref, SeenObject } from './support/kube-api.ts';
import { documents, gatewayClass, service, tlsSecret } from './support/manifests.ts';
import { servedCertificate } from './support/served-certificate.ts';

const MAIN = 'gateway-system/main-gateway';
const app = 'app.example.com';

/** An HTTPRoute of the reader's own, for one host, to the Service of its own name. */
function ownRoute(namespace: string, name: string, parentRefs: readonly unknown[], more: object = {}): string {
  const spec = {
    parentRefs,
    hostnames: [`${name}.example.com`],
    rules: [{ backendRefs: [{ name, port: 8080 }] }],
    ...more,
  };
  return JSON.stringify({
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind: 'HTTPRoute',
    metadata: { name, namespace },
    spec,
  });
}

function hasCondition(object: SeenObject, type: string, status: string, reason: string): boolean {
  return conditionsOf(object).some(
    (condition) => condition.type === type && condition.status === status && condition.reason === reason,
  );
}

function until({ sallyport }: CorpusWorld, ref: Ref, ...condition: [string, string, string]): Promise<SeenObject> {
  return sallyport.api.until(ref, (object) => hasCondition(object, ...condition));
}

describe.skipIf(corpusMissing !== undefined)(named('classes, Gateways and grants of the corpus', corpusMissing), () => {
  test('03-gatewayclasses.yaml: every class is adopted, whatever controller it names', () =>
    withCorpus({ files: ['03-gatewayclasses.yaml'] }, async ({ sallyport }) => {
      await sallyport.kubectlOk(['wait', '--for=condition=Accepted', 'gatewayclass', '--all', '--timeout=20s']);
      const names = await sallyport.kubectlOk(['get', 'gatewayclass', '-o', 'jsonpath={.items[*].metadata.name}']);
      expect(names).toBe('envoy-gateway istio-gateway nginx-gateway');
    }));

  test.each([
    { file: '04-production-gateway.yaml', gateway: 'production-gateway', outsider: 'NotAllowedByListeners' },
    { file: '16-secure-gateway.yaml', gateway: 'secure-gateway', outsider: undefined },
  ])('$file: three listeners, two on one port told apart by SNI, each with its namespaces', (given) => {
    const parent = (sectionName: string) => [{ name: given.gateway, namespace: 'gateway-system', sectionName }];
    const more = [
      ownRoute('shops', 'shop', parent('https')),
      ownRoute('shops', 'stranger', parent('api-https'), { hostnames: ['api.example.com'] }),
      ownRoute('gateway-system', 'api', parent('api-https')),
      ownRoute('plain', 'open', parent('http')),
      ownRoute('plain', 'outsider', parent('https')),
    ];
    const namespaces = { shops: { 'gateway-access': 'true' } };
    return withCorpus({ files: [given.file], namespaces, more }, async (world) => {
      const at = `gateway-system/${given.gateway}`;
      const { sallyport } = world;
      await Promise.all([sallyport.routeInEffect('shop', 'shops'), sallyport.routeInEffect('open', 'plain')]);
      await sallyport.routeInEffect('api', 'gateway-system');
      await world.check(at, { url: 'https://shop.example.com/', gives: { backend: 'shop' } });
      await world.check(at, { url: 'https://api.example.com/', gives: { backend: 'api' } });
      await world.check(at, { url: 'http://open.example.com/', gives: { backend: 'open' } });
      await until(world, routeRef('stranger', 'shops'), 'Accepted', 'False', 'NotAllowedByListeners');
      if (given.outsider !== undefined) {
        await until(world, routeRef('outsider', 'plain'), 'Accepted', 'False', given.outsider);
        await world.check(at, { url: 'https://outsider.example.com/', gives: { status: 404 } });
      } else {
        await sallyport.routeInEffect('outsider', 'plain');
        await world.check(at, { url: 'https://outsider.example.com/', gives: { backend: 'outsider' } });
      }
      const address = await sallyport.gatewayAddress(given.gateway, 'gateway-system');
      const shown = (host: string) => servedCertificate(address, boundPort(443), host);
      expect(await shown('api.example.com')).toBe(world.certificates.get('api-cert')?.serialNumber);
      expect(await shown('shop.example.com')).toBe(world.certificates.get('production-cert')?.serialNumber);
    });
  });

  test.each([
    { file: '07-main-gateway.yaml', gateway: 'main-gateway', namespace: 'gateway-system' },
    { file: '27-linkerd-gateway.yaml', gateway: 'linkerd-gateway', namespace: 'linkerd' },
  ])('$file: kubectl waits for the Gateway', ({ file, gateway, namespace }) =>
    withCorpus({ files: [file] }, async ({ sallyport }) => {
      const wait = ['wait', '--for=condition=Programmed', `gateway/${gateway}`, '-n', namespace, '--timeout=20s'];
      expect(await sallyport.kubectlOk(wait)).toContain('condition met');
    }),
  );

  test('18-cert-manager.yaml: the Secret is served as soon as it appears, and the solver is reachable', () => {
    const path = { type: 'Exact', value: '/.well-known/acme-challenge/token' };
    const rules = [{ matches: [{ path }], backendRefs: [{ name: 'solver', port: 8089 }] }];
    const solver = ownRoute('gateway-system', 'solver', [{ name: 'main-gateway' }], { hostnames: [app], rules });
    return withCorpus({ files: ['18-cert-manager.yaml'], more: [solver], isWithoutSecrets: true }, async (world) => {
      const waiting = gatewayRef('auto-tls-gateway', 'gateway-system');
      const gateway = await until(world, waiting, 'ResolvedRefs', 'False', 'InvalidCertificateRef');
      expect(JSON.stringify(gateway.status)).toContain('gateway-system/app-tls-cert');
      await world.sallyport.routeInEffect('solver', 'gateway-system');
      await world.check(MAIN, { url: `http://${app}${path.value}`, gives: { backend: 'solver' } });
      const certificate = await world.authority.issue(app, 'www.example.com');
      await world.sallyport.api.apply(tlsSecret('gateway-system', 'app-tls-cert', certificate));
      const address = await world.sallyport.gatewayAddress('auto-tls-gateway', 'gateway-system');
      expect(await servedCertificate(address, boundPort(443), app)).toBe(certificate.serialNumber);
    });
  });

  test('19-https-redirect.yaml: redirects on one listener only', () =>
    withCorpus({ files: ['16-secure-gateway.yaml', '19-https-redirect.yaml'] }, async (world) => {
      await world.sallyport.routeInEffect('https-redirect', 'gateway-system');
      const at = 'gateway-system/secure-gateway';
      const location = `https://${app}/where?q=1`;
      await world.check(at, { url: `http://${app}/where?q=1`, gives: { status: 301, headers: { location } } });
      await world.check(at, { url: `https://${app}/where`, gives: { status: 404 } });
    }));

  test('28-reference-grant.yaml: granted works, revoked is 500, granted again works again', () =>
    withCorpus({ files: ['28-reference-grant.yaml'] }, async (world) => {
      const route = routeRef('cross-namespace-route', 'frontend-system');
      const url = 'http://any.example/api/things';
      const status = async () => (await world.ask(MAIN, { url, gives: {} })).status;
      await world.sallyport.routeInEffect(route.name, 'frontend-system');
      await world.check(MAIN, { url, gives: { backend: 'api-service' } });
      await world.sallyport.kubectlOk(['delete', 'referencegrant', 'allow-gateway-to-backend', '-n', 'backend-system']);
      await until(world, route, 'ResolvedRefs', 'False', 'RefNotPermitted');
      await expect.poll(status).toBe(500);
      await world.sallyport.kubectlOk(['apply', '-f', join(CORPUS, '28-reference-grant.yaml')]);
      await until(world, route, 'ResolvedRefs', 'True', 'ResolvedRefs');
      await expect.poll(status).toBe(200);
    }));

  test('29-environment-gateways.yaml: each Gateway is open to its own environment', () => {
    const parents = ['production', 'staging'].map((name) => ({
      name: `${name}-gateway`,
      namespace: `gateway-${name}`,
    }));
    const more = [ownRoute('live', 'live', parents), ownRoute('trial', 'trial', parents)];
    const namespaces = { live: { environment: 'production' }, trial: { environment: 'staging' } };
    return withCorpus({ files: ['29-environment-gateways.yaml'], namespaces, more }, async (world) => {
      for (const [name, environment, other] of [
        ['live', 'production', 'staging'],
        ['trial', 'staging', 'production'],
      ] as const) {
        const url = `https://${name}.example.com/`;
        const seen = await until(world, routeRef(name, name), 'Accepted', 'False', 'NotAllowedByListeners');
        expect(seen.status?.parents).toHaveLength(2);
        const open = `gateway-${environment}/${environment}-gateway`;
        await expect.poll(async () => (await world.ask(open, { url, gives: {} })).echo?.backend).toBe(name);
        await world.check(`gateway-${other}/${other}-gateway`, { url, gives: { status: 404 } });
      }
    });
  });

  test('30-reference-grant-secret.yaml: a grant for HTTPRoutes lets no Gateway use the Secret', () => {
    const certificateRefs = [{ name: 'shared-tls-cert', namespace: 'gateway-system' }];
    const listeners = [{ name: 'https', protocol: 'HTTPS', port: 443, tls: { certificateRefs } }];
    const gateway = JSON.stringify({
      apiVersion: 'gateway.networking.k8s.io/v1',
      kind: 'Gateway',
      metadata: { name: 'team-gateway', namespace: 'app-team-a' },
      spec: { gatewayClassName: 'team', listeners },
    });
    return withCorpus({ files: ['30-reference-grant-secret.yaml'], more: [gateway] }, async (world) => {
      await until(world, gatewayRef('team-gateway', 'app-team-a'), 'ResolvedRefs', 'False', 'RefNotPermitted');
    });
  });
});

describe.skipIf(corpusMissing !== undefined)(named('35-kustomize of the corpus', corpusMissing), () => {
  const files = ['35-kustomize/gateway.yaml', '35-kustomize/routes/basic-route.yaml'];
  const url = 'http://myapp.example.com/';

  test('is applied by kubectl apply -k', () =>
    withCorpus({ files, kustomization: '35-kustomize' }, async (world) => {
      await world.sallyport.routeInEffect('basic-route');
      await world.check(MAIN, { url, gives: { backend: 'myapp-service' } });
      await expectPatched(world.sallyport);
      const maps = await world.sallyport.kubectlOk(['get', 'configmap', '-o', 'name']);
      expect(maps).toMatch(/gateway-config-\w+/);
    }));

  test('is served from standard input', async () => {
    const backend = await startEchoBackend('myapp-service');
    const { stdout } = await run(KUBECTL, ['kustomize', join(CORPUS, '35-kustomize')]);
    const input = documents(stdout, gatewayClass('istio'), service({ name: backend.name, port: 80 }, backend.endpoint));
    const sallyport = await startSallyport({ args: ['-'], input });
    try {
      await sallyport.routeInEffect('basic-route');
      const address = await sallyport.gatewayAddress('main-gateway', 'gateway-system');
      expect((await sallyport.send({ address, url })).echo?.backend).toBe('myapp-service');
      await expectPatched(sallyport);
    } finally {
      await Promise.all([sallyport.close(), backend.close()]);
    }
  });
});

async function expectPatched(sallyport: Sallyport): Promise<void> {
  const label = 'jsonpath={.metadata.labels.environment}';
  expect(await sallyport.kubectlOk(['get', 'gateway', 'main-gateway', '-n', 'gateway-system', '-o', label])).toBe(
    'production',
  );
}
