import { afterEach, describe, expect, test } from 'vitest';
import type { HttpFilter } from '../exchange.ts';
import {
  answering,
  closeAll,
  closeLater,
  proxyTo,
  type RawClient,
  startBackend,
  startProxy,
} from '../../../test/support/proxy-harness.ts';

const OK = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok';
const GET = 'GET / HTTP/1.1\r\nHost: a.example\r\n\r\n';
const LAST_GET = 'GET / HTTP/1.1\r\nHost: a.example\r\nConnection: close\r\n\r\n';

afterEach(closeAll);

describe('a request is forwarded', () => {
  test('with its head as it came and fields that tell where it came from', async () => {
    const { upstream, proxy } = await proxyTo(answering(OK));
    await proxy.exchange(
      'GET /a%20b?c HTTP/1.1\r\nhOST: a.example\r\nB: 2\r\nA: 1\r\nB: 3\r\nConnection: close\r\nX-Forwarded-For: 6.6.6.6\r\nX-Request-ID: mine\r\n\r\n',
    );
    expect(upstream.connections[0]?.received.replace(/X-Request-ID: [0-9a-f-]{16,}/, 'X-Request-ID: id')).toBe(
      'GET /a%20b?c HTTP/1.1\r\nhOST: a.example\r\nB: 2\r\nA: 1\r\nB: 3\r\n' +
        'X-Forwarded-For: 127.0.0.1\r\nX-Forwarded-Proto: http\r\nX-Forwarded-Host: a.example\r\nX-Request-ID: id\r\n\r\n',
    );
  });

  test('with what a trusted proxy says, and that proxy added to the chain', async () => {
    const { upstream, proxy } = await proxyTo(answering(OK), { config: { trustedProxies: ['127.0.0.0/8'] } });
    await proxy.exchange(
      'GET / HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: 6.6.6.6\r\nX-Forwarded-For: 7.7.7.7\r\nX-Forwarded-Proto: https\r\nX-Request-ID: theirs\r\nConnection: close\r\n\r\n',
    );
    const received = upstream.connections[0]?.received ?? '';
    expect(received).toContain('X-Forwarded-For: 6.6.6.6, 7.7.7.7, 127.0.0.1\r\n');
    expect(received).toContain('X-Forwarded-Proto: https\r\nX-Request-ID: theirs\r\n');
    expect(received).toContain('X-Forwarded-Host: a\r\n');
    expect(received.match(/X-Forwarded-For/gi)).toHaveLength(1);
  });

  test('with the request id that a filter sets', async () => {
    const filter: HttpFilter = {
      onRequest({ request }) {
        request.headers.set('X-Request-ID', 'filtered');
        return undefined;
      },
    };
    const { upstream, proxy } = await proxyTo(answering(OK), { filters: [filter] });
    await proxy.exchange(LAST_GET);
    expect(upstream.connections[0]?.received.match(/X-Request-ID: .*/g)).toEqual(['X-Request-ID: filtered']);
  });

  test('with a body of known length, byte for byte', async () => {
    const { upstream, proxy } = await proxyTo((connection) => {
      void connection.until(/hello$/).then(() => connection.write(OK));
    });
    const client = proxy.connect();
    client.write('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhe');
    await upstreamHas(upstream.connections, /he$/);
    client.write('llo');
    expect(await client.until(/ok$/)).toBe(OK);
  });

  test('with a chunked body and its trailers, byte for byte', async () => {
    const body = '3;x=y\r\nabc\r\n0\r\nX-Sum: 1\r\n\r\n';
    const { upstream, proxy } = await proxyTo((connection) => {
      void connection.until(/\r\n0\r\nX-Sum: 1\r\n\r\n$/).then(() => connection.write(OK));
    });
    expect(
      await proxy.exchange(
        `POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n${body}`,
      ),
    ).toContain('200 OK');
    expect(upstream.connections[0]?.received.endsWith(`\r\n\r\n${body}`)).toBe(true);
  });

  test('after 100 Continue from the backend', async () => {
    const { proxy } = await proxyTo((connection) => {
      void connection.until(/Expect: 100-continue[^]*\r\n\r\n$/).then(async () => {
        connection.write('HTTP/1.1 100 Continue\r\n\r\n');
        await connection.until(/abc$/);
        connection.write(OK);
      });
    });
    const client = proxy.connect();
    client.write('POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n');
    await client.until(/100 Continue\r\n\r\n$/);
    client.write('abc');
    await client.until(/ok$/);
  });

  test('one after the other when several come at once', async () => {
    const { upstream, proxy } = await proxyTo((connection) => {
      let count = 0;
      connection.socket.on('data', () => connection.write(`HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n${count++}`));
    });
    const client = proxy.connect();
    client.write(GET + GET + LAST_GET);
    const answers = await client.closed();
    expect(answers.match(/\r\n\r\n./g)).toEqual(['\r\n\r\n0', '\r\n\r\n1', '\r\n\r\n2']);
    expect(upstream.connections).toHaveLength(1);
  });
});

async function upstreamHas(connections: readonly RawClient[], pattern: RegExp): Promise<void> {
  while (connections[0] === undefined) await new Promise((resolve) => setImmediate(resolve));
  await connections[0].until(pattern);
}

describe('an answer is forwarded', () => {
  test('with its fields in order and case, and the connection kept', async () => {
    const { proxy } = await proxyTo(
      answering(
        'HTTP/1.1 201 Made It\r\nset-cookie: a\r\nSERVER: x\r\nConnection: keep-alive\r\nSet-Cookie: b\r\nContent-Length: 1\r\n\r\n!',
      ),
    );
    const client = proxy.connect();
    client.write(GET);
    expect(await client.until(/!$/)).toBe(
      'HTTP/1.1 201 Made It\r\nset-cookie: a\r\nSERVER: x\r\nSet-Cookie: b\r\nContent-Length: 1\r\n\r\n!',
    );
    client.write(GET);
    await client.until(/!.*!$/s);
  });

  test.each([
    ['to HEAD without a body', 'HEAD', 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n'],
    ['as 204', 'GET', 'HTTP/1.1 204 No Content\r\n\r\n'],
    ['as 304 with the length of what it stands for', 'GET', 'HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n'],
  ])('%s, and the next request gets its own', async (_, method, answer) => {
    const { proxy } = await proxyTo(answering(answer));
    const client = proxy.connect();
    client.write(`${method} / HTTP/1.1\r\nHost: a\r\n\r\n`);
    await client.until(/\r\n\r\n$/);
    client.write(`${method} / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`);
    const received = await client.closed();
    expect(received).toBe(answer + answer.replace(/\r\n\r\n$/, '\r\nConnection: close\r\n\r\n'));
  });

  test('with chunks and trailers, byte for byte', async () => {
    const answer = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\nX-Sum: 1\r\n\r\n';
    const { proxy } = await proxyTo(answering(answer));
    const client = proxy.connect();
    client.write(GET);
    expect(await client.until(/X-Sum: 1\r\n\r\n$/)).toBe(answer);
  });

  test('without chunks to a client of HTTP/1.0, whose connection then ends', async () => {
    const { proxy } = await proxyTo(
      answering('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n'),
    );
    expect(await proxy.exchange('GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n')).toBe(
      'HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nabcde',
    );
  });

  test('to a client of HTTP/1.0 that asks to keep the connection', async () => {
    const { proxy } = await proxyTo(answering(OK));
    const client = proxy.connect();
    client.write('GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n');
    expect(await client.until(/ok$/)).toBe('HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: keep-alive\r\n\r\nok');
  });

  test('in chunks if it ends with the connection of the backend', async () => {
    const { proxy } = await proxyTo((connection) => {
      connection.socket.once('data', () => connection.socket.end('HTTP/1.1 200 OK\r\n\r\nabc'));
    });
    const client = proxy.connect();
    client.write(GET);
    expect(await client.until(/0\r\n\r\n$/)).toBe(
      'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n',
    );
  });

  test('of a mebibyte, whole and in order', async () => {
    const body = Buffer.alloc(1 << 20, 'abcdefghijklmnopqrstuvwxyz0123456789').toString('latin1');
    const { proxy } = await proxyTo(answering(`HTTP/1.1 200 OK\r\nContent-Length: ${body.length}\r\n\r\n${body}`));
    const received = await proxy.exchange(LAST_GET);
    expect(received.endsWith(`\r\n\r\n${body}`)).toBe(true);
    expect(proxy.finished[0]).toMatchObject({ statusCode: 200, responseBodyBytes: 1 << 20 });
  });

  test('before the request is complete, and the connection ends after it', async () => {
    const { proxy } = await proxyTo((connection) => {
      void connection
        .until(/abc$/)
        .then(() =>
          connection.socket.end('HTTP/1.1 413 Too Large\r\nContent-Length: 2\r\nConnection: close\r\n\r\nno'),
        );
    });
    expect(await proxy.exchange('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nabc')).toBe(
      'HTTP/1.1 413 Too Large\r\nContent-Length: 2\r\nConnection: close\r\n\r\nno',
    );
  });
});

describe('an upgrade', () => {
  test('joins client and backend, each of which may end its side first', async () => {
    const upstream = await startBackend((connection) => {
      void connection.until(/Connection: Upgrade\r\nUpgrade: echo\r\n/).then(() => {
        connection.write(
          'HTTP/1.1 101 Switching Protocols\r\nUpgrade: echo\r\nConnection: Upgrade\r\nX: y\r\n\r\nfirst',
        );
      });
      connection.socket.on('end', () => connection.socket.end('last'));
    }, true);
    const joined = await startProxy({ endpoints: [upstream.port] });
    closeLater(() => joined.close());
    const client = joined.connect();
    client.write('GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\nearly');
    expect(await client.until(/first$/)).toBe(
      'HTTP/1.1 101 Switching Protocols\r\nX: y\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\nfirst',
    );
    await upstreamHas(upstream.connections, /early$/);
    client.socket.end('more');
    expect(await client.closed()).toContain('firstlast');
    expect(upstream.connections[0]?.received.endsWith('earlymore')).toBe(true);
    expect(joined.finished[0]).toMatchObject({ statusCode: 101, error: undefined });
  });

  test('that the backend declines is an ordinary exchange', async () => {
    const { proxy } = await proxyTo(answering(OK));
    const client = proxy.connect();
    client.write('GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n');
    await client.until(/ok$/);
    client.write(GET);
    await client.until(/ok[^]*ok$/);
  });

  test('that nobody asked for is a malformed answer', async () => {
    const { proxy } = await proxyTo(
      answering('HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n'),
    );
    expect(await proxy.exchange(LAST_GET)).toContain('HTTP/1.1 502 Bad Gateway');
  });
});

describe('a mirror', () => {
  test('gets a copy of head and body, and its answer is ignored', async () => {
    const mirror = await startBackend(answering('HTTP/1.1 500 Broken\r\nContent-Length: 0\r\n\r\n'));
    const { upstream, proxy } = await proxyTo(
      (connection) => void connection.until(/abc$/).then(() => connection.write(OK)),
      { mirrorPorts: [mirror.port] },
    );
    expect(
      await proxy.exchange('POST /a?b=c HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nConnection: close\r\n\r\nabc'),
    ).toContain('200 OK');
    await upstreamHas(mirror.connections, /abc$/);
    expect(mirror.connections[0]?.received).toBe(upstream.connections[0]?.received);
  });

  test('that cannot be reached or breaks rules changes nothing', async () => {
    const nonsense = await startBackend((connection) => connection.write('nonsense\r\n\r\n'));
    const { proxy } = await proxyTo(answering(OK), { mirrorPorts: [1, nonsense.port] });
    expect(await proxy.exchange(LAST_GET)).toContain('200 OK');
  });

  test('that does not read is given up', async () => {
    const mirror = await startBackend(({ socket }) => socket.pause());
    const body = 'x'.repeat(8 << 20);
    const { proxy } = await proxyTo(
      (connection) => {
        let bytes = 0;
        connection.socket.on('data', (text: string) => {
          bytes += text.length;
          if (bytes > body.length) connection.write(OK);
        });
      },
      { mirrorPorts: [mirror.port] },
    );
    expect(
      await proxy.exchange(
        `POST / HTTP/1.1\r\nHost: a\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n${body}`,
      ),
    ).toContain('200 OK');
    mirror.connections[0]?.socket.resume();
    await mirror.connections[0]?.closed();
  });
});
