import { existsSync, readdirSync } from 'node:fs';
import { Agent } from 'node:http';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { startEchoServer } from '../../src/cli/echo-server.ts';
import { parseEndpoint } from '../../src/cli/parse-arguments.ts';
import { isRouteInEffect, startSallyport } from '../e2e/harness.ts';
import type { Sallyport } from '../e2e/harness.ts';
import { createAuthority } from '../e2e/support/certificates.ts';
import type { TestAuthority } from '../e2e/support/certificates.ts';
import { send } from '../e2e/support/http-client.ts';
import type { GatewayAnswer } from '../e2e/support/http-client.ts';
import { refOf } from '../e2e/support/kube-api.ts';
import type { SeenObject } from '../e2e/support/kube-api.ts';
import { parseExpectation } from './expectation.ts';
import type { AnswerExpectation, Expectation, RequestExpectation } from './expectation.ts';

const examples = fileURLToPath(new URL('../../examples', import.meta.url));
const names = readdirSync(examples).filter((name) => existsSync(join(examples, name, 'expect.yaml')));
const SHARE_TOLERANCE = 3;

let sallyport: Sallyport;
let authority: TestAuthority;
beforeAll(async () => {
  [sallyport, authority] = await Promise.all([startSallyport({ args: ['--port-offset', '0'] }), createAuthority()]);
});
afterAll(() => sallyport.close());

/** `-k DIR` for a Kustomization, `-f DIR` for plain manifests. */
function manifestsOf(name: string): readonly string[] {
  return existsSync(join(examples, name, 'kustomization.yaml'))
    ? ['-k', join(examples, name)]
    : ['-f', join(examples, name, 'manifests')];
}

describe('every example answers as its expect.yaml says', () => {
  test.each(names)('%s', async (name) => {
    const expectation = parseExpectation(join(examples, name, 'expect.yaml'));
    const seen = new Set<string>();
    const backends = await Promise.all(
      expectation.backends
        .map(parseEndpoint)
        .map((endpoint) => startEchoServer(endpoint, (path) => void seen.add(`${endpoint.name} ${path}`))),
    );
    const manifests = manifestsOf(name);
    try {
      await makeSecrets(expectation);
      await sallyport.kubectlOk(['apply', ...manifests]);
      await settled(manifests);
      for (const request of expectation.requests) await check(request, expectation, seen);
    } finally {
      await sallyport.kubectlOk(['delete', '--wait=false', '--ignore-not-found', ...manifests]);
      await Promise.all(backends.map((backend) => backend.close()));
    }
  });
});

/** Waits until the routes of the manifests are in effect, but for parents that do not let them in. */
async function settled(manifests: readonly string[]): Promise<void> {
  const list = await sallyport.kubectlOk(['get', ...manifests, '-o', 'json']);
  const { items } = JSON.parse(list) as { readonly items: readonly SeenObject[] };
  const routes = items.filter(({ kind }) => kind === 'HTTPRoute');
  await Promise.all(routes.map((route) => sallyport.api.until(refOf(route), isSettled)));
}

function isSettled(route: SeenObject): boolean {
  const parents = route.status?.parents ?? [];
  const taken = parents.filter(
    ({ conditions }) => !conditions.some(({ type, status }) => type === 'Accepted' && status === 'False'),
  );
  return taken.length > 0 && isRouteInEffect({ ...route, status: { parents: taken } });
}

async function makeSecrets({ certificates = {} }: Expectation): Promise<void> {
  for (const [name, hostnames] of Object.entries(certificates)) {
    const { certificate, privateKey } = await authority.issue(...hostnames);
    const data = { 'tls.crt': btoa(certificate), 'tls.key': btoa(privateKey) };
    const secret = {
      apiVersion: 'v1',
      kind: 'Secret',
      type: 'kubernetes.io/tls',
      metadata: { name, namespace: 'default' },
      data,
    };
    await sallyport.api.apply(JSON.stringify(secret));
  }
}

async function check(request: RequestExpectation, expectation: Expectation, seen: ReadonlySet<string>): Promise<void> {
  const [namespace = '', name = ''] = (request.gateway ?? expectation.gateway ?? 'default/edge').split('/');
  const address = await sallyport.gatewayAddress(name, namespace);
  if (request.shares !== undefined) await checkShares(address, request);
  else checkAnswer(await ask(address, request), request.expect ?? {}, request.name);
  const { alsoSeenBy } = request;
  if (alsoSeenBy !== undefined) await vi.waitUntil(() => seen.has(`${alsoSeenBy} ${new URL(request.url).pathname}`));
}

function ask(address: string, { url, method, headers }: RequestExpectation, agent?: Agent): Promise<GatewayAnswer> {
  return send({
    address,
    url,
    authority: authority.certificate,
    ...(method === undefined ? {} : { method }),
    ...(headers === undefined ? {} : { headers }),
    ...(agent === undefined ? {} : { agent }),
  });
}

function checkAnswer(answer: GatewayAnswer, wanted: AnswerExpectation, name: string): void {
  const { status, backend, path, headers = {}, requestHeaders = {} } = wanted;
  const valuesOf = (from: Readonly<Record<string, unknown>>, like: object) =>
    Object.fromEntries(Object.keys(like).map((header) => [header, from[header] ?? null]));
  expect(
    {
      status: status === undefined ? undefined : answer.status,
      backend: backend === undefined ? undefined : answer.echo?.backend,
      path: path === undefined ? undefined : answer.echo?.path,
      headers: valuesOf(answer.headers, headers),
      requestHeaders: valuesOf(answer.echo?.headers ?? {}, requestHeaders),
    },
    `${name}: ${answer.status} ${answer.body}`,
  ).toEqual({ status, backend, path, headers, requestHeaders });
}

async function checkShares(address: string, request: RequestExpectation): Promise<void> {
  const { repeat = 1000, shares = {}, name } = request;
  const agent = new Agent({ keepAlive: true, maxSockets: 16 });
  const seen = new Map<string, number>();
  const answers = await Promise.all(Array.from({ length: repeat }, () => ask(address, request, agent)));
  agent.destroy();
  for (const { echo, status } of answers) {
    const who = echo?.backend ?? String(status);
    seen.set(who, (seen.get(who) ?? 0) + 1);
  }
  expect(
    [...seen.keys()].filter((who) => (shares[who] ?? 0) === 0),
    name,
  ).toEqual([]);
  for (const [who, percent] of Object.entries(shares)) {
    const share = (100 * (seen.get(who) ?? 0)) / repeat;
    expect(Math.abs(share - percent), `${name}: ${who} got ${share} %`).toBeLessThanOrEqual(SHARE_TOLERANCE);
  }
}

test('no example is without expectations', () => {
  const without = readdirSync(examples, { withFileTypes: true }).filter(
    (entry) => entry.isDirectory() && !names.includes(entry.name),
  );
  expect(without.map(({ name }) => name)).toEqual([]);
});
