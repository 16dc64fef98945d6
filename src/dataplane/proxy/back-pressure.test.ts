import { once } from 'node:events';
import type { Socket } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { closeAll, proxyTo, turn } from '../../../test/support/proxy-harness.ts';

/** More than what the kernel and the proxy may hold together. */
const BODY_BYTES = 64 << 20;
const CHUNK = 'x'.repeat(1 << 16);

afterEach(closeAll);

/** Writes as fast as the other side reads, and tells how much has left. */
class Pump {
  #left = BODY_BYTES;
  readonly #socket: Socket;

  constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('drain', () => this.run());
  }

  run(): void {
    while (this.#left > 0) {
      this.#left -= CHUNK.length;
      if (!this.#socket.write(CHUNK, 'latin1')) return;
    }
  }

  /** Settles with the bytes that have left once no more leave. */
  async stalled(): Promise<number> {
    for (let before = -1; before !== this.#left; ) {
      before = this.#left;
      for (let turns = 0; turns < 2_000; turns++) await turn();
    }
    return BODY_BYTES - this.#left;
  }
}

test('a client that does not read its answer stops the backend, and gets it whole later', async () => {
  const { proxy, upstream } = await proxyTo(() => undefined);
  const client = proxy.connect();
  client.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
  while (upstream.connections[0] === undefined) await turn();
  const [backend] = upstream.connections;
  await backend.until(/\r\n\r\n$/);
  client.socket.pause();
  backend.write(`HTTP/1.1 200 OK\r\nContent-Length: ${BODY_BYTES}\r\n\r\n`);
  const pump = new Pump(backend.socket);
  pump.run();
  expect(await pump.stalled()).toBeLessThan(BODY_BYTES / 2);
  let bytes = 0;
  client.socket.removeAllListeners('data');
  client.socket.on('data', (text: string) => {
    bytes += text.length;
  });
  client.socket.resume();
  while (proxy.finished.length === 0 || bytes < BODY_BYTES) await once(client.socket, 'data');
  expect(proxy.finished[0]?.responseBodyBytes).toBe(BODY_BYTES);
});

test('a backend that does not read stops the client', async () => {
  const { proxy, upstream } = await proxyTo(({ socket }) => socket.pause());
  const client = proxy.connect();
  client.write(`POST / HTTP/1.1\r\nHost: a\r\nContent-Length: ${BODY_BYTES}\r\n\r\n`);
  const pump = new Pump(client.socket);
  pump.run();
  expect(await pump.stalled()).toBeLessThan(BODY_BYTES / 2);
  expect(upstream.connections).toHaveLength(1);
});

test('a client that never reads is cut off in the end', async () => {
  const { proxy, upstream } = await proxyTo(() => undefined);
  const client = proxy.connect();
  client.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
  while (upstream.connections[0] === undefined) await turn();
  const [backend] = upstream.connections;
  await backend.until(/\r\n\r\n$/);
  client.socket.pause();
  backend.write(`HTTP/1.1 200 OK\r\nContent-Length: ${BODY_BYTES}\r\n\r\n`);
  const pump = new Pump(backend.socket);
  pump.run();
  await pump.stalled();
  proxy.clock.advance(61_000);
  await backend.closed();
  expect(proxy.finished[0]).toMatchObject({ statusCode: 200, error: 'DownstreamClosed' });
});
