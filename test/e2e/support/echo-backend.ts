import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { acceptWebSocket } from './web-socket.ts';

/** A backend that answers with its name and with what it was asked. */
export interface EchoBackend {
  readonly name: string;
  readonly port: number;
  /** As the annotation `sallyport.dev/endpoints` wants it. */
  readonly endpoint: string;
  /** How many requests have come. */
  readonly requests: number;
  /** Stops at once: connections are reset. */
  close(): Promise<void>;
}

/** What an echo backend answers as JSON. */
export interface Echo {
  readonly backend: string;
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: string;
}

const SSE_PERIOD_MS = 20;

/**
 * Starts a backend on 127.0.0.1 and any free port. a path that ends in `/events` is a stream of server-sent events numbered from 0, an upgrade
 * to WebSocket echoes messages, and `?delayMs=N` holds the answer back.
 */
export async function startEchoBackend(name: string): Promise<EchoBackend> {
  let requests = 0;
  const open = new Set<Duplex>();
  const server = createServer((request, response) => {
    requests += 1;
    if (request.url?.endsWith('/events')) streamEvents(response);
    else answerWithEcho(name, request, response);
  });
  server.keepAliveTimeout = 60_000;
  server.on('connection', (socket) => {
    open.add(socket);
    socket.on('close', () => open.delete(socket));
  });
  server.on('upgrade', (request, socket: Duplex) => {
    requests += 1;
    acceptWebSocket(request, socket);
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    name,
    port,
    endpoint: `127.0.0.1:${port}`,
    get requests() {
      return requests;
    },
    close: () => close(server, open),
  };
}

function answerWithEcho(name: string, request: IncomingMessage, response: ServerResponse): void {
  const chunks: Buffer[] = [];
  const url = new URL(request.url ?? '/', 'http://backend');
  request.on('data', (chunk: Buffer) => void chunks.push(chunk));
  request.on('end', () => {
    const { method, headers } = request;
    const echo = { backend: name, method, path: request.url, headers, body: Buffer.concat(chunks).toString() };
    const answer = () => {
      response.writeHead(200, { 'content-type': 'application/json', 'x-backend': name });
      response.end(JSON.stringify(echo));
    };
    const delayMs = Number(url.searchParams.get('delayMs') ?? 0);
    if (delayMs > 0) setTimeout(answer, delayMs);
    else answer();
  });
}

function streamEvents(response: ServerResponse): void {
  let next = 0;
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  const timer = setInterval(() => void response.write(`id: ${next}\ndata: ${next++}\n\n`), SSE_PERIOD_MS);
  response.on('close', () => clearInterval(timer));
}

function close(server: Server, open: ReadonlySet<Duplex>): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    for (const socket of open) socket.destroy();
  });
}
