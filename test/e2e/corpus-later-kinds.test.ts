import { describe, expect, test } from 'vitest';
import { gatewayRef } from './harness.ts';
import type { Sallyport } from './harness.ts';
import { corpusMissing, named } from './support/command.ts';
import { withCorpus } from './support/corpus-world.ts';
import type { CorpusWorld } from './support/corpus-world.ts';
import { conditionsOf } from './support/kube-api.ts';
import type { Ref } from './support/kube-api.ts';

const GROUP = 'gateway.networking.k8s.io';
const app = 'http://app.example.com/';

/** Waits for a condition that says in words why an object is not served, and that nothing says the contrary. */
async function notServed(sallyport: Sallyport, ref: Ref, words: RegExp): Promise<void> {
  const isTold = ({ type, status, message }: { type: string; status: string; message: string }): boolean =>
    type === 'Accepted' && status === 'False' && words.test(message);
  const object = await sallyport.api.until(ref, (seen) => conditionsOf(seen).some(isTold));
  const served = conditionsOf(object).filter(({ type, status }) => type.endsWith('Programmed') && status === 'True');
  expect(served).toEqual([]);
}

/** An Ingress has no conditions: the terminal and an Event tell. */
async function ingressIsTold({ sallyport }: CorpusWorld): Promise<void> {
  const words = 'Ingress "default/legacy-ingress" is stored, but Ingresses are not served';
  const line = await sallyport.process.event(({ message }) => message.includes(words), words);
  expect(line.level).toBe('warning');
  const described = () => sallyport.kubectlOk(['describe', 'ingress', 'legacy-ingress']);
  await expect.poll(described, { timeout: 10_000 }).toContain('Ingresses are not served');
}

describe.skipIf(corpusMissing !== undefined)(
  named('kinds that later versions serve, in the corpus', corpusMissing),
  () => {
    test('01-ingress-legacy-canary.yaml: stored, not served, and told so', () =>
      withCorpus({ files: ['01-ingress-legacy-canary.yaml'] }, ingressIsTold));

    test('06-tcp-and-grpc-routes.yaml: accepted by no listener, and told why', () => {
      const more = JSON.stringify({
        apiVersion: `${GROUP}/v1`,
        kind: 'Gateway',
        metadata: { name: 'tcp-gateway', namespace: 'default' },
        spec: { gatewayClassName: 'open', listeners: [{ name: 'mysql', protocol: 'TCP', port: 3306 }] },
      });
      return withCorpus({ files: ['06-tcp-and-grpc-routes.yaml'], more: [more] }, async ({ sallyport }) => {
        await notServed(sallyport, gatewayRef('tcp-gateway'), /"TCP" is not served/);
        const tcp = { apiVersion: `${GROUP}/v1alpha2`, kind: 'TCPRoute', name: 'database-route' };
        await notServed(sallyport, tcp, /TCPRoutes are not served/);
        const grpc = { apiVersion: `${GROUP}/v1`, kind: 'GRPCRoute', name: 'grpc-route' };
        await notServed(sallyport, grpc, /GRPCRoutes are not served/);
      });
    });

    test('17-tls-passthrough.yaml: neither listener nor route is served, and told why', () =>
      withCorpus({ files: ['17-tls-passthrough.yaml'] }, async ({ sallyport }) => {
        await notServed(sallyport, gatewayRef('passthrough-gateway', 'gateway-system'), /"TLS" is not served/);
        const route = { apiVersion: `${GROUP}/v1alpha2`, kind: 'TLSRoute', name: 'passthrough-route' };
        await notServed(sallyport, route, /TLSRoutes are not served/);
      }));

    test('26-istio-destination-rule.yaml: the rule is stored, and its route is served', () =>
      withCorpus({ files: ['26-istio-destination-rule.yaml'] }, async (world) => {
        const rules = ['get', 'destinationrule', '-n', 'production', '-o', 'name'];
        expect(await world.sallyport.kubectlOk(rules)).toContain('frontend-dr');
        await world.sallyport.routeInEffect('entry-route', 'production');
        await world.check('istio-system/istio-gateway', { url: app, gives: { backend: 'frontend' } });
      }));

    test('32-backend-lb-policy.yaml: the old kind is told not to be served, on the Gateway of its Service', () => {
      const route = JSON.stringify({
        apiVersion: `${GROUP}/v1`,
        kind: 'HTTPRoute',
        metadata: { name: 'api', namespace: 'production' },
        spec: {
          parentRefs: [{ name: 'main-gateway', namespace: 'gateway-system' }],
          rules: [{ backendRefs: [{ name: 'api-service', port: 8080 }] }],
        },
      });
      return withCorpus({ files: ['32-backend-lb-policy.yaml'], more: [route] }, async (world) => {
        const { sallyport } = world;
        await sallyport.routeInEffect('api', 'production');
        const policy = { apiVersion: `${GROUP}/v1alpha2`, kind: 'BackendLBPolicy', namespace: 'production' };
        await notServed(sallyport, { ...policy, name: 'api-backend-policy' }, /not served/);
        await world.check('gateway-system/main-gateway', { url: app, gives: { backend: 'api-service' } });
      });
    });

    test('33-istio-virtual-service.yaml: stored as it is', () =>
      withCorpus({ files: ['33-istio-virtual-service.yaml'] }, async ({ sallyport }) => {
        const get = [
          'get',
          'virtualservice',
          'api-timeout',
          '-n',
          'production',
          '-o',
          'jsonpath={.spec.http[0].timeout}',
        ];
        expect(await sallyport.kubectlOk(get)).toBe('30s');
      }));

    test('34-service-monitor.yaml: stored as it is, and its path is there to be scraped', () =>
      withCorpus({ files: ['34-service-monitor.yaml'] }, async ({ sallyport }) => {
        const path = 'jsonpath={.spec.endpoints[0].path}';
        const get = ['get', 'servicemonitor', 'gateway-metrics', '-n', 'monitoring', '-o', path];
        const { adminUrl } = await sallyport.process.event(({ type }) => type === 'Listening');
        const scraped = await fetch(`${String(adminUrl)}${await sallyport.kubectlOk(get)}`);
        expect(scraped.headers.get('content-type')).toMatch(/^text\/plain; version=/);
        expect(await scraped.text()).toContain('# TYPE ');
      }));

    test('37-migration-side-by-side.yaml: the route is served, and the Ingress told not to be', () =>
      withCorpus({ files: ['37-migration-side-by-side.yaml'] }, async (world) => {
        await world.sallyport.routeInEffect('new-route');
        await world.check('gateway-system/main-gateway', { url: app, gives: { backend: 'app-service' } });
        await ingressIsTold(world);
      }));
  },
);
