import type { FromWorker, SocketId, ToWorker, WorkerDelta } from '../../engine/embedded/protocol.ts';
import { assertNever } from '../../lib/assert-never.ts';
import type { Clock } from '../../lib/clock.ts';
import type { OnFault } from '../fault-log.ts';
import { Metrics } from '../metrics.ts';
import { parseTrustedProxies } from '../proxy/forwarding-fields.ts';
import { HttpListenerServer } from '../proxy/http-listener-server.ts';
import { poolConfig, type ProxyConfig } from '../proxy/proxy-config.ts';
import type { ProxyContext } from '../proxy/proxy-context.ts';
import { CertificateStore } from '../tls/certificate-store.ts';
import { TlsAcceptor } from '../tls/tls-acceptor.ts';
import { TimerWheel } from '../timer-wheel.ts';
import { Backends } from '../upstream/backends.ts';
import { EndpointPools } from '../upstream/endpoint-pools.ts';
import { Listeners } from './listeners.ts';
import { WorkerState } from './worker-state.ts';

/** What a worker is given by its process. */
export interface WorkerOptions {
  readonly clock: Clock;
  readonly config: ProxyConfig;
  /** 48 bytes from the supervisor, the same for all workers. */
  readonly ticketKeys: Buffer;
  readonly say: (message: FromWorker) => void;
  readonly onFault: OnFault;
}

/** Carries out what the supervisor says: holds the plans' state and accepts connections. */
export class Worker {
  readonly #say: (message: FromWorker) => void;
  readonly #metrics = new Metrics();
  readonly #pools: EndpointPools;
  readonly #state: WorkerState;
  readonly #listeners: Listeners;

  constructor({ clock, config, ticketKeys, say, onFault }: WorkerOptions) {
    this.#say = say;
    const wheel = new TimerWheel(clock);
    this.#pools = new EndpointPools(wheel, poolConfig(config));
    const certificates = new CertificateStore(ticketKeys);
    const state = new WorkerState(new Backends(this.#pools), certificates);
    const tls = new TlsAcceptor(certificates, wheel, config.timeouts.tlsHandshakeMs, onFault);
    const trusted = parseTrustedProxies(config.trustedProxies);
    const context: ProxyContext = {
      config,
      clock,
      wheel,
      pools: this.#pools,
      observer: this.#metrics,
      onFault,
      trusted,
    };
    this.#state = state;
    this.#listeners = new Listeners({
      serve: (socket: SocketId) => new HttpListenerServer({ context, tls, table: () => state.table(socket) }),
      onConnection: () => this.#metrics.connectionAccepted(),
    });
  }

  /** @param handle The bound socket that comes with `Listen`. */
  receive(message: Exclude<ToWorker, { type: 'Start' | 'Drain' }>, handle: unknown): void {
    switch (message.type) {
      case 'Delta':
        return this.#apply(message.sequence, message.delta);
      case 'Listen':
        return this.#listeners.listen(message.socket, handle, (error) =>
          this.#say({ type: 'Listening', socket: message.socket, ...(error === undefined ? {} : { error }) }),
        );
      case 'Unlisten':
        // Settles when the last connection is gone; nobody waits for that.
        return void this.#listeners.unlisten(message.socket);
      case 'ReadMetrics':
        return this.#say({
          type: 'Metrics',
          request: message.request,
          metrics: this.#metrics.read(this.#listeners.connectionCount),
        });
      default:
        return assertNever(message);
    }
  }

  /** Stops accepting; resolves when requests under way have finished, at the latest after `graceMs`. */
  async drain(graceMs: number): Promise<void> {
    await this.#listeners.drain(graceMs);
    this.#pools.close();
  }

  #apply(sequence: number, delta: WorkerDelta): void {
    try {
      this.#state.apply(delta);
    } catch (error) {
      return this.#say({ type: 'Rejected', sequence, message: error instanceof Error ? error.message : String(error) });
    }
    this.#say({ type: 'Applied', sequence });
  }
}
