import { afterEach, describe, expect, test } from 'vitest';
import { answering, closeAll, proxyTo, turn } from '../../../test/support/proxy-harness.ts';

const OK = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok';
const GET = 'GET / HTTP/1.1\r\nHost: a.example\r\n\r\n';
const POST = 'POST / HTTP/1.1\r\nHost: a.example\r\nContent-Length: 3\r\n\r\nabc';

afterEach(closeAll);

describe('draining', () => {
  test('closes idle connections, finishes what is under way and tells its client', async () => {
    const { proxy, upstream } = await proxyTo((connection, index) => {
      if (index === 0) answering(OK)(connection);
    });
    const idle = proxy.connect();
    idle.write(GET);
    await idle.until(/ok$/);
    const busy = proxy.connect();
    busy.write(POST);
    await upstream.connections[0]?.until(/abc$/);
    const drained = proxy.server.drain(10_000);
    await idle.closed();
    await busy.until(/ok$/);
    await drained;
    expect(busy.received).toMatch(/ok$/);
  });

  test('is bounded', async () => {
    const { proxy, upstream } = await proxyTo(() => undefined);
    const client = proxy.connect();
    client.write(GET);
    while (upstream.connections[0] === undefined) await turn();
    const drained = proxy.server.drain(1_000);
    proxy.clock.advance(1_000);
    await drained;
    await client.closed();
    await proxy.server.drain(0);
  });
});
