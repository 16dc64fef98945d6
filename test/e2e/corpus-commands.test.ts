import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startSallyport } from './harness.ts';
import type { Sallyport } from './harness.ts';
import { createAuthority } from './support/certificates.ts';
import { CORPUS, corpusMissing, named } from './support/command.ts';
import { documents, gatewayClass, namespace, service } from './support/manifests.ts';

/** Words of a command line; what stands in single quotes is one word. */
function words(command: string): readonly string[] {
  return (command.match(/[^\s']*'[^']*'|\S+/g) ?? []).map((word) => word.replaceAll("'", ''));
}

describe.skipIf(corpusMissing !== undefined)(
  named('the commands that people use with the corpus', corpusMissing),
  () => {
    let sallyport: Sallyport;
    const kubectl = (command: string): Promise<string> => sallyport.kubectlOk(words(command));
    const routeFile = join(CORPUS, '20-canary-weights.yaml');

    beforeAll(async () => {
      sallyport = await startSallyport();
      const backends = await Promise.all(['app-stable', 'app-canary'].map((name) => sallyport.startBackend(name)));
      await sallyport.api.apply(
        documents(
          gatewayClass('istio'),
          namespace('production'),
          ...backends.map(({ name, endpoint }) => service({ namespace: 'production', name, port: 8080 }, endpoint)),
        ),
      );
    });
    afterAll(() => sallyport?.close());

    test('kubectl get crd lists the kinds of the Gateway API', async () => {
      const lines = (await kubectl('get crd')).split('\n').filter((line) => line.includes('gateway'));
      const plurals = lines.map((line) => line.split('.')[0]);
      expect(plurals).toEqual(
        expect.arrayContaining(['gatewayclasses', 'gateways', 'grpcroutes', 'httproutes', 'referencegrants']),
      );
    });

    test('kubectl create makes a namespace and a Secret from files', async () => {
      expect(await kubectl('create namespace gateway-system')).toBe('namespace/gateway-system created\n');
      const { certificate, privateKey } = await (await createAuthority()).issue('*.example.com');
      const [cert, key] = [join(sallyport.directory, 'tls.crt'), join(sallyport.directory, 'tls.key')];
      await Promise.all([writeFile(cert, certificate), writeFile(key, privateKey)]);
      const create = `create secret tls production-cert --cert=${cert} --key=${key} -n gateway-system`;
      expect(await kubectl(create)).toBe('secret/production-cert created\n');
      const type = await kubectl('get secret production-cert -n gateway-system -o jsonpath={.type}');
      expect(type).toBe('kubernetes.io/tls');
    });

    test('kubectl apply says created, and unchanged the second time', async () => {
      const gateway = 'gateway.gateway.networking.k8s.io/main-gateway';
      const apply = `apply -f ${join(CORPUS, '07-main-gateway.yaml')}`;
      expect(await kubectl(apply)).toBe(`${gateway} created\n`);
      expect(await kubectl(`apply -f ${routeFile}`)).toBe('httproute.gateway.networking.k8s.io/canary-route created\n');
      const wait = 'wait --for=condition=Programmed gateway/main-gateway -n gateway-system --timeout=60s';
      expect(await kubectl(wait)).toBe(`${gateway} condition met\n`);
      await sallyport.routeInEffect('canary-route', 'production');
      expect(await kubectl(apply)).toBe(`${gateway} unchanged\n`);
    });

    test.each([
      { command: 'get gatewayclass', shows: [/^NAME +CONTROLLER +ACCEPTED +AGE/, /^istio .* True /m] },
      { command: 'describe gatewayclass istio', shows: [/Type: +Accepted/, /Supported Features:/] },
      {
        command: 'get gateway -A -o wide',
        shows: [
          /^NAMESPACE +NAME +CLASS +ADDRESS +PROGRAMMED +AGE/,
          /^gateway-system +main-gateway +istio +127\.\S+ +True /m,
        ],
      },
      {
        command: 'describe gateway main-gateway -n gateway-system',
        shows: [/Attached Routes: +1/, /Type: +Programmed/, /From: +All/],
      },
      {
        command: 'get httproute -A',
        shows: [/^NAMESPACE +NAME +HOSTNAMES +AGE/, /^production +canary-route +\["app\.example\.com"\]/m],
      },
      {
        command: 'describe httproute canary-route -n production',
        shows: [
          /Weight: +80/,
          /Controller Name: +sallyport\.dev\/gateway-controller/,
          /Type: +sallyport\.dev\/Programmed/,
        ],
      },
    ])('kubectl $command', async ({ command, shows }) => {
      const shown = await kubectl(command);
      for (const pattern of shows) expect(shown).toMatch(pattern);
    });

    test('kubectl get -o jsonpath shows the parents of a route', async () => {
      const parents: unknown = JSON.parse(
        await kubectl("get httproute canary-route -n production -o jsonpath='{.status.parents}'"),
      );
      expect(parents).toEqual([
        expect.objectContaining({
          controllerName: 'sallyport.dev/gateway-controller',
          parentRef: expect.objectContaining({ name: 'main-gateway', namespace: 'gateway-system' }),
        }),
      ]);
    });

    test('kubectl patch changes a weight, and it is in effect', async () => {
      const operation = '[{"op":"replace","path":"/spec/rules/0/backendRefs/0/weight","value":0}]';
      const patched = await kubectl(`patch httproute canary-route -n production --type=json -p='${operation}'`);
      expect(patched).toBe('httproute.gateway.networking.k8s.io/canary-route patched\n');
      await sallyport.routeInEffect('canary-route', 'production');
      const address = await sallyport.gatewayAddress('main-gateway', 'gateway-system');
      for (let request = 0; request < 20; request += 1) {
        const { echo } = await sallyport.send({ address, url: 'http://app.example.com/' });
        expect(echo?.backend).toBe('app-canary');
      }
    });

    test('kubectl delete -f takes the route away', async () => {
      const deleted = await kubectl(`delete -f ${routeFile}`);
      expect(deleted).toMatch(/^httproute\.gateway\.networking\.k8s\.io "canary-route" deleted/);
      const address = await sallyport.gatewayAddress('main-gateway', 'gateway-system');
      const status = async () => (await sallyport.send({ address, url: 'http://app.example.com/' })).status;
      await expect.poll(status).toBe(404);
    });
  },
);
