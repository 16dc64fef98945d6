import { Agent, request as httpRequest } from 'node:http';
import type { IncomingHttpHeaders, RequestOptions as NodeRequestOptions } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { TLSSocket } from 'node:tls';
import type { Echo } from './backend.ts';

/** What is asked, whatever host the URL names: the connection goes to `address`. */
export interface RequestOptions {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Connections to reuse. Default: a new one for each request. */
  readonly agent?: Agent;
  readonly body?: string;
}

/** An answer. */
export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  /** Which backend answered; undefined if none did. */
  readonly backend: string | undefined;
  /** DNS names of the certificate that was shown. */
  readonly certificateNames?: string;
}

/** Sends one request to a Gateway's address. */
export function send(address: string, url: string, options: RequestOptions = {}): Promise<Answer> {
  const { protocol, hostname, host, port, pathname, search } = new URL(url);
  const isTls = protocol === 'https:';
  const settings: NodeRequestOptions & { readonly servername?: string; readonly rejectUnauthorized?: boolean } = {
    host: address,
    port: port === '' ? (isTls ? 443 : 80) : Number(port),
    path: `${pathname}${search}`,
    method: options.method ?? 'GET',
    headers: { host, ...options.headers },
    agent: options.agent ?? false,
    ...(isTls ? { servername: hostname, rejectUnauthorized: false } : {}),
  };
  return new Promise((resolve, reject) => {
    const request = (isTls ? httpsRequest : httpRequest)(settings, (response) => {
      const chunks: Buffer[] = [];
      const certificateNames =
        response.socket instanceof TLSSocket ? response.socket.getPeerCertificate().subjectaltname : undefined;
      response.on('data', (chunk: Buffer) => void chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        const backend = response.headers['x-backend'];
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          body: Buffer.concat(chunks).toString(),
          backend: typeof backend === 'string' ? backend : undefined,
          ...(certificateNames === undefined ? {} : { certificateNames }),
        });
      });
    });
    request.on('error', reject);
    request.end(options.body);
  });
}

/** What the backend saw. */
export function parseEcho({ body }: Answer): Echo {
  return JSON.parse(body) as Echo;
}

/** How many percent of `count` requests each backend got, over a few connections that are kept open. */
export async function sharesOf(
  address: string,
  url: string,
  count: number,
  options: RequestOptions = {},
): Promise<Readonly<Record<string, number>>> {
  const agent = new Agent({ keepAlive: true, maxSockets: 16 });
  const seen: Record<string, number> = {};
  let left = count;
  const sendAll = async () => {
    while (left-- > 0) {
      const { backend, status } = await send(address, url, { ...options, agent });
      const name = backend ?? String(status);
      seen[name] = (seen[name] ?? 0) + 1;
    }
  };
  await Promise.all(Array.from({ length: 16 }, sendAll));
  agent.destroy();
  return Object.fromEntries(Object.entries(seen).map(([name, number]) => [name, (100 * number) / count]));
}
