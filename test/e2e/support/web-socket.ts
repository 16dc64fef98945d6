import { createHash, randomBytes } from 'node:crypto';
import { request } from 'node:http';
import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';

/** RFC 6455 §1.3. */
const KEY_SUFFIX = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';
const TEXT_FRAME = 0x81;
const MASKED = 0x80;

/** Accepts an upgrade and echoes each text message of at most 125 bytes. */
export function acceptWebSocket(request: IncomingMessage, socket: Duplex): void {
  const accept = createHash('sha1').update(`${request.headers['sec-websocket-key']}${KEY_SUFFIX}`).digest('base64');
  socket.write(
    `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
  );
  socket.on('error', () => undefined);
  readMessages(socket, (text) => void socket.write(frame(text, undefined)));
}

/** Where a stream through a Gateway is opened. */
export interface StreamTarget {
  readonly address: string;
  readonly port: number;
  readonly host: string;
  readonly path: string;
}

/** An open WebSocket of a client. */
export interface OpenWebSocket {
  /** Sends a text and resolves with the next message; rejects when the connection breaks. */
  roundTrip(text: string): Promise<string>;
  /** Why the connection ended, if it has. */
  readonly brokenBecause: string | undefined;
  /** The port of the client's end. */
  readonly clientPort: number;
  close(): void;
}

/** Opens a WebSocket through a Gateway. */
export function openWebSocket({ address, port, host, path }: StreamTarget): Promise<OpenWebSocket> {
  return new Promise((resolve, reject) => {
    const key = randomBytes(16).toString('base64');
    const headers = { host, connection: 'Upgrade', upgrade: 'websocket', 'sec-websocket-version': '13' };
    const sent = request({ host: address, port, path, headers: { ...headers, 'sec-websocket-key': key } });
    sent.on('error', reject);
    sent.on('response', ({ statusCode }) => reject(new Error(`The upgrade was answered with ${statusCode}.`)));
    sent.on('upgrade', (_response, socket) => resolve(clientOf(socket as Socket)));
    sent.end();
  });
}

function clientOf(socket: Socket): OpenWebSocket {
  const waiting: { readonly resolve: (text: string) => void; readonly reject: (error: Error) => void }[] = [];
  let brokenBecause: string | undefined;
  const fail = (reason: string): void => {
    brokenBecause ??= reason;
    for (const { reject } of waiting.splice(0)) reject(new Error(reason));
  };
  socket.on('error', ({ message }) => fail(message));
  socket.on('close', () => fail('The WebSocket was closed.'));
  readMessages(socket, (text) => waiting.shift()?.resolve(text));
  return {
    get brokenBecause() {
      return brokenBecause;
    },
    clientPort: socket.localPort ?? 0,
    roundTrip: (text) =>
      new Promise((resolve, reject) => {
        if (brokenBecause !== undefined) return reject(new Error(brokenBecause));
        waiting.push({ resolve, reject });
        socket.write(frame(text, randomBytes(4)));
      }),
    close: () => socket.destroy(),
  };
}

function frame(text: string, mask: Buffer | undefined): Buffer {
  const payload = Buffer.from(text);
  if (mask === undefined) return Buffer.concat([Buffer.from([TEXT_FRAME, payload.length]), payload]);
  return Buffer.concat([Buffer.from([TEXT_FRAME, MASKED | payload.length]), mask, xor(payload, mask)]);
}

function readMessages(socket: Duplex, onText: (text: string) => void): void {
  let pending = Buffer.alloc(0);
  socket.on('data', (chunk: Buffer) => {
    pending = Buffer.concat([pending, chunk]);
    for (;;) {
      const isMasked = ((pending[1] ?? 0) & MASKED) !== 0;
      const start = isMasked ? 6 : 2;
      const end = start + ((pending[1] ?? 0) & 0x7f);
      if (pending.length < 2 || pending.length < end) return;
      const payload = pending.subarray(start, end);
      onText((isMasked ? xor(payload, pending.subarray(2, 6)) : payload).toString());
      pending = pending.subarray(end);
    }
  });
}

function xor(bytes: Buffer, mask: Buffer): Buffer {
  return Buffer.from(bytes.map((byte, index) => byte ^ (mask[index % 4] ?? 0)));
}
