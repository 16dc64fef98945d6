import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { UsageError } from '../lib/usage-error.ts';
import type { EchoEndpoint } from './parse-arguments.ts';

/** A backend that answers with what it was asked, as JSON and in the header `x-backend`. */
export interface EchoServer {
  readonly name: string;
  readonly address: string;
  /** The port that was bound. */
  readonly port: number;
  close(): Promise<void>;
}

/**
 * Starts a backend. The query may ask for misbehaviour: `?status=503` is the status of the answer, `?delayMs=500` the wait
 * before it, and `?failFirst=2` makes the first two requests of that path fail with 503. `onRequest` is told the path of each.
 */
export function startEchoServer(
  { name, address, port }: EchoEndpoint,
  onRequest: (path: string) => void = () => undefined,
): Promise<EchoServer> {
  const requestsOfPath = new Map<string, number>();
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://backend');
    const count = (requestsOfPath.get(url.pathname) ?? 0) + 1;
    requestsOfPath.set(url.pathname, count);
    onRequest(url.pathname);
    const failFirst = Number(url.searchParams.get('failFirst') ?? 0);
    const status = count <= failFirst ? 503 : Number(url.searchParams.get('status') ?? 200);
    const answer = () => writeAnswer(response, status, { name, request, body: Buffer.concat(chunks).toString() });
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => void chunks.push(chunk));
    request.on('end', () => void setTimeout(answer, Number(url.searchParams.get('delayMs') ?? 0)));
  });
  return listen(server, { name, address, port });
}

interface Answer {
  readonly name: string;
  readonly request: IncomingMessage;
  readonly body: string;
}

function writeAnswer(response: ServerResponse, status: number, { name, request, body }: Answer): void {
  const { method, url, headers } = request;
  const answer = { backend: name, method, path: url, headers, ...(body === '' ? {} : { body }) };
  response.writeHead(status, { 'content-type': 'application/json', 'x-backend': name });
  response.end(request.method === 'HEAD' ? undefined : `${JSON.stringify(answer, undefined, 2)}\n`);
}

function listen(server: Server, { name, address, port }: EchoEndpoint): Promise<EchoServer> {
  return new Promise((resolve, reject) => {
    server.once('error', (error) => {
      reject(new UsageError(`The backend "${name}" cannot listen on ${address}:${port}: ${error.message}.`));
    });
    server.listen(port, address, () => {
      const bound = server.address();
      resolve({
        name,
        address,
        port: typeof bound === 'object' && bound !== null ? bound.port : port,
        close: () => close(server),
      });
    });
  });
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
