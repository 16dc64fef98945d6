import { describe, expect, test } from 'vitest';
import { BodyReader, CHUNKED_BODY } from './body-reader.ts';

function readChunked(text: string): { end: number; isComplete: boolean; payload: string } {
  const reader = new BodyReader();
  reader.start(CHUNKED_BODY);
  const bytes = Buffer.from(text, 'latin1');
  let payload = '';
  const end = reader.read(bytes, 0, bytes.length, (from, to) => {
    payload += bytes.toString('latin1', from, to);
  });
  return { end, isComplete: reader.isComplete, payload };
}

describe('a chunked body is read', () => {
  test.each([
    ['without chunks', '0\r\n\r\n', ''],
    [
      'with chunks in upper and lower case',
      'a\r\n0123456789\r\nB\r\n0123456789a\r\n0\r\n\r\n',
      '01234567890123456789a',
    ],
    ['with leading zeros', '003\r\nabc\r\n000\r\n\r\n', 'abc'],
    ['with extensions', '3;a=b;c="d e"\r\nabc\r\n0;x\r\n\r\n', 'abc'],
    ['with trailers', '3\r\nabc\r\n0\r\nX-Sum: 1\r\nY:\r\n\r\n', 'abc'],
  ])('%s, however it is cut', (_, text, payload) => {
    expect(readChunked(`${text}GET /`)).toEqual({ end: text.length, isComplete: true, payload });
    const bytes = Buffer.from(text, 'latin1');
    for (let cut = 0; cut < bytes.length; cut++) {
      const reader = new BodyReader();
      reader.start(CHUNKED_BODY);
      expect(reader.read(bytes, 0, cut)).toBe(cut);
      expect(reader.isComplete).toBe(false);
      expect(reader.read(bytes, cut, bytes.length)).toBe(bytes.length);
      expect(reader.isComplete).toBe(true);
    }
  });
});

describe('a chunked body is malformed', () => {
  test.each([
    ['without size', '\r\nabc\r\n'],
    ['with a size that is not hexadecimal', 'g\r\n'],
    ['with a prefix before the size', '0x3\r\nabc\r\n'],
    ['with a sign before the size', '+3\r\nabc\r\n'],
    ['with a negative size', '-3\r\nabc\r\n'],
    ['with a blank before the size', ' 3\r\nabc\r\n'],
    ['with a blank after the size', '3 \r\nabc\r\n'],
    ['with a size beyond all bounds', 'ffffffffffffffff\r\n'],
    ['with an endless size', `${'0'.repeat(20)}\r\n`],
    ['with a bare LF after the size', '3\nabc\r\n'],
    ['with a bare CR after the size', '3\rabc\r\n'],
    ['with data longer than its size', '3\r\nabcd\r\n'],
    ['with a bare LF after the data', '3\r\nabc\n0\r\n\r\n'],
    ['with a bare LF in an extension', '3;a\nb\r\nabc\r\n'],
    ['with NUL in an extension', '3;\0\r\nabc\r\n'],
    ['with an endless extension', `3;${'a'.repeat(300)}\r\nabc\r\n`],
    ['with a bare LF after a trailer', '0\r\nX: a\n\r\n'],
    ['with a trailer without colon', '0\r\nX\r\n\r\n'],
    ['with a space before the colon of a trailer', '0\r\nX : a\r\n\r\n'],
    ['with Content-Length as a trailer', '0\r\nContent-Length: 5\r\n\r\n'],
    ['with Transfer-Encoding as a trailer', '0\r\nTransfer-Encoding: chunked\r\n\r\n'],
    ['with Host as a trailer', '0\r\nhost: a\r\n\r\n'],
    ['with an endless trailer', `0\r\nX: ${'a'.repeat(17_000)}\r\n\r\n`],
  ])('%s', (_, text) => {
    expect(readChunked(text).end).toBe(-1);
  });
});

test('a body of known length ends where it says', () => {
  const reader = new BodyReader();
  reader.start({ type: 'Length', bytes: 5 });
  expect(reader.read(Buffer.from('abc'), 0, 3)).toBe(3);
  expect(reader.read(Buffer.from('xdefg'), 1, 5)).toBe(3);
  expect(reader.isComplete).toBe(true);
});
