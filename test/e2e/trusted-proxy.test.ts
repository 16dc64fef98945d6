import { afterAll, beforeAll, expect, test } from 'vitest';
import { startSallyport } from './harness.ts';
import type { Sallyport } from './harness.ts';
import { documents, gateway, gatewayClass, httpRoute, service } from './support/manifests.ts';

const CLAIMS = { 'x-forwarded-for': '203.0.113.7', 'x-forwarded-proto': 'https', 'x-request-id': 'asked' };
const servers: Sallyport[] = [];

/** A server behind proxies in these blocks, and what its backend gets of a request with `CLAIMS` from 127.0.0.1. */
async function forwardedBy(...blocks: readonly string[]): Promise<Readonly<Record<string, unknown>> | undefined> {
  const sallyport = await startSallyport({ args: blocks.flatMap((block) => ['--trusted-proxy', block]), workers: 1 });
  servers.push(sallyport);
  const backend = await sallyport.startBackend('web');
  const listeners = [{ name: 'http', protocol: 'HTTP', port: 18_080 }];
  const manifests = documents(
    gatewayClass('sallyport'),
    service({ name: 'web', port: 80 }, backend.endpoint),
    gateway('edge', 'sallyport', listeners),
    httpRoute('web', 'edge', [{ backendRefs: [{ name: 'web', port: 80 }] }]),
  );
  await sallyport.kubectlOk(['apply', '-f', '-'], `---\n${manifests}`);
  const address = await sallyport.gatewayAddress('edge');
  await sallyport.routeInEffect('web');
  const { echo } = await sallyport.send({ address, url: 'http://web.example.com:18080/', headers: CLAIMS });
  return echo?.headers;
}

let untrusted: Readonly<Record<string, unknown>> | undefined;
let trusted: Readonly<Record<string, unknown>> | undefined;
beforeAll(async () => {
  [untrusted, trusted] = await Promise.all([forwardedBy('192.0.2.0/24'), forwardedBy('192.0.2.0/24', '127.0.0.1')]);
});
afterAll(() => Promise.all(servers.map((server) => server.close())));

test('what a client says of others is replaced', () => {
  expect(untrusted).toMatchObject({ 'x-forwarded-for': '127.0.0.1', 'x-forwarded-proto': 'http' });
  expect(untrusted?.['x-request-id']).not.toBe('asked');
});

test('what a trusted proxy says is kept, and its address is appended', () => {
  expect(trusted).toMatchObject({ ...CLAIMS, 'x-forwarded-for': '203.0.113.7, 127.0.0.1' });
});
