import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { ManualClock } from '../../src/lib/manual-clock.ts';
import type { BackendId, BackendProtocol, RuleId, RulePlan } from '../../src/plan/types.ts';
import type { CompiledMirror, CompiledRule, SocketTable } from '../../src/dataplane/compiled.ts';
import type { ProxyErrorCode } from '../../src/dataplane/errors.ts';
import type { HttpFilter, RequestView } from '../../src/dataplane/exchange.ts';
import { TimerWheel } from '../../src/dataplane/timer-wheel.ts';
import { CertificateStore } from '../../src/dataplane/tls/certificate-store.ts';
import { TlsAcceptor } from '../../src/dataplane/tls/tls-acceptor.ts';
import { Backends } from '../../src/dataplane/upstream/backends.ts';
import { EndpointPools } from '../../src/dataplane/upstream/endpoint-pools.ts';
import { parseTrustedProxies } from '../../src/dataplane/proxy/forwarding-fields.ts';
import { HttpListenerServer } from '../../src/dataplane/proxy/http-listener-server.ts';
import { DEFAULT_PROXY_CONFIG, poolConfig, type ProxyConfig } from '../../src/dataplane/proxy/proxy-config.ts';

/** For tests: a proxy on a port of its own with one rule, real sockets on both sides, and time that stands still. */
export interface ProxyHarness {
  readonly clock: ManualClock;
  readonly port: number;
  readonly server: HttpListenerServer;
  readonly backends: Backends;
  readonly certificates: CertificateStore;
  readonly finished: Finished[];
  /** Exceptions that ended a connection. */
  readonly faults: unknown[];
  /** Sends raw bytes and settles with all that comes back until the connection ends, however it ends. */
  exchange(bytes: string): Promise<string>;
  /** Opens a connection. */
  connect(): RawClient;
  close(): Promise<void>;
}

/** What an observer was told. */
export interface Finished {
  readonly statusCode: number;
  readonly error: ProxyErrorCode | undefined;
  readonly tries: number;
  readonly requestBodyBytes: number;
  readonly responseBodyBytes: number;
}

export interface HarnessOptions {
  readonly endpoints?: readonly number[];
  readonly protocol?: BackendProtocol;
  readonly filters?: readonly HttpFilter[];
  readonly backendFilters?: readonly HttpFilter[];
  readonly mirrorPorts?: readonly number[];
  /** Mirrors of the backendRef. */
  readonly backendMirrorPorts?: readonly number[];
  readonly rule?: Partial<RulePlan>;
  readonly config?: Partial<ProxyConfig>;
  readonly matches?: (request: RequestView) => boolean;
  readonly table?: (rule: CompiledRule) => SocketTable;
}

/** A client that speaks raw bytes and remembers all it got. */
export class RawClient {
  readonly socket: Socket;
  #received = '';
  #isClosed = false;
  /** Whether the connection ended by a reset. */
  wasReset = false;

  constructor(socket: Socket) {
    this.socket = socket;
    socket.setEncoding('latin1');
    socket.on('data', (text: string) => {
      this.#received += text;
    });
    socket.on('error', () => {
      this.wasReset = true;
    });
    socket.on('close', () => {
      this.#isClosed = true;
    });
  }

  get received(): string {
    return this.#received;
  }

  write(bytes: string): void {
    this.socket.write(bytes, 'latin1');
  }

  /** Settles once what was received satisfies the pattern. */
  async until(pattern: RegExp): Promise<string> {
    while (!pattern.test(this.#received)) {
      if (this.#isClosed) throw new Error(`The connection ended after ${JSON.stringify(this.#received)}.`);
      await Promise.race([once(this.socket, 'data'), once(this.socket, 'close')]);
    }
    return this.#received;
  }

  /** Settles with all that was received once the connection has ended. */
  async closed(): Promise<string> {
    if (!this.#isClosed) await new Promise((resolve) => this.socket.once('close', resolve));
    return this.#received;
  }
}

/** A backend that a test scripts: `onConnection` gets each connection as a `RawClient`. */
export async function rawBackend(
  onConnection: (connection: RawClient, index: number) => void,
  allowHalfOpen = false,
): Promise<{ port: number; server: Server; connections: RawClient[] }> {
  const connections: RawClient[] = [];
  const server = createServer({ allowHalfOpen }, (socket) => {
    const connection = new RawClient(socket);
    connections.push(connection);
    onConnection(connection, connections.length - 1);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { port: portOf(server), server, connections };
}

/** A backend that answers every request without a body with the same bytes. */
export function answering(answer: string): (connection: RawClient) => void {
  return (connection) => {
    let answered = 0;
    connection.socket.on('data', () => {
      const asked = connection.received.split('\r\n\r\n').length - 1;
      for (; answered < asked; answered++) connection.write(answer);
    });
  };
}

/** A port on which nobody listens. */
export async function deadPort(): Promise<number> {
  const { port, server } = await rawBackend(() => undefined);
  server.close();
  await once(server, 'close');
  return port;
}

export function portOf(server: Server): number {
  const address = server.address() as AddressInfo;
  return address.port;
}

function rulePlan(overrides: Partial<RulePlan>): RulePlan {
  return {
    id: 'rule' as RuleId,
    source: {
      route: { group: '', kind: 'HTTPRoute', namespace: 'default', name: 'web' },
      rule: 0,
      match: 0,
    } as RulePlan['source'],
    match: { path: { type: 'PathPrefix', value: '/' }, headers: [], queryParams: [] },
    filters: [],
    action: { type: 'Forward', backends: [] },
    timeouts: {},
    ...overrides,
  };
}

/** Starts a proxy as the options say. */
export async function startProxy(options: HarnessOptions = {}): Promise<ProxyHarness> {
  const clock = new ManualClock();
  const config = { ...DEFAULT_PROXY_CONFIG, ...options.config };
  const wheel = new TimerWheel(clock);
  const pools = new EndpointPools(wheel, poolConfig(config));
  const backends = new Backends(pools, () => 0);
  const backendOf = (id: string, ports: readonly number[]) =>
    backends.upsert({
      id: id as BackendId,
      service: { group: '', kind: 'Service', namespace: 'default', name: id } as RulePlan['source']['route'],
      port: 80,
      protocol: options.protocol ?? 'HTTP/1.1',
      endpoints: ports.map((port) => ({ address: '127.0.0.1', port })),
    });
  const mirrorsTo = (ports: readonly number[] = []) =>
    ports.map((port): CompiledMirror => ({ backend: backendOf(`mirror${port}`, [port]), draw: () => true }));
  const choice = {
    type: 'Backend',
    backend: backendOf('main', options.endpoints ?? []),
    filters: options.backendFilters ?? [],
    mirrors: mirrorsTo(options.backendMirrorPorts),
  } as const;
  const rule: CompiledRule = {
    plan: rulePlan(options.rule ?? {}),
    filters: options.filters ?? [],
    mirrors: mirrorsTo(options.mirrorPorts),
    action: { type: 'Forward', choose: () => choice },
  };
  const defaultTable: SocketTable = {
    protocol: 'HTTP',
    port: 80,
    listener: () => ({
      key: 'listener',
      route: (request) => (options.matches?.(request) === false ? undefined : rule),
    }),
  };
  const table = options.table?.(rule) ?? defaultTable;
  const finished: Finished[] = [];
  const faults: unknown[] = [];
  const onFault = (error: unknown): void => void faults.push(error);
  const certificates = new CertificateStore(Buffer.alloc(48, 1));
  const server = new HttpListenerServer({
    context: {
      config,
      clock,
      wheel,
      pools,
      onFault,
      trusted: parseTrustedProxies(config.trustedProxies),
      observer: {
        onExchangeEnd: ({ statusCode, error, tries, requestBodyBytes, responseBodyBytes }) =>
          void finished.push({ statusCode, error, tries, requestBodyBytes, responseBodyBytes }),
      },
    },
    table: () => table,
    tls: new TlsAcceptor(certificates, wheel, config.timeouts.tlsHandshakeMs, onFault),
  });
  const listener = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => server.onConnection(socket));
  listener.listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const port = portOf(listener);
  const open = (): RawClient => new RawClient(connect({ port, host: '127.0.0.1' }));
  return {
    clock,
    port,
    server,
    backends,
    certificates,
    finished,
    faults,
    connect: open,
    exchange(bytes) {
      const client = open();
      client.write(bytes);
      return client.closed();
    },
    async close() {
      listener.close();
      const drained = server.drain(1);
      clock.advance(5_000);
      await drained;
      pools.close();
    },
  };
}

const toClose: (() => unknown)[] = [];

/** For `afterEach`: ends what `startBackend` and `proxyTo` started, and what was given to `closeLater`, newest first. */
export async function closeAll(): Promise<void> {
  for (const close of toClose.splice(0).reverse()) await close();
}

export function closeLater(close: () => unknown): void {
  toClose.push(close);
}

/** A scripted backend that lives until `closeAll`. */
export async function startBackend(
  onConnection: (connection: RawClient, index: number) => void,
  allowHalfOpen = false,
): ReturnType<typeof rawBackend> {
  const started = await rawBackend(onConnection, allowHalfOpen);
  closeLater(() => {
    started.server.close();
    for (const { socket } of started.connections) socket.destroy();
  });
  return started;
}

/** A proxy before one scripted backend; both live until `closeAll`. */
export async function proxyTo(
  onConnection: (connection: RawClient, index: number) => void,
  options: HarnessOptions = {},
): Promise<{ upstream: Awaited<ReturnType<typeof rawBackend>>; proxy: ProxyHarness }> {
  const upstream = await startBackend(onConnection);
  const proxy = await startProxy({ endpoints: [upstream.port], ...options });
  closeLater(() => proxy.close());
  return { upstream, proxy };
}

/** One turn of the event loop. */
export function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
