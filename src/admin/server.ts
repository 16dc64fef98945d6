import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { GatewaySummary, ReadyAnswer } from './contract.ts';

/** What the admin server shows; it asks anew for every request. */
export interface AdminServerOptions {
  /** Where it listens. Default `127.0.0.1`: there is no authentication. */
  readonly address?: string;
  /** Default 0: any free port. */
  readonly port?: number;
  ready(): ReadyAnswer;
  gateways(): readonly GatewaySummary[];
  /** What renders all metrics in the text format of Prometheus; asked for at each scrape. */
  metrics(): Promise<MetricsPage>;
}

/** All metrics, to be rendered. */
export interface MetricsPage {
  readonly contentType: string;
  render(): Promise<string>;
}

interface Answer {
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
}

/** Health, metrics and state over HTTP, for probes, Prometheus and the command line. */
export class AdminServer {
  readonly #options: AdminServerOptions;
  readonly #server: Server;

  constructor(options: AdminServerOptions) {
    this.#options = options;
    this.#server = createServer((request, response) => void this.#serve(request, response));
  }

  /** Resolves once it listens. Rejects with the system's error if it cannot. */
  start(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(this.#options.port ?? 0, this.#options.address ?? '127.0.0.1', resolve);
    });
  }

  /** `http://address:port`, with the port that was bound. */
  get url(): string {
    const address = this.#server.address();
    if (address === null || typeof address === 'string') throw new Error('The admin server is not started.');
    const host = address.family === 'IPv6' ? `[${address.address}]` : address.address;
    return `http://${host}:${address.port}`;
  }

  /** Finishes requests under way and ends. */
  close(): Promise<void> {
    return new Promise((resolve) => {
      this.#server.close(() => resolve());
      this.#server.closeIdleConnections();
    });
  }

  /** Never rejects: a metric that cannot be read is an answer of 500. */
  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { status, contentType, body } = await this.#answer(request).catch(
      (error: unknown): Answer => text(500, `${error instanceof Error ? error.message : String(error)}\n`),
    );
    response.writeHead(status, { 'content-type': contentType, 'content-length': Buffer.byteLength(body) });
    response.end(request.method === 'HEAD' ? undefined : body);
  }

  async #answer({ method, url = '/' }: IncomingMessage): Promise<Answer> {
    if (method !== 'GET' && method !== 'HEAD') return text(405, 'Only GET and HEAD are answered here.\n');
    switch (url.split('?', 1)[0]) {
      case '/healthz':
        return text(200, 'ok\n');
      case '/readyz': {
        const ready = this.#options.ready();
        return json(ready.ready ? 200 : 503, ready);
      }
      case '/metrics':
      case '/stats/prometheus': {
        const metrics = await this.#options.metrics();
        return { status: 200, contentType: metrics.contentType, body: await metrics.render() };
      }
      case '/api/gateways':
        return json(200, this.#options.gateways());
      default:
        return text(404, 'Known paths: /healthz, /readyz, /metrics, /stats/prometheus, /api/gateways.\n');
    }
  }
}

function text(status: number, body: string): Answer {
  return { status, contentType: 'text/plain; charset=utf-8', body };
}

function json(status: number, value: unknown): Answer {
  return { status, contentType: 'application/json', body: `${JSON.stringify(value)}\n` };
}
