import { describe, expect, test } from 'vitest';
import { HeadScanner } from './head-scanner.ts';
import { type ResponseHead, ResponseHeadReader } from './response-head.ts';

function read(text: string, isForHead = false): ResponseHead | undefined {
  const scanner = new HeadScanner();
  const bytes = Buffer.from(text, 'latin1');
  if (scanner.scan(bytes, 0, bytes.length) !== 'Complete') return undefined;
  return new ResponseHeadReader(scanner).read(bytes.toString('latin1', 0, scanner.headEnd), isForHead);
}

describe('an answer is refused', () => {
  test.each([
    ['with both lengths', 'HTTP/1.1 200 OK\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n'],
    ['with two Content-Lengths', 'HTTP/1.1 200 OK\r\nContent-Length: 3\r\nContent-Length: 3\r\n\r\n'],
    ['with a length that is no number', 'HTTP/1.1 200 OK\r\nContent-Length: 3a\r\n\r\n'],
    ['with an unknown transfer coding', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n'],
    ['with chunks in HTTP/1.0', 'HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n'],
    ['with a status of two digits', 'HTTP/1.1 20 OK\r\n\r\n'],
    ['with a status beyond 599', 'HTTP/1.1 600 Odd\r\n\r\n'],
    ['with another protocol', 'ICY 200 OK\r\n\r\n'],
    ['with HTTP/2', 'HTTP/2.0 200 OK\r\n\r\n'],
    ['with a bare LF', 'HTTP/1.1 200 OK\nX: a\r\n\r\n'],
    ['with a bare CR in a value', 'HTTP/1.1 200 OK\r\nX: a\rSet-Cookie: b\r\n\r\n'],
    ['with NUL in a value', 'HTTP/1.1 200 OK\r\nX: a\0\r\n\r\n'],
    ['with a folded line', 'HTTP/1.1 200 OK\r\nX: a\r\n b\r\n\r\n'],
    ['with a space before the colon', 'HTTP/1.1 200 OK\r\nX : a\r\n\r\n'],
    ['with an empty line before it', '\r\nHTTP/1.1 200 OK\r\n\r\n'],
  ])('%s', (_, text) => {
    expect(read(text)).toBeUndefined();
  });
});

test.each<[string, string, boolean, string]>([
  ['a length', 'HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n', false, 'Length'],
  ['chunks', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: Chunked\r\n\r\n', false, 'Chunked'],
  ['the end of the connection', 'HTTP/1.1 200\r\n\r\n', false, 'UntilClose'],
  ['nothing, as it answers HEAD', 'HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n', true, 'None'],
  ['nothing, as it is 204', 'HTTP/1.1 204 No Content\r\nTransfer-Encoding: chunked\r\n\r\n', false, 'None'],
  ['nothing, as it is 304', 'HTTP/1.1 304 Not Modified\r\nContent-Length: 3\r\n\r\n', false, 'None'],
])('the end of a body is known by %s', (_, text, isForHead, type) => {
  expect(read(text, isForHead)?.framing.type).toBe(type);
});

test.each([
  ['kept in HTTP/1.1', 'HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n', true],
  ['closed if it says so', 'HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: Close\r\n\r\n', false],
  ['closed in HTTP/1.0', 'HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n', false],
  ['kept in HTTP/1.0 if it says so', 'HTTP/1.0 200 OK\r\nContent-Length: 0\r\nConnection: keep-alive\r\n\r\n', true],
])('the connection is %s', (_, text, keepsAlive) => {
  expect(read(text)?.keepsAlive).toBe(keepsAlive);
});

test('an answer of HTTP/1.0 is forwarded as HTTP/1.1, without the fields of the connection', () => {
  const head = read(
    'HTTP/1.0 404 Not here\r\nServer: x\r\nConnection: keep-alive\r\nKeep-Alive: timeout=7, max=3\r\nContent-Length: 0\r\n\r\n',
  );
  expect(head?.render()).toBe('HTTP/1.1 404 Not here\r\nServer: x\r\nContent-Length: 0\r\n');
  expect(head?.keepAliveMs).toBe(7_000);
});
