import { describe, expect, test } from 'vitest';
import { HeadScanner } from './head-scanner.ts';
import { type RequestHead, RequestHeadReader } from './request-head.ts';

/** The request, or what the scanner or the reader says against it. */
function read(text: string): RequestHead | string {
  const scanner = new HeadScanner();
  const bytes = Buffer.from(text, 'latin1');
  const scanned = scanner.scan(bytes, 0, bytes.length);
  if (scanned !== 'Complete') return scanned;
  return new RequestHeadReader(scanner, 'http').read(bytes.toString('latin1', 0, scanner.headEnd));
}

function accepted(text: string): RequestHead {
  const head = read(text);
  if (typeof head === 'string') throw new Error(`Refused: ${head}.`);
  return head;
}

const HOST = 'Host: a.example\r\n';

describe('a request is refused', () => {
  test.each<[name: string, request: string, because: string]>([
    [
      'with both Content-Length and Transfer-Encoding',
      `POST / HTTP/1.1\r\n${HOST}Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n`,
      'BadRequest',
    ],
    [
      'with differing Content-Lengths',
      `POST / HTTP/1.1\r\n${HOST}Content-Length: 3\r\nContent-Length: 4\r\n\r\n`,
      'BadRequest',
    ],
    [
      'with equal Content-Lengths',
      `POST / HTTP/1.1\r\n${HOST}Content-Length: 3\r\nContent-Length: 3\r\n\r\n`,
      'BadRequest',
    ],
    ['with a list as Content-Length', `POST / HTTP/1.1\r\n${HOST}Content-Length: 3, 3\r\n\r\n`, 'BadRequest'],
    ['with a plus sign in Content-Length', `POST / HTTP/1.1\r\n${HOST}Content-Length: +3\r\n\r\n`, 'BadRequest'],
    ['with a negative Content-Length', `POST / HTTP/1.1\r\n${HOST}Content-Length: -3\r\n\r\n`, 'BadRequest'],
    ['with a hexadecimal Content-Length', `POST / HTTP/1.1\r\n${HOST}Content-Length: 0x3\r\n\r\n`, 'BadRequest'],
    ['with an empty Content-Length', `POST / HTTP/1.1\r\n${HOST}Content-Length:\r\n\r\n`, 'BadRequest'],
    [
      'with a Content-Length beyond all bounds',
      `POST / HTTP/1.1\r\n${HOST}Content-Length: 99999999999999999999\r\n\r\n`,
      'BadRequest',
    ],
    ['with an unknown transfer coding', `POST / HTTP/1.1\r\n${HOST}Transfer-Encoding: xchunked\r\n\r\n`, 'BadRequest'],
    ['with chunked not last', `POST / HTTP/1.1\r\n${HOST}Transfer-Encoding: chunked, gzip\r\n\r\n`, 'BadRequest'],
    [
      'with chunked twice',
      `POST / HTTP/1.1\r\n${HOST}Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n`,
      'BadRequest',
    ],
    [
      'with a vertical tab before chunked',
      `POST / HTTP/1.1\r\n${HOST}Transfer-Encoding: \x0bchunked\r\n\r\n`,
      'Malformed',
    ],
    [
      'with Transfer-Encoding in HTTP/1.0',
      `POST / HTTP/1.0\r\n${HOST}Transfer-Encoding: chunked\r\n\r\n`,
      'BadRequest',
    ],
    ['with a bare LF after the request line', `GET / HTTP/1.1\n${HOST}\r\n`, 'Malformed'],
    ['with a bare LF after a field', 'GET / HTTP/1.1\r\nHost: a\nX: b\r\n\r\n', 'Malformed'],
    ['with a bare CR in a value', `GET / HTTP/1.1\r\n${HOST}X: a\rb\r\n\r\n`, 'Malformed'],
    ['with a bare CR as the end of the head', `GET / HTTP/1.1\r\n${HOST}\rX: a\r\n\r\n`, 'Malformed'],
    ['with a space before the colon', 'GET / HTTP/1.1\r\nHost : a.example\r\n\r\n', 'Malformed'],
    ['with a folded line', `GET / HTTP/1.1\r\n${HOST}X: a\r\n b\r\n\r\n`, 'Malformed'],
    ['with a folded first line', `GET / HTTP/1.1\r\n ${HOST}\r\n`, 'Malformed'],
    ['with NUL in a value', `GET / HTTP/1.1\r\n${HOST}X: a\0b\r\n\r\n`, 'Malformed'],
    ['with a control byte in a value', `GET / HTTP/1.1\r\n${HOST}X: a\x01b\r\n\r\n`, 'Malformed'],
    ['with a control byte in a name', `GET / HTTP/1.1\r\n${HOST}X\x01: a\r\n\r\n`, 'Malformed'],
    ['with a byte above ASCII in a name', `GET / HTTP/1.1\r\n${HOST}X\xe9: a\r\n\r\n`, 'Malformed'],
    ['with an empty name', `GET / HTTP/1.1\r\n${HOST}: a\r\n\r\n`, 'Malformed'],
    ['with a line without colon', `GET / HTTP/1.1\r\n${HOST}nonsense\r\n\r\n`, 'Malformed'],
    ['without Host', 'GET / HTTP/1.1\r\nX: a\r\n\r\n', 'BadRequest'],
    ['with two Hosts', `GET / HTTP/1.1\r\n${HOST}${HOST}\r\n`, 'BadRequest'],
    ['with an empty Host', 'GET / HTTP/1.1\r\nHost:\r\n\r\n', 'BadRequest'],
    ['with a list of Hosts', 'GET / HTTP/1.1\r\nHost: a, b\r\n\r\n', 'BadRequest'],
    ['with user information in Host', 'GET / HTTP/1.1\r\nHost: a@b\r\n\r\n', 'BadRequest'],
    ['with a path in Host', 'GET / HTTP/1.1\r\nHost: a/b\r\n\r\n', 'BadRequest'],
    ['with a port that is no number', 'GET / HTTP/1.1\r\nHost: a:8x\r\n\r\n', 'BadRequest'],
    ['with an absolute target of another host', `GET http://b.example/ HTTP/1.1\r\n${HOST}\r\n`, 'BadRequest'],
    ['with an absolute target of another scheme', `GET ftp://a.example/ HTTP/1.1\r\n${HOST}\r\n`, 'BadRequest'],
    ['with an authority as target', `GET a.example:80 HTTP/1.1\r\n${HOST}\r\n`, 'BadRequest'],
    ['with CONNECT', 'CONNECT a.example:80 HTTP/1.1\r\nHost: a.example:80\r\n\r\n', 'BadRequest'],
    ['with an asterisk as target', `OPTIONS * HTTP/1.1\r\n${HOST}\r\n`, 'BadRequest'],
    ['with a byte above ASCII in the target', `GET /\xe9 HTTP/1.1\r\n${HOST}\r\n`, 'BadRequest'],
    ['with a fragment', `GET /a#b HTTP/1.1\r\n${HOST}\r\n`, 'BadRequest'],
    ['with two spaces before the target', `GET  / HTTP/1.1\r\n${HOST}\r\n`, 'BadRequest'],
    ['with a space in the target', `GET /a b HTTP/1.1\r\n${HOST}\r\n`, 'BadRequest'],
    ['with a space after the version', `GET / HTTP/1.1 \r\n${HOST}\r\n`, 'BadRequest'],
    ['with a tab in the request line', `GET\t/ HTTP/1.1\r\n${HOST}\r\n`, 'Malformed'],
    ['with a method that is no token', `G@T / HTTP/1.1\r\n${HOST}\r\n`, 'BadRequest'],
    ['without version', `GET /\r\n${HOST}\r\n`, 'BadRequest'],
    ['with a version in lower case', `GET / http/1.1\r\n${HOST}\r\n`, 'BadRequest'],
    ['with HTTP/1.2', `GET / HTTP/1.2\r\n${HOST}\r\n`, 'VersionNotSupported'],
    ['with the preface of HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 'VersionNotSupported'],
    ['with an expectation that nobody knows', `POST / HTTP/1.1\r\n${HOST}Expect: tea\r\n\r\n`, 'ExpectationFailed'],
    [
      'with Connection naming Content-Length',
      `POST / HTTP/1.1\r\n${HOST}Content-Length: 3\r\nConnection: content-length\r\n\r\n`,
      'BadRequest',
    ],
    ['with Connection naming Host', `GET / HTTP/1.1\r\n${HOST}Connection: close, Host\r\n\r\n`, 'BadRequest'],
    ['with a path above the root', `GET /../a HTTP/1.1\r\n${HOST}\r\n`, 'BadRequest'],
    ['with an encoded NUL in the path', `GET /a%00 HTTP/1.1\r\n${HOST}\r\n`, 'BadRequest'],
    ['with a head over 64 KiB', `GET / HTTP/1.1\r\n${HOST}X: ${'a'.repeat(66_000)}\r\n\r\n`, 'HeadTooLarge'],
    ['with more than 128 fields', `GET / HTTP/1.1\r\n${HOST}${'X: a\r\n'.repeat(128)}\r\n`, 'HeadTooLarge'],
    ['with a target over 16 KiB', `GET /${'a'.repeat(17_000)} HTTP/1.1\r\n${HOST}\r\n`, 'StartLineTooLong'],
  ])('%s', (_, request, because) => {
    expect(read(request)).toBe(because);
  });
});

describe('a request is read', () => {
  test('with what routing needs', () => {
    expect(accepted('GET /a/%62?x=1?y HTTP/1.1\r\nhost: A.Example:8080\r\n\r\n')).toMatchObject({
      method: 'GET',
      authority: 'A.Example:8080',
      host: 'a.example',
      path: '/a/%62',
      matchPath: '/a/b',
      query: '?x=1?y',
      framing: { type: 'None' },
    });
  });

  test.each([
    ['an IPv6 address as host', 'Host: [::1]:80', '[::1]'],
    ['a trailing dot', 'Host: a.example.', 'a.example'],
    ['a trailing dot before a port', 'Host: a.example.:80', 'a.example'],
    ['blanks around the value', 'Host: \t a.example \t', 'a.example'],
  ])('with %s', (_, field, host) => {
    expect(accepted(`GET / HTTP/1.1\r\n${field}\r\n\r\n`).host).toBe(host);
  });

  test('after an empty line, which old clients send behind a body', () => {
    const head = accepted(`\r\nGET / HTTP/1.1\r\n${HOST}\r\n`);
    expect(head.render()).toBe(`GET / HTTP/1.1\r\n${HOST}`);
  });

  test('in absolute form, and forwarded in origin form', () => {
    expect(accepted(`GET http://a.example?x HTTP/1.1\r\n${HOST}\r\n`).render()).toBe(`GET /?x HTTP/1.1\r\n${HOST}`);
  });

  test('in HTTP/1.0 without Host, and forwarded as HTTP/1.1 with one', () => {
    expect(accepted('GET / HTTP/1.0\r\nX: a\r\n\r\n').render()).toBe('GET / HTTP/1.1\r\nX: a\r\nHost: \r\n');
  });

  test('with an upgrade', () => {
    expect(
      accepted(`GET / HTTP/1.1\r\n${HOST}Connection: keep-alive, Upgrade\r\nUpgrade: websocket\r\n\r\n`).upgrade,
    ).toBe('websocket');
  });

  test('with an upgrade to cleartext HTTP/2, which is not passed on', () => {
    const head = accepted(
      `GET / HTTP/1.1\r\n${HOST}Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAA\r\n\r\n`,
    );
    expect(head.upgrade).toBeUndefined();
    expect(head.render()).toBe(`GET / HTTP/1.1\r\n${HOST}`);
  });

  test('whatever pieces it comes in', () => {
    const bytes = Buffer.from(`\r\nPOST /a%20b HTTP/1.1\r\n${HOST}Content-Length: 12\r\nX:\r\nY: \t b \r\n\r\n`);
    const whole = accepted(bytes.toString('latin1'));
    for (let cut = 1; cut < bytes.length; cut++) {
      const scanner = new HeadScanner();
      expect(scanner.scan(bytes, 0, cut)).toBe('Incomplete');
      expect(scanner.scan(bytes, 0, bytes.length)).toBe('Complete');
      const head = new RequestHeadReader(scanner, 'http').read(bytes.toString('latin1'));
      expect(typeof head === 'string' ? head : head.render()).toBe(whole.render());
    }
  });
});

describe('fields are forwarded', () => {
  const lines = `${HOST}aCCept: x\r\nSet: 1\r\nKeep-Alive: timeout=5\r\nset: 2\r\nTE: trailers\r\nX-Hop: a\r\nLast: z\r\n`;

  test('in their order and case, without those of the connection and those that it names', () => {
    const head = accepted(`GET / HTTP/1.1\r\n${lines}Connection: x-hop\r\n\r\n`);
    expect(head.render()).toBe(`GET / HTTP/1.1\r\n${HOST}aCCept: x\r\nSet: 1\r\nset: 2\r\nLast: z\r\n`);
  });

  test('as filters edit them', () => {
    const head = accepted(`GET /a HTTP/1.1\r\n${lines}\r\n`);
    head.headers.set('Accept', 'y');
    head.headers.add('set', '3');
    head.headers.remove('last');
    head.path = '/b';
    expect(head.headers.getAll('set')).toEqual(['1', '2', '3']);
    expect(head.headers.get('accept')).toBe('y');
    expect(head.headers.get('last')).toBeUndefined();
    expect(head.render()).toBe(`GET /b HTTP/1.1\r\n${HOST}Set: 1\r\nset: 2\r\nX-Hop: a\r\nAccept: y\r\nset: 3\r\n`);
    head.headers.remove('set');
    expect(head.render()).toBe(`GET /b HTTP/1.1\r\n${HOST}X-Hop: a\r\nAccept: y\r\n`);
  });
});
