import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { boundPort, startSallyport } from './harness.ts';
import type { Sallyport } from './harness.ts';
import { createAuthority } from './support/certificates.ts';
import type { TestAuthority } from './support/certificates.ts';
import { run } from './support/command.ts';
import { service } from './support/manifests.ts';

const HTTPS_PORT = 18_443;
const HTTP_PORT = 18_080;

let sallyport: Sallyport;
let authority: TestAuthority;
let address: string;

const gatewayManifest = `apiVersion: gateway.networking.k8s.io/v1
kind: GatewayClass
metadata:
  name: anybody
spec:
  controllerName: example.com/anybody
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata:
  name: main-gateway
  namespace: gateway-system
spec:
  gatewayClassName: anybody
  listeners:
    - name: http
      protocol: HTTP
      port: ${HTTP_PORT}
      allowedRoutes:
        namespaces:
          from: All
    - name: wildcard
      protocol: HTTPS
      port: ${HTTPS_PORT}
      hostname: "*.example.com"
      tls:
        certificateRefs:
          - name: wildcard-cert
      allowedRoutes:
        namespaces:
          from: All
    - name: api
      protocol: HTTPS
      port: ${HTTPS_PORT}
      hostname: api.example.com
      tls:
        certificateRefs:
          - name: api-cert
      allowedRoutes:
        namespaces:
          from: All
`;

const routeManifest = `apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata:
  name: canary-route
  namespace: production
spec:
  parentRefs:
    - name: main-gateway
      namespace: gateway-system
  rules:
    - backendRefs:
        - name: stable
          port: 8080
          weight: 100
        - name: canary
          port: 8080
          weight: 0
`;

/** Runs curl against the Gateway and returns what it prints. */
async function curl(url: string, ...args: readonly string[]): Promise<string> {
  const { port } = new URL(url);
  const target = `::${address}:${boundPort(Number(port))}`;
  const trust = ['--cacert', join(sallyport.directory, 'authority.crt')];
  const { exitCode, stdout, stderr } = await run('curl', [
    '-sS',
    '--max-time',
    '10',
    '--connect-to',
    target,
    ...trust,
    ...args,
    url,
  ]);
  return exitCode === 0 ? stdout : stderr;
}

async function createSecret(name: string, hostname: string): Promise<void> {
  const { certificate, privateKey } = await authority.issue(hostname);
  const [cert, key] = [join(sallyport.directory, `${name}.crt`), join(sallyport.directory, `${name}.key`)];
  writeFileSync(cert, certificate);
  writeFileSync(key, privateKey);
  const files = [`--cert=${cert}`, `--key=${key}`];
  await sallyport.kubectlOk(['create', 'secret', 'tls', name, ...files, '-n', 'gateway-system']);
}

beforeAll(async () => {
  [sallyport, authority] = await Promise.all([startSallyport(), createAuthority()]);
  writeFileSync(join(sallyport.directory, 'authority.crt'), authority.certificate);
  const [stable, canary] = await Promise.all(['stable', 'canary'].map((name) => sallyport.startBackend(name)));
  await sallyport.kubectlOk(['create', 'namespace', 'gateway-system']);
  await sallyport.kubectlOk(['create', 'namespace', 'production']);
  await createSecret('wildcard-cert', '*.example.com');
  await createSecret('api-cert', 'api.example.com');
  const space = { namespace: 'production', port: 8080 };
  for (const backend of [stable, canary]) {
    await sallyport.kubectlOk(
      ['apply', '-f', '-'],
      service({ ...space, name: backend?.name ?? '' }, backend?.endpoint ?? ''),
    );
  }
  await sallyport.kubectlOk(['apply', '-f', '-'], gatewayManifest);
  await sallyport.kubectlOk(['apply', '-f', '-'], routeManifest);
  const gateway = ['gateway/main-gateway', '-n', 'gateway-system'];
  await sallyport.kubectlOk(['wait', '--for=condition=Programmed', ...gateway, '--timeout=20s']);
  address = await sallyport.kubectlOk(['get', ...gateway, '-o', 'jsonpath={.status.addresses[0].value}']);
  await sallyport.routeInEffect('canary-route', 'production');
});
afterAll(() => sallyport?.close());

describe('a Gateway that is made with kubectl alone', () => {
  test('serves HTTP', async () => {
    expect(await curl(`http://shop.example.com:${HTTP_PORT}/`)).toContain('"backend":"stable"');
  });

  test.each([
    { name: 'the exact hostname before the wildcard', host: 'api.example.com', subject: 'api.example.com' },
    { name: 'the wildcard for other hosts', host: 'shop.example.com', subject: '*.example.com' },
  ])('serves HTTPS with the certificate of $name', async ({ host, subject }) => {
    const told = await curl(`https://${host}:${HTTPS_PORT}/`, '-v', '--stderr', '-');
    expect(told).toContain('"backend":"stable"');
    expect(told).toContain(`CN=${subject}`);
  });

  test('a host that no listener serves gets no connection', async () => {
    expect(await curl(`https://elsewhere.org:${HTTPS_PORT}/`)).toMatch(/^curl: \((?:35|56)\)/);
  });

  test('a certificate that is replaced is shown to new connections', async () => {
    const { certificate, privateKey } = await authority.issue('api.example.com', 'renewed.example.com');
    const data = { 'tls.crt': btoa(certificate), 'tls.key': btoa(privateKey) };
    await sallyport.kubectlOk([
      'patch',
      'secret',
      'api-cert',
      '-n',
      'gateway-system',
      `-p=${JSON.stringify({ data })}`,
    ]);
    const shown = () => curl(`https://api.example.com:${HTTPS_PORT}/`, '-w', '%{certs}', '-o', '/dev/null');
    await expect.poll(shown, { timeout: 5_000 }).toContain('renewed.example.com');
  });

  test('a patch of the weights sends all traffic elsewhere', async () => {
    const operations = [0, 100].map((value, index) => ({
      op: 'replace',
      path: `/spec/rules/0/backendRefs/${index}/weight`,
      value,
    }));
    const patch = JSON.stringify(operations);
    await sallyport.kubectlOk(['patch', 'httproute', 'canary-route', '-n', 'production', '--type=json', `-p=${patch}`]);
    await sallyport.routeInEffect('canary-route', 'production');
    expect(await curl(`http://shop.example.com:${HTTP_PORT}/`)).toContain('"backend":"canary"');
  });

  test('describe and get tell the state', async () => {
    const described = await sallyport.kubectlOk(['describe', 'httproute', 'canary-route', '-n', 'production']);
    expect(described).toMatch(/Type:\s+sallyport\.dev\/Programmed/);
    const listed = await sallyport.kubectlOk(['get', 'gateway', '-A', '-o', 'wide']);
    expect(listed).toMatch(new RegExp(`gateway-system\\s+main-gateway\\s+anybody\\s+${address}\\s+True`));
  });

  test('a Gateway that is deleted frees its port', async () => {
    await sallyport.kubectlOk(['delete', 'gateway', 'main-gateway', '-n', 'gateway-system']);
    await expect.poll(() => curl(`http://shop.example.com:${HTTP_PORT}/`)).toMatch(/^curl: \(7\)/);
  });
});
