import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { closeAll, closeLater, portOf } from '../../test/support/proxy-harness.ts';
import { type DirectReader, readDirectly } from './direct-reads.ts';

afterEach(closeAll);

async function acceptOne(): Promise<{ readonly client: Socket; readonly accepted: Socket }> {
  const server = createServer({ allowHalfOpen: true });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const client = connect(portOf(server), '127.0.0.1');
  const [accepted] = (await once(server, 'connection')) as [Socket];
  closeLater(() => {
    client.destroy();
    accepted.destroy();
    server.close();
  });
  return { client, accepted };
}

class Collector implements DirectReader {
  readonly buffers = [Buffer.alloc(3), Buffer.alloc(5)];
  readonly reads: string[] = [];
  #asked = 0;

  nextBuffer(): Buffer {
    return this.buffers[this.#asked++ % 2] ?? Buffer.alloc(1);
  }

  onRead(bytes: number, buffer: Buffer): void {
    this.reads.push(buffer.toString('latin1', 0, bytes));
  }
}

test('an accepted connection reads into the buffers it is given, in turn, and ends', async () => {
  const { client, accepted } = await acceptOne();
  const reader = new Collector();
  expect(readDirectly(accepted, reader)).toBe(true);
  accepted.resume();
  client.end('abcdefghij');
  await once(accepted, 'end');
  expect(reader.reads).toEqual(['abc', 'defgh', 'ij']);
});

test('a paused connection does not read on before it is resumed', async () => {
  const { client, accepted } = await acceptOne();
  const reader = new Collector();
  const onRead = reader.onRead.bind(reader);
  reader.onRead = (bytes, buffer) => {
    onRead(bytes, buffer);
    accepted.pause();
  };
  expect(readDirectly(accepted, reader)).toBe(true);
  accepted.resume();
  client.end('abcdefgh');
  await once(accepted, 'pause');
  await new Promise(setImmediate);
  expect(reader.reads).toEqual(['abc']);
  accepted.resume();
  await once(accepted, 'pause');
  expect(reader.reads).toEqual(['abc', 'defgh']);
});

test('a connection without a handle of the expected kind is left as it is', () => {
  const closed = connect({ port: 1, host: '127.0.0.1' });
  closed.on('error', () => undefined);
  closed.destroy();
  expect(readDirectly(closed, new Collector())).toBe(false);
});
