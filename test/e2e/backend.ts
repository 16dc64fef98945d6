import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { onTestFinished } from 'vitest';

/** What a backend answers with. */
export interface Echo {
  readonly backend: string;
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** A backend that runs in the test's process. */
export interface Backend {
  readonly name: string;
  readonly port: number;
  /** For the annotation `sallyport.dev/endpoints`. */
  readonly endpoint: string;
  readonly requests: readonly string[];
  close(): Promise<void>;
}

/** How a backend is started. */
export interface BackendOptions {
  /** Default: any free port. */
  readonly port?: number;
  /** When the backend is closed. Default: when the test has finished. */
  readonly onFinished?: (close: () => Promise<void>) => void;
}

const WEBSOCKET_GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';

/**
 * Starts a backend that answers with the request it got. `/slow?ms=N` waits, `/sse` sends an event every 20 ms, and an
 * upgrade to WebSocket is granted and all bytes are sent back.
 */
export async function startBackend(
  name: string,
  { port = 0, onFinished = onTestFinished }: BackendOptions = {},
): Promise<Backend> {
  const requests: string[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((request, response) => {
    requests.push(request.url ?? '');
    const url = new URL(request.url ?? '/', 'http://backend');
    request.resume();
    if (url.pathname.endsWith('/sse')) sendEvents(response);
    else setTimeout(() => answer(name, request, response), Number(url.searchParams.get('ms') ?? 0));
  });
  server.on('upgrade', (request: IncomingMessage, socket: Socket) => {
    const key = request.headers['sec-websocket-key'] ?? '';
    const accept = createHash('sha1').update(`${key}${WEBSOCKET_GUID}`).digest('base64');
    socket.write(
      `HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: upgrade\r\nsec-websocket-accept: ${accept}\r\n\r\n`,
    );
    socket.on('error', () => socket.destroy());
    socket.pipe(socket);
  });
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  const bound = parsePort(server.address());
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      for (const socket of sockets) socket.destroy();
    });
  onFinished(close);
  return { name, port: bound, endpoint: `127.0.0.1:${bound}`, requests, close };
}

function parsePort(address: AddressInfo | string | null): number {
  return (address as AddressInfo).port;
}

function answer(name: string, { method = '', url = '', headers }: IncomingMessage, response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'application/json', 'x-backend': name });
  response.end(JSON.stringify({ backend: name, method, path: url, headers }));
}

function sendEvents(response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  let count = 0;
  const timer = setInterval(() => void response.write(`data: ${++count}\n\n`), 20);
  response.on('close', () => clearInterval(timer));
}

/** A Service with the annotation that says where its endpoints listen. */
export function service(name: string, endpoints: string, { namespace = 'default', port = 80 } = {}): string {
  return `apiVersion: v1
kind: Service
metadata:
  name: ${name}
  namespace: ${namespace}
  annotations: { sallyport.dev/endpoints: "${endpoints}" }
spec:
  ports: [{ port: ${port} }]
---
`;
}
