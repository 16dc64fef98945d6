import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { ManualClock } from '../../lib/manual-clock.ts';
import type { BackendId, BackendProtocol, RuleId, RulePlan } from '../../plan/types.ts';
import type { CompiledMirror, CompiledRule, SocketTable } from '../compiled.ts';
import type { ProxyErrorCode } from '../errors.ts';
import type { HttpFilter, RequestView } from '../exchange.ts';
import { TimerWheel } from '../timer-wheel.ts';
import { CertificateStore } from '../tls/certificate-store.ts';
import { TlsAcceptor } from '../tls/tls-acceptor.ts';
import { Backends } from '../upstream/backends.ts';
import { EndpointPools } from '../upstream/endpoint-pools.ts';
import { parseTrustedProxies } from './forwarding-fields.ts';
import { HttpListenerServer } from './http-listener-server.ts';
import { DEFAULT_PROXY_CONFIG, poolConfig, type ProxyConfig } from './proxy-config.ts';

/** For tests: a proxy on a port of its own with one rule, real sockets on both sides, and time that stands still. */
export interface ProxyHarness {
  readonly clock: ManualClock;
  readonly port: number;
  readonly server: HttpListenerServer;
  readonly backends: Backends;
  readonly certificates: CertificateStore;
  readonly finished: Finished[];
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
  const choice = {
    type: 'Backend',
    backend: backendOf('main', options.endpoints ?? []),
    filters: options.backendFilters ?? [],
  } as const;
  const mirrors = (options.mirrorPorts ?? []).map(
    (port, index): CompiledMirror => ({ backend: backendOf(`mirror${index}`, [port]), draw: () => true }),
  );
  const rule: CompiledRule = {
    plan: rulePlan(options.rule ?? {}),
    filters: options.filters ?? [],
    mirrors,
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
  const certificates = new CertificateStore(Buffer.alloc(48, 1));
  const server = new HttpListenerServer({
    context: {
      config,
      clock,
      wheel,
      pools,
      trusted: parseTrustedProxies(config.trustedProxies),
      observer: {
        onExchangeEnd: ({ statusCode, error, tries, requestBodyBytes, responseBodyBytes }) =>
          void finished.push({ statusCode, error, tries, requestBodyBytes, responseBodyBytes }),
      },
    },
    table: () => table,
    tls: new TlsAcceptor(certificates, wheel, config.timeouts.tlsHandshakeMs),
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
