import { randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { Server } from 'node:https';
import type { KindDefinition } from '../api/kind-definition.ts';
import type { Clock } from '../lib/clock.ts';
import type { ObjectClient } from '../store/object-client.ts';
import type { ObjectStore } from '../store/object-store.ts';
import { CrdController } from './crd-controller.ts';
import { EventExpiry } from './event-recorder.ts';
import { GarbageCollector } from './garbage-collector.ts';
import { failureResponse, parseRequest, sendResponse } from './http-messages.ts';
import type { ApiRequest, ApiResponse } from './http-messages.ts';
import { InProcessClient } from './in-process-client.ts';
import { KindRegistry } from './kind-registry.ts';
import { renderKubeconfig } from './kubeconfig.ts';
import { createInitialNamespaces, NamespaceLifecycle } from './namespace-lifecycle.ts';
import { parseResourcePath } from './request-info.ts';
import { ResourceRequests } from './resource-requests.ts';
import { rulesOfKinds } from './rules-of-kinds.ts';
import { makeServerCertificate } from './server-certificate.ts';
import type { ServerCertificate } from './server-certificate.ts';
import { ServerDocuments } from './server-documents.ts';
import { unauthorized } from './status-errors.ts';
import { WatchHub } from './watch.ts';
import { WorkQueue } from './work-queue.ts';
import { WritePath } from './write-path.ts';

/** How the embedded API is made. */
export interface ApiServerOptions {
  readonly store: ObjectStore;
  /** The kinds that are served besides those of applied CRDs. */
  readonly kinds: readonly KindDefinition[];
  readonly clock: Clock;
  /** Where it listens. */
  readonly address: string;
  /** 0 for any free port. */
  readonly port: number;
  /** Bearer tokens that are let in; default: one made at random. */
  readonly tokens?: readonly string[];
}

// Node refuses sockets that idle longer than 5 s by default, which races with a client that reuses one.
const KEEP_ALIVE_TIMEOUT_MS = 120_000;

// Requests under way when the server closes have this long to be answered.
const CLOSE_GRACE_MS = 5_000;

/** A Kubernetes API over HTTPS, backed by an object store. */
export class ApiServer {
  readonly #options: ApiServerOptions;
  readonly #tokens: readonly string[];
  readonly #queue = new WorkQueue();
  readonly #watches: WatchHub;
  readonly #resources: ResourceRequests;
  readonly #documents: ServerDocuments;
  readonly #controllers: readonly { close(): void }[];
  readonly #openStreams = new Set<ServerResponse>();
  #server: Server | undefined;
  #certificate: ServerCertificate | undefined;

  /** Writes as any client would, without HTTP. Usable before `start`. */
  readonly client: ObjectClient;

  constructor(options: ApiServerOptions) {
    this.#options = options;
    this.#tokens = options.tokens ?? [randomBytes(32).toString('base64url')];
    const { store, clock, kinds } = options;
    const registry = new KindRegistry();
    const queue = this.#queue;
    const writes = new WritePath({ store, clock, rules: rulesOfKinds(registry) });
    this.#watches = new WatchHub(store, clock);
    createInitialNamespaces({ store, clock });
    this.#controllers = [
      new CrdController({ store, registry, clock, queue, kinds }),
      new NamespaceLifecycle({ store, registry, clock, queue }),
      new GarbageCollector({ store, registry, clock, queue }),
      new EventExpiry(store, clock),
    ];
    this.#resources = new ResourceRequests({ store, registry, writes, watches: this.#watches, clock });
    this.#documents = new ServerDocuments(registry, () => new URL(this.url).host);
    this.client = new InProcessClient({ store, registry, writes, clock });
  }

  /** `https://address:port`, with the port that was bound. */
  get url(): string {
    const address = this.#server?.address();
    const port = typeof address === 'object' && address !== null ? address.port : this.#options.port;
    return `https://${urlHost(this.#options.address)}:${port}`;
  }

  /** Makes a certificate and listens. Fails if the address or port cannot be bound. */
  async start(): Promise<void> {
    const { address, port, clock } = this.#options;
    const names = [...new Set([address, '127.0.0.1', '::1', 'localhost'])];
    this.#certificate = await makeServerCertificate(names, clock.now());
    const server = createServer(
      { cert: this.#certificate.certificate, key: this.#certificate.privateKey, minVersion: 'TLSv1.2' },
      (message, response) => void this.#serve(message, response),
    );
    server.keepAliveTimeout = KEEP_ALIVE_TIMEOUT_MS;
    // A watch is one request that lasts; its time is bounded by `timeoutSeconds`.
    server.requestTimeout = 0;
    this.#server = server;
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, address, () => {
        server.off('error', reject);
        resolve();
      });
    });
  }

  /** A kubeconfig that lets `kubectl` in. It holds the first token. */
  kubeconfig(): string {
    const { authority } = this.#certificate ?? { authority: '' };
    return renderKubeconfig({ url: this.url, authority, token: this.#tokens[0] ?? '' });
  }

  /** Ends watches, finishes the requests under way, and stops listening. */
  async close(): Promise<void> {
    this.#queue.close();
    for (const controller of this.#controllers) controller.close();
    this.#watches.close();
    const server = this.#server;
    if (server === undefined) return;
    const closed = new Promise<void>((resolve) => {
      server.close(() => resolve());
    });
    for (const response of this.#openStreams) response.end();
    const giveUp = this.#options.clock.after(CLOSE_GRACE_MS, () => server.closeAllConnections());
    await closed;
    giveUp.cancel();
  }

  async #serve(message: IncomingMessage, response: ServerResponse): Promise<void> {
    const answer = await this.#answer(parseRequest(message)).catch(failureResponse);
    if (answer.type === 'Stream') {
      this.#openStreams.add(response);
      response.once('close', () => this.#openStreams.delete(response));
    }
    if (hasUnreadBody(message)) {
      // Reading on just to reach the next request would let a client send for ever.
      response.setHeader('connection', 'close');
      response.once('finish', () => message.destroy());
    }
    // A connection that is kept alive for its next request would keep a closing server from its end.
    response.once('close', () => {
      if (this.#server?.listening === false) this.#server.closeIdleConnections();
    });
    sendResponse(response, answer);
  }

  async #answer(request: ApiRequest): Promise<ApiResponse> {
    if (!this.#isLetIn(request)) throw unauthorized();
    const path = parseResourcePath(request.path);
    return path === undefined ? this.#documents.answer(request) : await this.#resources.handle(request, path);
  }

  #isLetIn({ headers }: ApiRequest): boolean {
    const given = /^Bearer (.+)$/.exec(headers.authorization ?? '')?.[1];
    if (given === undefined) return false;
    return this.#tokens.some((token) => isSame(token, given));
  }
}

function hasUnreadBody(message: IncomingMessage): boolean {
  const { 'content-length': length = '0', 'transfer-encoding': encoding } = message.headers;
  return !message.complete && (length !== '0' || encoding !== undefined);
}

/** Compares in a time that does not tell how much of the token is right. */
function isSame(token: string, given: string): boolean {
  const [one, other] = [Buffer.from(token), Buffer.from(given)];
  return one.length === other.length && timingSafeEqual(one, other);
}

function urlHost(address: string): string {
  if (address === '0.0.0.0' || address === '::') return '127.0.0.1';
  return address.includes(':') ? `[${address}]` : address;
}
