import type { KubeConfig } from '@kubernetes/client-node';
import { Agent, request as httpsRequest } from 'node:https';
import type { RequestOptions } from 'node:https';
import type { IncomingMessage } from 'node:http';
import type { Clock } from '../lib/clock.ts';
import { UsageError } from '../lib/usage-error.ts';
import type { ApiRequest, ApiTransport, WatchListener } from './api-transport.ts';
import { parseFailure } from './parse-answer.ts';

/** Which cluster. */
export interface ClusterChoice {
  /** A path. */
  readonly kubeconfig: string;
  /** A context of the kubeconfig. Default: its current one. */
  readonly context?: string;
}

/** A request, except a watch, must be answered within this time, a page of a long list included. */
const REQUEST_LIMIT_MS = 30_000;
/** How long credentials are used before they are asked for again: tokens and certificates may be renewed at any time. */
const CREDENTIALS_MS = 10_000;

interface Access {
  readonly options: RequestOptions;
  /** Milliseconds since the epoch. */
  readonly until: number;
}

interface SentRequest {
  readonly method: 'GET' | 'PUT';
  readonly path: string;
  readonly body?: string;
  readonly signal: AbortSignal;
}

/** Reads a kubeconfig; the cluster is not asked yet. Throws a `UsageError` if it names no cluster that can be used. */
export async function connectToCluster(choice: ClusterChoice, clock: Clock): Promise<ClusterTransport> {
  // It takes 0.6 s and 75 MB to load, so only cluster mode does.
  const { KubeConfig: Config } = await import('@kubernetes/client-node');
  const config = new Config();
  const { kubeconfig, context } = choice;
  try {
    config.loadFromFile(kubeconfig);
  } catch (error) {
    const cause = error instanceof Error ? error.message : String(error);
    throw new UsageError(`The kubeconfig "${kubeconfig}" cannot be used (${cause}); name another with --kubeconfig.`);
  }
  if (context !== undefined) config.setCurrentContext(context);
  const server = config.getCurrentCluster()?.server;
  if (server === undefined)
    throw new UsageError(
      `The kubeconfig "${kubeconfig}" has no cluster for the context "${config.getCurrentContext()}"; choose one with --context.`,
    );
  if (!server.startsWith('https://'))
    throw new UsageError(`The cluster of the context must be reached by https, and "${server}" is not.`);
  return new ClusterTransport(config, server, clock);
}

/** HTTPS to the cluster of a kubeconfig, with its credentials. */
export class ClusterTransport implements ApiTransport {
  readonly #config: KubeConfig;
  readonly #clock: Clock;
  readonly server: string;
  /** Keeps connections apart by their credentials. Behind a proxy the library's own agent takes its place. */
  readonly #agent = new Agent({ keepAlive: true });
  #access: Access | undefined;

  constructor(config: KubeConfig, server: string, clock: Clock) {
    this.#config = config;
    this.#clock = clock;
    this.server = server.replace(/\/$/, '');
  }

  async request({ method, path, body }: ApiRequest): Promise<unknown> {
    const sent = { method, path, signal: AbortSignal.timeout(REQUEST_LIMIT_MS) };
    const response = await this.#send(body === undefined ? sent : { ...sent, body: JSON.stringify(body) });
    const text = await readText(response);
    if (isFailure(response)) throw this.#failureOf(response, text);
    return JSON.parse(text);
  }

  async watch(path: string, listener: WatchListener): Promise<void> {
    const response = await this.#send({ method: 'GET', path, signal: listener.signal });
    if (isFailure(response)) throw this.#failureOf(response, await readText(response));
    listener.onOpen();
    await readLines(response, listener);
  }

  /** Closes the connections. */
  close(): void {
    this.#agent.destroy();
  }

  #failureOf(response: IncomingMessage, text: string) {
    const status = response.statusCode ?? 0;
    // The token may have been replaced: the next request asks for it.
    if (status === 401) this.#access = undefined;
    return parseFailure(tryParse(text), status);
  }

  /**
   * A connection that waited in the pool may have been closed meanwhile; such a request never arrived, and is sent again. There is no
   * such pool behind a proxy.
   */
  async #send(request: SentRequest): Promise<IncomingMessage> {
    const options = await this.#options();
    try {
      return await this.#sendOnce(request, options);
    } catch (error) {
      if (!(error instanceof ClosedInPool)) throw error;
      return this.#sendOnce(request, { ...options, agent: false });
    }
  }

  #sendOnce({ method, path, body, signal }: SentRequest, options: RequestOptions): Promise<IncomingMessage> {
    return new Promise((resolve, reject) => {
      const sent = httpsRequest(`${this.server}${path}`, { ...options, method, signal }, resolve);
      sent.setHeader('accept', 'application/json').setHeader('user-agent', 'sallyport');
      if (body !== undefined) sent.setHeader('content-type', 'application/json');
      sent.on('socket', (socket) => socket.setKeepAlive(true, REQUEST_LIMIT_MS));
      sent.on('error', (error: NodeJS.ErrnoException) => {
        const isClosed = error.code === 'ECONNRESET' || error.code === 'EPIPE';
        reject(sent.reusedSocket && isClosed ? new ClosedInPool() : error);
      });
      sent.end(body);
    });
  }

  async #options(): Promise<RequestOptions> {
    const now = this.#clock.now();
    if (this.#access !== undefined && now < this.#access.until) return this.#access.options;
    const options: RequestOptions = {};
    await this.#config.applyToHTTPSOptions(options);
    const isDirect = this.#config.getCurrentCluster()?.proxyUrl === undefined;
    const kept = isDirect ? { ...options, agent: this.#agent } : options;
    this.#access = { options: kept, until: now + CREDENTIALS_MS };
    return kept;
  }
}

class ClosedInPool extends Error {}

function isFailure({ statusCode = 0 }: IncomingMessage): boolean {
  return statusCode < 200 || statusCode > 299;
}

async function readText(response: IncomingMessage): Promise<string> {
  response.setEncoding('utf8');
  let text = '';
  for await (const chunk of response) text += String(chunk);
  return text;
}

/** Resolves at the end of the stream. A line that breaks off is none. */
function readLines(response: IncomingMessage, listener: WatchListener): Promise<void> {
  return new Promise((resolve, reject) => {
    let rest = '';
    response.setEncoding('utf8');
    response.on('data', (chunk: string) => {
      const lines = chunk.split('\n');
      lines[0] = rest + (lines[0] ?? '');
      rest = lines.pop() ?? '';
      try {
        for (const line of lines) if (line !== '') listener.onLine(line);
      } catch (error) {
        reject(error instanceof Error ? error : new Error(String(error)));
        response.destroy();
      }
    });
    response.once('end', resolve);
    response.once('error', reject);
    response.once('close', () => reject(new Error('The connection was closed.')));
  });
}

function tryParse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
