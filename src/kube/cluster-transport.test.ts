import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:https';
import type { Server } from 'node:https';
import type { RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { renderKubeconfig } from '../apiserver/kubeconfig.ts';
import { makeServerCertificate } from '../apiserver/server-certificate.ts';
import type { ServerCertificate } from '../apiserver/server-certificate.ts';
import { ManualClock } from '../lib/manual-clock.ts';
import { UsageError } from '../lib/usage-error.ts';
import { connectToCluster } from './cluster-transport.ts';
import type { ClusterTransport } from './cluster-transport.ts';

let certificate: ServerCertificate;
let directory: string;
const servers: Server[] = [];
const transports: ClusterTransport[] = [];

beforeAll(async () => {
  certificate = await makeServerCertificate(['127.0.0.1'], Date.now());
});
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'sallyport-kube-'));
});
afterEach(async () => {
  for (const transport of transports.splice(0)) transport.close();
  await Promise.all(servers.splice(0).map(stop));
  rmSync(directory, { recursive: true, force: true });
});

function stop(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

async function listen(answer: RequestListener): Promise<{ readonly server: Server; readonly url: string }> {
  const server = createServer({ cert: certificate.certificate, key: certificate.privateKey }, answer);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { server, url: `https://127.0.0.1:${port}` };
}

function writeKubeconfig(text: string): string {
  const path = join(directory, 'kubeconfig');
  writeFileSync(path, text);
  return path;
}

async function connect(url: string, clock = new ManualClock()): Promise<ClusterTransport> {
  const { authority } = certificate;
  const kubeconfig = writeKubeconfig(renderKubeconfig({ url, authority, token: 'the-token' }));
  const transport = await connectToCluster({ kubeconfig }, clock);
  transports.push(transport);
  return transport;
}

function listener() {
  const lines: string[] = [];
  let opened = 0;
  const aborter = new AbortController();
  return {
    lines,
    aborter,
    opened: () => opened,
    told: { signal: aborter.signal, onOpen: () => void (opened += 1), onLine: (line: string) => void lines.push(line) },
  };
}

describe('a request', () => {
  test('carries the credentials of the kubeconfig and its body, and its answer is JSON', async () => {
    const { url } = await listen((request, response) => {
      let body = '';
      request.setEncoding('utf8').on('data', (text: string) => void (body += text));
      request.on('end', () => {
        const { authorization } = request.headers;
        response.end(JSON.stringify({ method: request.method, path: request.url, authorization, body }));
      });
    });
    const transport = await connect(url);
    expect(await transport.request({ method: 'PUT', path: '/a?b=c', body: { x: 'é' } })).toEqual({
      method: 'PUT',
      path: '/a?b=c',
      authorization: 'Bearer the-token',
      body: '{"x":"é"}',
    });
  });

  test('goes below the path of a cluster that is reached through another server', async () => {
    const { url } = await listen((request, response) => void response.end(JSON.stringify(request.url)));
    const transport = await connect(`${url}/clusters/one/`);
    expect(await transport.request({ method: 'GET', path: '/api/v1' })).toBe('/clusters/one/api/v1');
  });

  test.each([
    {
      name: 'the Status of the server',
      body: JSON.stringify({
        kind: 'Status',
        code: 429,
        reason: 'TooManyRequests',
        message: 'later',
        details: { retryAfterSeconds: 3 },
      }),
      expected: { code: 429, reason: 'TooManyRequests', message: 'later', details: { retryAfterSeconds: 3 } },
    },
    {
      name: 'the status code where somebody else answers',
      body: '<html>Bad gateway</html>',
      expected: { code: 502, reason: 'Unknown', message: 'The answer is 502.' },
    },
  ])('that fails tells $name', async ({ body, expected }) => {
    const { url } = await listen((_request, response) => void response.writeHead(502).end(body));
    const transport = await connect(url);
    await expect(transport.request({ method: 'GET', path: '/' })).rejects.toMatchObject(expected);
  });

  test('is sent again when the connection that waited for it was closed meanwhile', async () => {
    let requests = 0;
    const { url } = await listen((request, response) => {
      requests += 1;
      if (requests === 2) request.socket.destroy();
      else response.end(String(requests));
    });
    const transport = await connect(url);
    expect(await transport.request({ method: 'GET', path: '/' })).toBe(1);
    expect(await transport.request({ method: 'GET', path: '/' })).toBe(3);
  });

  test('is refused by a server whose certificate another authority has signed', async () => {
    const { url } = await listen((_request, response) => void response.end('{}'));
    const { authority } = await makeServerCertificate(['127.0.0.1'], Date.now());
    const kubeconfig = writeKubeconfig(renderKubeconfig({ url, authority, token: 'the-token' }));
    const transport = await connectToCluster({ kubeconfig }, new ManualClock());
    transports.push(transport);
    await expect(transport.request({ method: 'GET', path: '/' })).rejects.toMatchObject({
      code: expect.stringMatching(/CERT|SIGNATURE|ISSUER/),
    });
  });
});

describe('a watch', () => {
  test('hands on each line, however the bytes arrive, until the server ends it', async () => {
    const bytes = Buffer.from('{"a":"é"}\n{"b":1}\n{"cut');
    const { url } = await listen((_request, response) => {
      response.write(bytes.subarray(0, 7));
      setImmediate(() => response.end(bytes.subarray(7)));
    });
    const transport = await connect(url);
    const { told, lines, opened } = listener();
    await transport.watch('/', told);
    expect(lines).toEqual(['{"a":"é"}', '{"b":1}']);
    expect(opened()).toBe(1);
  });

  test('that is refused was never open', async () => {
    const { url } = await listen((_request, response) => void response.writeHead(410).end('{"code":410}'));
    const transport = await connect(url);
    const { told, opened } = listener();
    await expect(transport.watch('/', told)).rejects.toMatchObject({ code: 410 });
    expect(opened()).toBe(0);
  });

  test('whose connection breaks is an error', async () => {
    const { url } = await listen((request, response) => {
      response.write('{"a":1}\n', () => request.socket.destroy());
    });
    const transport = await connect(url);
    await expect(transport.watch('/', listener().told)).rejects.toThrow();
  });

  test('ends with what its listener throws', async () => {
    const { url } = await listen((_request, response) => void response.write('{"a":1}\n'));
    const transport = await connect(url);
    const failure = new Error('enough');
    const onLine = () => {
      throw failure;
    };
    await expect(transport.watch('/', { ...listener().told, onLine })).rejects.toBe(failure);
  });

  test('ends when its listener wants it to', async () => {
    const { url } = await listen((_request, response) => void response.write('{"a":1}\n'));
    const transport = await connect(url);
    const { told, aborter } = listener();
    const onLine = () => aborter.abort();
    await expect(transport.watch('/', { ...told, onLine })).rejects.toThrow();
  });
});

describe('a kubeconfig', () => {
  const user = { name: 'u', user: { token: 't' } };
  const withServer = (server: string) =>
    JSON.stringify({
      clusters: [{ name: 'c', cluster: { server } }],
      users: [user],
      contexts: ['one', 'two'].map((name) => ({ name, context: { cluster: 'c', user: 'u' } })),
      'current-context': 'one',
    });

  test.each([
    { name: 'that is no YAML', text: '{', context: undefined, expected: 'cannot be used' },
    { name: 'without the context asked for', text: withServer('https://a'), context: 'three', expected: '"three"' },
    { name: 'of a cluster without encryption', text: withServer('http://a'), context: undefined, expected: 'https' },
  ])('$name is refused', async ({ text, context, expected }) => {
    const choice = { kubeconfig: writeKubeconfig(text), ...(context === undefined ? {} : { context }) };
    const connecting = connectToCluster(choice, new ManualClock());
    await expect(connecting).rejects.toBeInstanceOf(UsageError);
    await expect(connecting).rejects.toThrow(expected);
  });

  test('gives the cluster of the context asked for', async () => {
    const choice = { kubeconfig: writeKubeconfig(withServer('https://a')), context: 'two' };
    expect((await connectToCluster(choice, new ManualClock())).server).toBe('https://a');
  });

  test('with a command that gives tokens has it asked again when one is refused', async () => {
    const seen: (string | undefined)[] = [];
    const { url } = await listen((request, response) => {
      seen.push(request.headers.authorization);
      response.writeHead(seen.length === 1 ? 401 : 200).end('{}');
    });
    const clock = new ManualClock();
    const tokens = ['first', 'second'];
    const command = join(directory, 'token.sh');
    const state = join(directory, 'asked');
    const answer = (token: string | undefined) =>
      JSON.stringify({ apiVersion: 'client.authentication.k8s.io/v1', kind: 'ExecCredential', status: { token } });
    writeFileSync(
      command,
      `if [ -e ${state} ]; then echo '${answer(tokens[1])}'; else touch ${state}; echo '${answer(tokens[0])}'; fi`,
    );
    const exec = { apiVersion: 'client.authentication.k8s.io/v1', command: 'sh', args: [command] };
    const text = JSON.stringify({
      ...JSON.parse(withServer(url)),
      clusters: [{ name: 'c', cluster: { server: url, 'insecure-skip-tls-verify': true } }],
      users: [{ name: 'u', user: { exec } }],
    });
    const transport = await connectToCluster({ kubeconfig: writeKubeconfig(text) }, clock);
    transports.push(transport);
    await expect(transport.request({ method: 'GET', path: '/' })).rejects.toMatchObject({ code: 401 });
    await transport.request({ method: 'GET', path: '/' });
    expect(seen).toEqual(['Bearer first', 'Bearer second']);
  });
});
