import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { connect } from 'node:tls';
import { describe, expect, test } from 'vitest';
import { parseClientHello } from './client-hello.ts';

/** The first bytes that a real client sends. */
async function clientHello(servername: string | undefined): Promise<Buffer> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const client = connect({ port, host: '127.0.0.1', ...(servername === undefined ? {} : { servername }) });
  client.on('error', () => undefined);
  const [socket] = await once(server, 'connection');
  const [bytes] = await once(socket, 'data');
  client.destroy();
  socket.destroy();
  server.close();
  return bytes;
}

/** The same handshake message in records of that many bytes. */
function inRecords(hello: Buffer, size: number): Buffer {
  const records: Buffer[] = [];
  for (let at = 5; at < hello.length; at += size) {
    const fragment = hello.subarray(at, at + size);
    records.push(Buffer.from([22, 3, 1, fragment.length >> 8, fragment.length & 255]), fragment);
  }
  return Buffer.concat(records);
}

describe('a ClientHello', () => {
  test('tells the server name, in lower case', async () => {
    expect(parseClientHello(await clientHello('WWW.Example.COM'))).toEqual({
      type: 'Complete',
      serverName: 'www.example.com',
    });
  });

  test('may name no server', async () => {
    expect(parseClientHello(await clientHello(undefined))).toEqual({ type: 'Complete' });
  });

  test('is incomplete until its last byte', async () => {
    const hello = await clientHello('a.example');
    for (let length = 0; length < hello.length; length++) {
      expect(parseClientHello(hello.subarray(0, length)).type).toBe('Incomplete');
    }
  });

  test.each([1, 3, 100])('may be spread over records of %i bytes', async (size) => {
    const records = inRecords(await clientHello('a.example'), size);
    expect(parseClientHello(records)).toEqual({ type: 'Complete', serverName: 'a.example' });
    expect(parseClientHello(records.subarray(0, records.length - 1)).type).toBe('Incomplete');
  });

  test('never throws, whatever byte is changed', async () => {
    const hello = await clientHello('a.example');
    for (let at = 0; at < hello.length; at++) {
      for (const value of [0, 1, 127, 255]) {
        const changed = Buffer.from(hello);
        changed[at] = value;
        expect(['Complete', 'Incomplete', 'Malformed']).toContain(parseClientHello(changed).type);
      }
    }
  });

  test.each([
    ['HTTP', Buffer.from('GET / HTTP/1.1\r\n\r\n')],
    ['an SSL 2 hello', Buffer.from([0x80, 0x2e, 1, 3, 1])],
    ['another record type', Buffer.from([23, 3, 1, 0, 5, 1, 0, 0, 1, 0])],
    ['another handshake message', Buffer.from([22, 3, 1, 0, 5, 2, 0, 0, 1, 0])],
    ['an empty record', Buffer.from([22, 3, 1, 0, 0])],
    ['a record beyond the bound', Buffer.from([22, 3, 1, 0xff, 0xff])],
    ['a hello beyond the bound', Buffer.from([22, 3, 1, 0, 4, 1, 0xff, 0xff, 0xff])],
  ])('is malformed if it is %s', (_, bytes) => {
    expect(parseClientHello(bytes).type).toBe('Malformed');
  });
});
