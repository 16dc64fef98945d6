import 'reflect-metadata';
import { webcrypto } from 'node:crypto';
import { once } from 'node:events';
import { connect as connectTcp, createServer } from 'node:net';
import { connect, type ConnectionOptions, type TLSSocket } from 'node:tls';
import { X509CertificateGenerator, cryptoProvider, PemConverter } from '@peculiar/x509';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { CertificateData } from '../../engine/embedded/protocol.ts';
import type { CertificateId } from '../../plan/types.ts';
import type { CompiledRule, ListenerTable, SocketTable } from '../compiled.ts';
import {
  answering,
  closeAll,
  closeLater,
  type HarnessOptions,
  portOf,
  type ProxyHarness,
  startBackend,
  startProxy,
} from '../../../test/support/proxy-harness.ts';

const OK = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok';
const GET = 'GET / HTTP/1.1\r\nHost: a.example\r\n\r\n';

let first: CertificateData;
let wildcard: CertificateData;
beforeAll(async () => {
  cryptoProvider.set(globalThis.crypto);
  first = await certificate('first', 'first.example');
  wildcard = await certificate('wildcard', '*.example');
});

afterEach(closeAll);

async function certificate(id: string, name: string): Promise<CertificateData> {
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const made = await X509CertificateGenerator.createSelfSigned({
    name: `CN=${name}`,
    keys: keys as Parameters<typeof X509CertificateGenerator.createSelfSigned>[0]['keys'],
    signingAlgorithm: algorithm,
  });
  const key = PemConverter.encode(await webcrypto.subtle.exportKey('pkcs8', keys.privateKey), 'PRIVATE KEY');
  return { id: id as CertificateId, names: [name], certificate: made.toString('pem'), key };
}

/** A socket with one listener for `*.example` and one for `other.test`, which has no certificate that can be used. */
function tableOf(listeners: Record<string, string[]>) {
  return (rule: CompiledRule): SocketTable => ({
    protocol: 'HTTPS',
    port: 443,
    listener(host): ListenerTable | undefined {
      const name = Object.keys(listeners).find((suffix) => host.endsWith(suffix));
      if (name === undefined) return undefined;
      return { key: name, tls: { certificates: (listeners[name] ?? []) as CertificateId[] }, route: () => rule };
    },
  });
}

async function started(listeners: Record<string, string[]>, options: HarnessOptions = {}): Promise<ProxyHarness> {
  const upstream = await startBackend(answering(OK));
  const proxy = await startProxy({ endpoints: [upstream.port], table: tableOf(listeners), ...options });
  proxy.certificates.upsert(first);
  proxy.certificates.upsert(wildcard);
  closeLater(() => proxy.close());
  return proxy;
}

async function open(
  proxy: Pick<ProxyHarness, 'port'>,
  servername: string,
  options: ConnectionOptions = {},
): Promise<TLSSocket> {
  const socket = connect({
    port: proxy.port,
    host: '127.0.0.1',
    servername,
    rejectUnauthorized: false,
    ALPNProtocols: ['h2', 'http/1.1'],
    ...options,
  });
  closeLater(() => socket.destroy());
  await once(socket, 'secureConnect');
  return socket;
}

async function ask(socket: TLSSocket): Promise<string> {
  socket.setEncoding('latin1');
  socket.write(GET);
  let received = '';
  while (!received.endsWith('ok')) received += String((await once(socket, 'data'))[0]);
  return received;
}

describe('over TLS', () => {
  test('requests are answered one after the other on one connection', async () => {
    const socket = await open(await started({ example: ['wildcard'] }), 'a.example');
    expect(socket.alpnProtocol).toBe('http/1.1');
    expect(await ask(socket)).toContain('200 OK');
    expect(await ask(socket)).toContain('200 OK');
  });

  test.each([
    ['the exact name', 'first.example', 'first.example'],
    ['a wildcard', 'a.example', '*.example'],
    ['the first one if no name fits', 'a.b.example', '*.example'],
  ])('the certificate is chosen by %s', async (_, servername, subject) => {
    const socket = await open(await started({ example: ['wildcard', 'first'] }), servername);
    expect(socket.getPeerCertificate().subject.CN).toBe(subject);
  });

  test.each([
    ['that no listener has', 'a.test'],
    ['of a listener without a certificate that can be used', 'a.broken'],
  ])('a name %s is refused with an alert', async (_, servername) => {
    const proxy = await started({ example: ['wildcard'], broken: ['unknown'] });
    await expect(open(proxy, servername)).rejects.toThrow(/unrecognized name/);
  });

  test('a ClientHello in single bytes is understood', async () => {
    const proxy = await started({ example: ['wildcard'] });
    const relay = createServer({ noDelay: true }, (client) => {
      const onward = connectTcp({ port: proxy.port, host: '127.0.0.1', noDelay: true });
      client.on('data', (chunk: Buffer) => chunk.forEach((byte) => onward.write(Buffer.from([byte]))));
      client.on('error', () => undefined);
      client.on('close', () => onward.destroy());
      onward.pipe(client);
    });
    relay.listen(0, '127.0.0.1');
    await once(relay, 'listening');
    closeLater(() => relay.close());
    const socket = await open({ port: portOf(relay) }, 'a.example');
    expect(await ask(socket)).toContain('200 OK');
  });

  test('a connection outlives the certificate that it was opened with', async () => {
    const proxy = await started({ example: ['wildcard'] });
    const socket = await open(proxy, 'a.example');
    proxy.certificates.remove(wildcard.id);
    expect(await ask(socket)).toContain('200 OK');
    await expect(open(proxy, 'a.example')).rejects.toThrow(/unrecognized name/);
  });

  test('a client that breaks off cancels its request', async () => {
    const silent = await startBackend(() => undefined);
    const proxy = await started({ example: ['wildcard'] }, { endpoints: [silent.port] });
    const raw = connectTcp({ port: proxy.port, host: '127.0.0.1' });
    const socket = await open(proxy, 'a.example', { socket: raw });
    socket.on('error', () => undefined);
    socket.write(GET);
    while (silent.connections[0] === undefined) await new Promise((resolve) => setImmediate(resolve));
    await silent.connections[0].until(/\r\n\r\n$/);
    raw.destroy();
    while (proxy.finished.length === 0) {
      await new Promise((resolve) => setImmediate(resolve));
      proxy.clock.advance(10);
    }
    expect(proxy.finished[0]?.error).toBe('DownstreamClosed');
  });

  test('a session of one listener is not resumed at another', async () => {
    const proxy = await started({ 'a.example': ['wildcard'], 'b.example': ['wildcard'] });
    const socket = await open(proxy, 'a.example', { maxVersion: 'TLSv1.2' });
    const session = socket.getSession();
    if (session === undefined) throw new Error('There is no session.');
    expect((await open(proxy, 'a.example', { maxVersion: 'TLSv1.2', session })).isSessionReused()).toBe(true);
    expect((await open(proxy, 'b.example', { maxVersion: 'TLSv1.2', session })).isSessionReused()).toBe(false);
  });

  test('TLS 1.1 is refused', async () => {
    const proxy = await started({ example: ['wildcard'] });
    await expect(
      open(proxy, 'a.example', { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' }),
    ).rejects.toThrow();
  });

  test('a handshake that stands still is given up', async () => {
    const proxy = await started({ example: ['wildcard'] });
    const raw = connectTcp({ port: proxy.port, host: '127.0.0.1' });
    raw.on('error', () => undefined);
    raw.write(Buffer.from([22, 3, 1, 0, 200]));
    while (proxy.server.connectionCount === 0) await new Promise((resolve) => setImmediate(resolve));
    proxy.clock.advance(10_100);
    await new Promise((resolve) => raw.once('close', resolve));
  });

  test('what is no TLS is refused', async () => {
    const proxy = await started({ example: ['wildcard'] });
    const received = await proxy.exchange(GET);
    expect(received).not.toContain('HTTP');
    expect(proxy.server.connectionCount).toBe(0);
  });
});

test('a certificate whose key is another one is refused', async () => {
  const proxy = await started({ example: ['wildcard'] });
  expect(() => proxy.certificates.upsert({ ...first, id: 'mixed' as CertificateId, key: wildcard.key })).toThrow(
    /key values mismatch/,
  );
});
