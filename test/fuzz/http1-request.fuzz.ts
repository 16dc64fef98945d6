import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { BodyReader } from '../../src/dataplane/http1/body-reader.ts';
import { HeadScanner } from '../../src/dataplane/http1/head-scanner.ts';
import { RequestHeadReader } from '../../src/dataplane/http1/request-head.ts';
import { FUZZ_OPTIONS } from '../support/fuzz-options.ts';

/** What a reader makes of a request: as much as both parsers tell. */
interface Meaning {
  readonly method: string;
  readonly target: string;
  readonly fields: readonly string[];
  readonly body: string;
}

/** What our codec makes of the first request in `bytes` when they come in two pieces. */
function ours(bytes: Buffer, cut: number): Meaning | 'Incomplete' | 'Refused' {
  const scanner = new HeadScanner();
  let scanned = scanner.scan(bytes, 0, cut);
  if (scanned === 'Incomplete') scanned = scanner.scan(bytes, 0, bytes.length);
  if (scanned === 'Incomplete') return 'Incomplete';
  if (scanned !== 'Complete') return 'Refused';
  const text = bytes.toString('latin1', 0, scanner.headEnd);
  const head = new RequestHeadReader(scanner, 'http').read(text);
  if (typeof head === 'string') return 'Refused';
  const fields: string[] = [];
  for (let index = 0; index < scanner.count; index++) {
    fields.push(
      text.slice(scanner.nameStarts[index], scanner.nameEnds[index]),
      text.slice(scanner.valueStarts[index], scanner.valueEnds[index]),
    );
  }
  const target = text.slice(scanner.startLineStart, scanner.startLineEnd).split(' ')[1] ?? '';
  const body = readBody(head.framing, bytes, scanner.headEnd, Math.max(cut, scanner.headEnd));
  return typeof body === 'string' ? { method: head.method, target, fields, body } : body.failed;
}

function readBody(
  framing: Parameters<BodyReader['start']>[0],
  bytes: Buffer,
  from: number,
  cut: number,
): string | { failed: 'Incomplete' | 'Refused' } {
  const reader = new BodyReader();
  reader.start(framing);
  let payload = '';
  let at = from;
  for (const to of [cut, bytes.length]) {
    const start = at;
    at = reader.read(bytes, at, to, (dataFrom, dataTo) => {
      payload += bytes.toString('latin1', dataFrom, dataTo);
    });
    if (at < 0) return { failed: 'Refused' };
    if (framing.type === 'Length') payload += bytes.toString('latin1', start, at);
  }
  return reader.isComplete ? payload : { failed: 'Incomplete' };
}

let port = 0;
let seen: Meaning | undefined;
const server = createServer(
  { keepAlive: false, requireHostHeader: true, maxHeaderSize: 65_536 },
  (request, response) => {
    void readWhole(request).then(
      (body) => {
        seen ??= { method: request.method ?? '', target: request.url ?? '', fields: request.rawHeaders, body };
        response.end();
      },
      () => undefined,
    );
  },
);
server.on('upgrade', (request, socket) => {
  seen ??= { method: request.method ?? '', target: request.url ?? '', fields: request.rawHeaders, body: '' };
  socket.destroy();
});
server.on('clientError', (_, socket) => socket.destroy());

async function readWhole(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString('latin1');
}

/** What llhttp makes of the first request in `bytes`; undefined: it refuses it or waits for more. */
async function theirs(bytes: Buffer): Promise<Meaning | undefined> {
  seen = undefined;
  const socket = connect({ port, host: '127.0.0.1' });
  socket.on('error', () => undefined);
  socket.resume();
  socket.end(bytes);
  await new Promise((resolve) => socket.once('close', resolve));
  return seen;
}

beforeAll(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  ({ port } = server.address() as AddressInfo);
});
afterAll(() => void server.close());

const blank = fc.constantFrom('', ' ', '\t', '  ');
const lineEnd = fc.constantFrom('\r\n', '\r\n', '\r\n', '\r\n', '\r\n', '\r\n', '\n', '\r', '\r\n ');
const field = fc.oneof(
  fc.constantFrom(
    'Host: a.example',
    'Content-Length: 3',
    'Content-Length: 0',
    'Content-Length: +3',
    'Content-Length: 3,3',
    'Transfer-Encoding: chunked',
    'Transfer-Encoding: xchunked',
    'Transfer-Encoding: identity',
    'transfer-encoding: Chunked',
    'Transfer-Encoding : chunked',
    'Connection: close',
    'Connection: keep-alive, x',
    'Expect: 100-continue',
    'Upgrade: websocket',
    'Connection: upgrade',
    'X:',
    'X: a\0b',
    'X: \xff',
    ': a',
    'X',
  ),
  fc
    .tuple(fc.stringMatching(/^[!-~]{1,5}$/), blank, fc.stringMatching(/^[\t -~\x80-\xff]{0,5}$/))
    .map(([name, space, value]) => `${name}:${space}${value}`),
);
const startLine = fc.tuple(
  fc.constantFrom('GET', 'POST', 'HEAD', 'PUT', 'DELETE', 'OPTIONS', 'G T', 'CONNECT'),
  fc.constantFrom(' ', ' ', ' ', ' ', ' ', '  ', '\t'),
  fc.oneof(
    fc.constantFrom(
      '/',
      '/a?b=c',
      '/%41',
      'http://a.example/',
      'http://a.example',
      '*',
      'a.example:80',
      '/a b',
      '/#x',
      '/\xe9',
    ),
    fc.stringMatching(/^\/[!-~]{0,5}$/),
  ),
  fc.constantFrom(
    ' HTTP/1.1',
    ' HTTP/1.1',
    ' HTTP/1.1',
    ' HTTP/1.1',
    ' HTTP/1.0',
    ' HTTP/1.2',
    ' HTTP/2.0',
    ' http/1.1',
    '',
  ),
);
const body = fc.constantFrom(
  '',
  'abc',
  '3\r\nabc\r\n0\r\n\r\n',
  '3;x\r\nabc\r\n0\r\nT: v\r\n\r\n',
  '0x3\r\nabc\r\n0\r\n\r\n',
  '3\nabc\n0\n\n',
  '3 \r\nabc\r\n0\r\n\r\n',
  '4\r\nabc\r\n0\r\n\r\n',
  '-1\r\n\r\n',
  '0\r\nContent-Length: 3\r\n\r\n',
);
const request = fc
  .tuple(
    fc.constantFrom('', '', '', '\r\n', '\n'),
    startLine,
    fc.array(fc.tuple(field, lineEnd), { maxLength: 5 }),
    fc.boolean(),
    body,
  )
  .map(
    ([before, line, fields, hasHost, after]) =>
      `${before}${line.join('')}\r\n${hasHost ? 'Host: a.example\r\n' : ''}${fields.map((pair) => pair.join('')).join('')}\r\n${after}`,
  );

test('what we accept, llhttp accepts with the same meaning', async () => {
  await fc.assert(
    fc.asyncProperty(request, async (text) => {
      const bytes = Buffer.from(text, 'latin1');
      const meaning = ours(bytes, bytes.length);
      if (typeof meaning === 'string') return;
      expect(await theirs(bytes)).toEqual(meaning);
    }),
    FUZZ_OPTIONS,
  );
});

test('where a request is cut makes no difference', () => {
  fc.assert(
    fc.property(request, (text) => {
      const bytes = Buffer.from(text, 'latin1');
      const whole = ours(bytes, bytes.length);
      for (let cut = 0; cut < bytes.length; cut++) expect(ours(bytes, cut)).toEqual(whole);
    }),
    FUZZ_OPTIONS,
  );
});
