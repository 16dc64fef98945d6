import { once } from 'node:events';
import { Agent, get } from 'node:http';
import { type AddressInfo, createServer } from 'node:net';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { BodyReader } from '../../src/dataplane/http1/body-reader.ts';
import { HeadScanner } from '../../src/dataplane/http1/head-scanner.ts';
import { ResponseHeadReader } from '../../src/dataplane/http1/response-head.ts';
import { FUZZ_OPTIONS } from '../support/fuzz-options.ts';

/** What a reader makes of an answer. */
interface Meaning {
  readonly statusCode: number;
  readonly fields: readonly string[];
  readonly body: string;
}

/** What our codec makes of it, and where it ends. */
interface Read {
  readonly meaning: Meaning;
  readonly end: number;
}

/** What our codec makes of the answer in `bytes`, after which the connection ends, when they come in two pieces. */
function ours(bytes: Buffer, cut: number): Read | 'Refused' {
  const scanner = new HeadScanner();
  let scanned = scanner.scan(bytes, 0, cut);
  if (scanned === 'Incomplete') scanned = scanner.scan(bytes, 0, bytes.length);
  if (scanned !== 'Complete') return 'Refused';
  const text = bytes.toString('latin1', 0, scanner.headEnd);
  const head = new ResponseHeadReader(scanner).read(text, false);
  if (head === undefined) return 'Refused';
  const fields: string[] = [];
  for (let index = 0; index < scanner.count; index++) {
    fields.push(
      text.slice(scanner.nameStarts[index], scanner.nameEnds[index]),
      text.slice(scanner.valueStarts[index], scanner.valueEnds[index]),
    );
  }
  const reader = new BodyReader();
  reader.start(head.framing);
  let body = '';
  let at = scanner.headEnd;
  for (const to of [Math.max(cut, at), bytes.length]) {
    const from = at;
    at = reader.read(bytes, at, to, (dataFrom, dataTo) => {
      body += bytes.toString('latin1', dataFrom, dataTo);
    });
    if (at < 0) return 'Refused';
    if (!reader.isChunked) body += bytes.toString('latin1', from, at);
  }
  return reader.end() ? { meaning: { statusCode: head.statusCode, fields, body }, end: at } : 'Refused';
}

let answer: Uint8Array = Buffer.alloc(0);
let port = 0;
const server = createServer((socket) => {
  socket.on('error', () => undefined);
  socket.once('data', () => socket.end(answer));
});
const agent = new Agent({ keepAlive: false });

/** What llhttp makes of it; undefined: it refuses it or misses a part. */
function theirs(bytes: Buffer): Promise<Meaning | undefined> {
  answer = bytes;
  return new Promise((resolve) => {
    const request = get({ port, host: '127.0.0.1', agent }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', () => resolve(undefined));
      response.on('end', () => {
        const body = Buffer.concat(chunks).toString('latin1');
        resolve(
          response.complete ? { statusCode: response.statusCode ?? 0, fields: response.rawHeaders, body } : undefined,
        );
      });
    });
    request.on('error', () => resolve(undefined));
  });
}

beforeAll(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  ({ port } = server.address() as AddressInfo);
});
afterAll(() => void server.close());

const lineEnd = fc.constantFrom('\r\n', '\r\n', '\r\n', '\r\n', '\r\n', '\r\n', '\n', '\r', '\r\n ');
const statusLine = fc.constantFrom(
  'HTTP/1.1 200 OK',
  'HTTP/1.1 200 OK',
  'HTTP/1.1 200 OK',
  'HTTP/1.0 200 OK',
  'HTTP/1.1 404 Not  Found',
  'HTTP/1.1 204 No',
  'HTTP/1.1 304 Same',
  'HTTP/1.1 200',
  'HTTP/1.1 200 ',
  'HTTP/1.1 2000 OK',
  'HTTP/1.1 20 OK',
  'HTTP/1.1  200 OK',
  'HTTP/2.0 200 OK',
  'http/1.1 200 OK',
  'HTTP/1.1 599 \xe9',
);
const field = fc.oneof(
  fc.constantFrom(
    'Content-Length: 3',
    'Content-Length: 0',
    'Content-Length: +3',
    'Content-Length: 3,3',
    'Transfer-Encoding: chunked',
    'Transfer-Encoding: gzip, chunked',
    'transfer-encoding: Chunked',
    'Transfer-Encoding : chunked',
    'Connection: close',
    'Connection: keep-alive',
    'Set-Cookie: a',
    'X:',
    'X: a\0b',
    ': a',
    'X',
  ),
  fc
    .tuple(fc.stringMatching(/^[!-~]{1,5}$/), fc.stringMatching(/^[\t -~\x80-\xff]{0,5}$/))
    .map(([name, value]) => `${name}:${value}`),
);
const body = fc.constantFrom(
  '',
  'abc',
  'abcd',
  '3\r\nabc\r\n0\r\n\r\n',
  '3;x\r\nabc\r\n0\r\nT: v\r\n\r\n',
  '0x3\r\nabc\r\n0\r\n\r\n',
  '3\nabc\n0\n\n',
  '3\r\nabc\r\n',
  '4\r\nabc\r\n0\r\n\r\n',
);
const response = fc
  .tuple(statusLine, fc.array(fc.tuple(field, lineEnd), { maxLength: 4 }), body)
  .map(([line, fields, after]) => `${line}\r\n${fields.map((pair) => pair.join('')).join('')}\r\n${after}`);

test('an answer that we accept, llhttp accepts with the same meaning', async () => {
  await fc.assert(
    fc.asyncProperty(response, async (text) => {
      const bytes = Buffer.from(text, 'latin1');
      const read = ours(bytes, bytes.length);
      // What follows an answer on the wire is refused by both, but llhttp then drops the answer too.
      if (read !== 'Refused') expect(await theirs(bytes.subarray(0, read.end))).toEqual(read.meaning);
    }),
    FUZZ_OPTIONS,
  );
});

test('where an answer is cut makes no difference', () => {
  fc.assert(
    fc.property(response, (text) => {
      const bytes = Buffer.from(text, 'latin1');
      const whole = ours(bytes, bytes.length);
      for (let cut = 0; cut < bytes.length; cut++) expect(ours(bytes, cut)).toEqual(whole);
    }),
    FUZZ_OPTIONS,
  );
});
