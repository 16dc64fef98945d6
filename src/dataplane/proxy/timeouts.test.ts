import { once } from 'node:events';
import { afterEach, describe, expect, test } from 'vitest';
import { answering, closeAll, type HarnessOptions, proxyTo, turn } from '../../../test/support/proxy-harness.ts';

const OK = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok';
const GET = 'GET / HTTP/1.1\r\nHost: a.example\r\n\r\n';
const LAST_GET = 'GET / HTTP/1.1\r\nHost: a.example\r\nConnection: close\r\n\r\n';

afterEach(closeAll);

describe('time', () => {
  async function stalled(options: HarnessOptions) {
    const { proxy, upstream } = await proxyTo(() => undefined, options);
    const received = proxy.exchange(LAST_GET);
    while (upstream.connections[0] === undefined) await turn();
    await upstream.connections[0].until(/\r\n\r\n$/);
    return { proxy, received };
  }

  test.each<[string, HarnessOptions['rule'], number, string]>([
    [
      'a silent backend is given up after the backend request timeout',
      { timeouts: { backendRequestMs: 2_000 } },
      2_000,
      'UpstreamTimeout',
    ],
    ['a request is given up after the request timeout', { timeouts: { requestMs: 500 } }, 500, 'RequestTimeout'],
    ['a silent backend is given up after a minute by default', {}, 60_000, 'UpstreamTimeout'],
  ])('%s', async (_, rule, ms, error) => {
    const { proxy, received } = await stalled({ rule: rule ?? {} });
    proxy.clock.advance(ms - 1);
    expect(proxy.finished).toHaveLength(0);
    proxy.clock.advance(60);
    expect(await received).toContain('504 Gateway Timeout');
    expect(proxy.finished[0]).toMatchObject({ error, statusCode: 504 });
  });

  test('a timeout of zero lifts the default', async () => {
    const { proxy } = await stalled({ rule: { timeouts: { requestMs: 0, backendRequestMs: 0 } } });
    proxy.clock.advance(3_000_000);
    expect(proxy.finished).toHaveLength(0);
  });

  test('a head that trickles in is given up', async () => {
    const { proxy } = await proxyTo(answering(OK));
    const client = proxy.connect();
    client.write('GET / HT');
    await settled(proxy);
    proxy.clock.advance(10_100);
    expect(await client.until(/408 Request Timeout/)).toContain('408');
  });

  test('a body that trickles in is given up', async () => {
    const { proxy, upstream } = await proxyTo(() => undefined);
    const client = proxy.connect();
    client.write('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\na');
    while (upstream.connections[0] === undefined) await turn();
    await upstream.connections[0].until(/a$/);
    proxy.clock.advance(61_000);
    expect(await client.until(/408 Request Timeout/)).toContain('408');
  });

  test('an idle connection is closed', async () => {
    const { proxy } = await proxyTo(answering(OK));
    const client = proxy.connect();
    client.write(GET);
    await client.until(/ok$/);
    proxy.clock.advance(76_000);
    await once(client.socket, 'end');
  });

  test('a connection that never sends is closed', async () => {
    const { proxy } = await proxyTo(answering(OK));
    const client = proxy.connect();
    await settled(proxy);
    proxy.clock.advance(10_100);
    await once(client.socket, 'end');
  });

  test('a stream of events outlives every timeout but the idle one', async () => {
    const { proxy, upstream } = await proxyTo(
      answering('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n'),
    );
    const client = proxy.connect();
    client.write(GET);
    await client.until(/a\r\n$/);
    proxy.clock.advance(3_000_000);
    upstream.connections[0]?.write('1\r\nb\r\n');
    await client.until(/b\r\n$/);
  });

  async function settled(proxy: { server: { connectionCount: number } }): Promise<void> {
    while (proxy.server.connectionCount === 0) await turn();
    for (let turns = 0; turns < 5; turns++) await turn();
  }
});
