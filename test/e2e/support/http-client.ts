import { request as httpRequest } from 'node:http';
import type { Agent } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { Echo } from './echo-backend.ts';

/** A request to a Gateway: it goes to `address`, whatever the host of the URL is. */
export interface GatewayRequest {
  readonly address: string;
  /** Such as `http://app.example.com:8080/path?query`; the host is sent as Host and as server name. */
  readonly url: string;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Without it the request has a connection of its own. */
  readonly agent?: Agent;
  /** Where the request really goes; default: the port of the URL. */
  readonly port?: number;
  /** PEM of the authority that must have signed the Gateway's certificate; required for https. */
  readonly authority?: string;
}

/** What came back. */
export interface GatewayAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body: string;
  /** What the backend saw, if an echo backend answered. */
  readonly echo: Echo | undefined;
}

/** Sends one request; rejects when the connection fails. */
export function send({
  address,
  url,
  method,
  headers,
  body,
  agent,
  authority,
  ...at
}: GatewayRequest): Promise<GatewayAnswer> {
  const { protocol, host, hostname, port, pathname, search } = new URL(url);
  const options = {
    host: address,
    port: at.port ?? (port === '' ? (protocol === 'https:' ? 443 : 80) : Number(port)),
    path: `${pathname}${search}`,
    method: method ?? 'GET',
    headers: { host, ...headers },
    agent: agent ?? false,
  };
  return new Promise((resolve, reject) => {
    const sent =
      protocol === 'https:'
        ? httpsRequest({ ...options, servername: hostname, ...(authority === undefined ? {} : { ca: authority }) })
        : httpRequest(options);
    sent.on('error', reject);
    sent.on('response', (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => void chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        const text = Buffer.concat(chunks).toString();
        const isEcho = response.headers['x-backend'] !== undefined && text.startsWith('{');
        const echo = isEcho ? (JSON.parse(text) as Echo) : undefined;
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text, echo });
      });
    });
    sent.end(body);
  });
}
