import { afterEach, describe, expect, test } from 'vitest';
import { PROXY_ERRORS } from '../errors.ts';

import {
  answering,
  closeAll,
  deadPort,
  proxyTo,
  startBackend,
  turn,
  type RawClient,
} from '../../../test/support/proxy-harness.ts';

const OK = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok';
const GET = 'GET / HTTP/1.1\r\nHost: a.example\r\n\r\n';
const POST = 'POST / HTTP/1.1\r\nHost: a.example\r\nContent-Length: 3\r\n\r\nabc';
const LAST_GET = 'GET / HTTP/1.1\r\nHost: a.example\r\nConnection: close\r\n\r\n';
const LAST_POST = 'POST / HTTP/1.1\r\nHost: a.example\r\nContent-Length: 3\r\nConnection: close\r\n\r\nabc';

afterEach(closeAll);

describe('the gateway answers itself', () => {
  test('a request that no rule matches, and keeps the connection', async () => {
    const { proxy } = await proxyTo(answering(OK), { matches: ({ path }) => path !== '/none' });
    const client = proxy.connect();
    client.write('GET /none HTTP/1.1\r\nHost: a\r\n\r\n');
    expect(await client.until(/request\.\n$/)).toBe(
      'HTTP/1.1 404 Not Found\r\nServer: sallyport\r\nDate: Thu, 01 Jan 1970 00:00:00 GMT\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: 30\r\n\r\nNo route matches the request.\n',
    );
    client.write(GET);
    await client.until(/ok$/);
  });

  test('HEAD without a body, but with its length', async () => {
    const { proxy } = await proxyTo(answering(OK), { matches: () => false });
    expect(await proxy.exchange('HEAD / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')).toMatch(
      /Content-Length: 30\r\nConnection: close\r\n\r\n$/,
    );
  });

  test('a request whose body it does not read, and ends the connection', async () => {
    const { proxy } = await proxyTo(answering(OK), { matches: () => false });
    expect(await proxy.exchange('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nabc')).toMatch(
      /^HTTP\/1\.1 404 [^]*Connection: close\r\n/,
    );
  });

  test('where a filter answers, with response filters applied', async () => {
    const filter = {
      onRequest: () => ({ statusCode: 204, headers: [['A', '1']] as const, body: '' }),
      onResponse: (_: unknown, response: { headers: { set(name: string, value: string): void } }) =>
        response.headers.set('B', '2'),
    };
    const { proxy } = await proxyTo(answering(OK), { filters: [filter] });
    expect(await proxy.exchange(LAST_GET)).toMatch(
      /^HTTP\/1\.1 204 No Content\r\nServer: .*\r\nDate: .*\r\nA: 1\r\nB: 2\r\nConnection: close\r\n\r\n$/,
    );
  });

  test.each([
    ['400 for a malformed request', 'GET / HTTP/1.1\r\nHost: a\nX: b\r\n\r\n', 400],
    [
      '400 for two lengths',
      'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
      400,
    ],
    ['400 for a chunk of no size', 'POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n', 400],
    ['414 for an endless target', `GET /${'a'.repeat(20_000)} HTTP/1.1\r\nHost: a\r\n\r\n`, 414],
    ['431 for an endless head', `GET / HTTP/1.1\r\nHost: a\r\nX: ${'a'.repeat(70_000)}`, 431],
    ['505 for the preface of HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 505],
  ])('%s, ends the connection and forwards nothing', async (_, request, status) => {
    const { proxy, upstream } = await proxyTo(answering(OK));
    const received = await proxy.exchange(`${request}${GET}`);
    expect(received).toMatch(new RegExp(`^HTTP/1\\.1 ${status} [^]*Connection: close\r\n\r\n.*\n$`));
    expect(received.match(/HTTP\/1\.1/g)).toHaveLength(1);
    expect(upstream.connections).toHaveLength(0);
    expect(proxy.finished).toEqual([expect.objectContaining({ statusCode: status })]);
  });
});

describe('a backend that fails', () => {
  test('without endpoints is 503', async () => {
    const { proxy } = await proxyTo(answering(OK), { endpoints: [] });
    expect(await proxy.exchange(LAST_POST)).toContain('503 Service Unavailable');
    expect(proxy.finished[0]).toMatchObject({ error: 'NoReadyEndpoint', tries: 0 });
  });

  test('of a protocol that is not spoken yet is 502', async () => {
    const { proxy } = await proxyTo(answering(OK), { protocol: 'H2C' });
    expect(await proxy.exchange(LAST_GET)).toContain('502 Bad Gateway');
    expect(proxy.finished[0]?.error).toBe('UpstreamProtocolUnsupported');
  });

  test('with an endpoint that refuses has the next one tried, even for POST', async () => {
    const upstream = await startBackend((connection) => void connection.until(/abc$/).then(() => connection.write(OK)));
    const { proxy } = await proxyTo(() => undefined, { endpoints: [await deadPort(), upstream.port] });
    expect(await proxy.exchange(LAST_POST)).toContain('200 OK');
    expect(proxy.finished[0]).toMatchObject({ tries: 2, error: undefined });
  });

  test('with no endpoint that can be reached is 503', async () => {
    const { proxy } = await proxyTo(() => undefined, { endpoints: [await deadPort()] });
    expect(await proxy.exchange(LAST_GET)).toContain('503 Service Unavailable');
    expect(proxy.finished[0]).toMatchObject({ error: 'UpstreamConnectRefused', tries: 1 });
  });

  test('by closing before an answer is 502 for POST, which is not sent again', async () => {
    const { proxy, upstream } = await proxyTo(
      (connection) => void connection.until(/abc$/).then(() => connection.socket.destroy()),
    );
    expect(await proxy.exchange(LAST_POST)).toContain('502 Bad Gateway');
    expect(upstream.connections).toHaveLength(1);
    expect(proxy.finished[0]?.error).toBe('UpstreamReset');
  });

  test('by closing before an answer has GET sent again once', async () => {
    const { proxy, upstream } = await proxyTo((connection, index) => {
      if (index === 0) connection.socket.once('data', () => connection.socket.destroy());
      else answering(OK)(connection);
    });
    expect(await proxy.exchange(LAST_GET)).toContain('200 OK');
    expect(upstream.connections).toHaveLength(2);
  });

  test('by breaking all its connections at once costs no GET', async () => {
    const asked: RawClient[] = [];
    const { proxy, upstream } = await proxyTo((connection, index) => {
      if (index >= 2) return answering(OK)(connection);
      connection.socket.on('data', () => {
        if (asked.includes(connection)) return void connection.socket.destroy();
        asked.push(connection);
        if (asked.length === 2) for (const first of asked) first.write(OK);
      });
    });
    const clients = [proxy.connect(), proxy.connect()];
    for (const client of clients) client.write(GET);
    for (const client of clients) await client.until(/ok$/);
    clients[0]?.write(GET);
    await clients[0]?.until(/ok[^]*ok$/);
    expect(upstream.connections).toHaveLength(3);
    expect(proxy.finished.at(-1)).toMatchObject({ statusCode: 200, tries: 2 });
  });

  test('by closing a connection while it is idle is not noticed by the next request', async () => {
    const { proxy, upstream } = await proxyTo((connection) => {
      void connection.until(/abc$/).then(() => connection.socket.end(OK));
    });
    const client = proxy.connect();
    client.write(POST);
    await client.until(/ok$/);
    await upstream.connections[0]?.closed();
    client.write(POST);
    await client.until(/ok[^]*ok$/);
    expect(upstream.connections).toHaveLength(2);
  });

  test.each([
    ['a length', 'HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc'],
    ['chunks', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n'],
  ])('inside a body with %s breaks the connection of the client', async (_, answer) => {
    const { proxy } = await proxyTo((connection) => {
      connection.socket.once('data', () => connection.socket.end(answer));
    });
    const client = proxy.connect();
    client.write(GET);
    await client.closed();
    expect(client.wasReset).toBe(true);
    expect(client.received.endsWith('0\r\n\r\n')).toBe(false);
    expect(proxy.finished[0]).toMatchObject({ statusCode: 200, error: 'UpstreamReset' });
  });

  test.each([
    ['two lengths', 'HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab'],
    ['a split value', 'HTTP/1.1 200 OK\r\nX: a\rSet-Cookie: b\r\nContent-Length: 0\r\n\r\n'],
    ['no HTTP', 'hello\r\n\r\n'],
    ['a bad first chunk', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxx\r\n'],
  ])('by answering with %s is 502', async (_, answer) => {
    const { proxy } = await proxyTo(answering(answer));
    expect(await proxy.exchange(LAST_GET)).toContain('502 Bad Gateway');
    expect(proxy.finished[0]?.error).toBe('UpstreamMalformed');
  });

  test('by sending more than its answer does not get another request on that connection', async () => {
    const { proxy, upstream } = await proxyTo(answering(`${OK}HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil`));
    const client = proxy.connect();
    client.write(GET);
    await client.until(/ok$/);
    client.write(GET);
    expect(await client.until(/ok[^]*ok$/)).not.toContain('evil');
    expect(upstream.connections).toHaveLength(2);
  });
});

describe('a client that goes away', () => {
  test('cancels its request', async () => {
    const { proxy, upstream } = await proxyTo(() => undefined);
    const client = proxy.connect();
    client.write(GET);
    while (upstream.connections[0] === undefined) await turn();
    await upstream.connections[0].until(/\r\n\r\n$/);
    client.socket.resetAndDestroy();
    await upstream.connections[0].closed();
    expect(proxy.finished[0]).toMatchObject({ statusCode: 499, error: 'DownstreamClosed' });
  });

  test('by ending its side alone still gets an answer that comes soon', async () => {
    const { proxy, upstream } = await proxyTo(() => undefined);
    const client = proxy.connect();
    client.socket.end(GET);
    while (upstream.connections[0] === undefined) await turn();
    await upstream.connections[0].until(/\r\n\r\n$/);
    upstream.connections[0].write(OK);
    expect(await client.closed()).toContain('ok');
  });

  test('by ending its side alone is given up after a moment', async () => {
    const { proxy, upstream } = await proxyTo(() => undefined);
    const client = proxy.connect();
    client.socket.end(GET);
    while (upstream.connections[0] === undefined) await turn();
    await upstream.connections[0].until(/\r\n\r\n$/);
    for (let turns = 0; turns < 20; turns++) await turn();
    proxy.clock.advance(1_100);
    await upstream.connections[0].closed();
  });
});

test('every error has a status, and a sentence that names nothing of the inside', () => {
  for (const { http, text } of Object.values(PROXY_ERRORS)) {
    expect(http).toBeGreaterThanOrEqual(400);
    expect(text).toMatch(/^[A-Z][a-zA-Z ]+\.$/);
  }
});
