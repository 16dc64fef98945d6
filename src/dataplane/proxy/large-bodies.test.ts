import { once } from 'node:events';
import { createServer, type IncomingMessage, request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { afterEach, describe, expect, test } from 'vitest';
import { makeCertificate } from '../../../test/contract/self-signed.ts';
import {
  closeAll,
  closeLater,
  type HarnessOptions,
  type ProxyHarness,
  startProxy,
  turn,
} from '../../../test/support/proxy-harness.ts';
import type { CertificateId } from '../../plan/types.ts';

/** They read on both sides: more than there are large read buffers, so that some do without. */
const CONNECTIONS = 24;
const BODY_BYTES = 1_600_000;

afterEach(closeAll);

/** Bytes that differ at every offset from those of other seeds. */
function bodyOf(seed: number): Buffer {
  const body = Buffer.alloc(BODY_BYTES);
  for (let at = 0; at + 4 <= BODY_BYTES; at += 4) body.writeUInt32LE((at << 6) | seed, at);
  return body;
}

/** A backend that answers with what it is sent while it is being sent. */
async function startEcho(): Promise<number> {
  const server = createServer((request, response) => {
    const length = request.headers['content-length'];
    if (length !== undefined) response.setHeader('Content-Length', length);
    request.pipe(response);
  });
  server.listen(0, '127.0.0.1');
  closeLater(() => {
    server.closeAllConnections();
    server.close();
  });
  await once(server, 'listening');
  const address = server.address();
  return typeof address === 'object' ? (address?.port ?? 0) : 0;
}

async function startHttps(options: HarnessOptions): Promise<ProxyHarness> {
  const { certificate, key } = await makeCertificate();
  const id = 'local' as CertificateId;
  const proxy = await startProxy({
    ...options,
    table: (rule) => ({
      protocol: 'HTTPS',
      port: 443,
      listener: () => ({ key: 'listener', tls: { certificates: [id] }, route: () => rule }),
    }),
  });
  proxy.certificates.upsert({ id, names: ['localhost'], certificate, key });
  return proxy;
}

/** Reads an answer with a pause after every so many reads, so that what is to be written has to wait. */
async function readHaltingly(response: IncomingMessage, readsPerPause: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  response.on('data', (chunk: Buffer) => {
    chunks.push(chunk);
    if (chunks.length % readsPerPause !== 0) return;
    response.pause();
    void turns(readsPerPause).then(() => response.resume());
  });
  await once(response, 'end');
  return Buffer.concat(chunks);
}

async function turns(count: number): Promise<void> {
  for (let done = 0; done < count; done++) await turn();
}

describe.each([
  { name: 'HTTP', start: startProxy, send: httpRequest },
  { name: 'HTTPS', start: startHttps, send: httpsRequest },
])('large bodies over $name', ({ start, send }) => {
  test.each([
    { name: 'with a length', headers: { 'Content-Length': BODY_BYTES } },
    { name: 'in chunks', headers: { 'Transfer-Encoding': 'chunked' } },
  ])(
    '$name pass unchanged both ways on many connections at once, however slowly they are read',
    async ({ headers }) => {
      const proxy = await start({ endpoints: [await startEcho()] });
      closeLater(() => proxy.close());
      const options = {
        port: proxy.port,
        host: '127.0.0.1',
        method: 'POST',
        agent: false,
        headers,
        rejectUnauthorized: false,
      };
      const isWhole = await Promise.all(
        Array.from({ length: CONNECTIONS }, async (_, seed) => {
          const body = bodyOf(seed);
          const request = send(options);
          request.end(body);
          const [response] = (await once(request, 'response')) as [IncomingMessage];
          return (await readHaltingly(response, (seed % 8) + 1)).equals(body);
        }),
      );
      expect(isWhole.filter((whole) => whole)).toHaveLength(CONNECTIONS);
      expect(proxy.finished.every(({ error }) => error === undefined)).toBe(true);
    },
  );
});
