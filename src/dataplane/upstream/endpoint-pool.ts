import type { Endpoint } from '../../plan/types.ts';
import type { TimerWheel } from '../timer-wheel.ts';
import { UpstreamConnection } from './upstream-connection.ts';

/** Bounds of a pool. */
export interface PoolConfig {
  /** Idle connections kept; more are closed when their request ends. */
  readonly maxIdle: number;
  /** How long an idle connection is kept, milliseconds; 0: for ever. A backend's `Keep-Alive: timeout` may shorten it. */
  readonly idleMs: number;
  /** How long connecting may take, milliseconds; 0: for ever. */
  readonly connectMs: number;
}

/** The connections to one endpoint. It is an `Endpoint` itself, so that what a picker gives leads to it at once. */
export class EndpointPool implements Endpoint {
  readonly address: string;
  readonly port: number;
  readonly wheel: TimerWheel;
  readonly config: PoolConfig;
  /** The one used last is taken first, so that those not needed grow old. */
  readonly #idle: UpstreamConnection[] = [];
  #isRetired = false;

  constructor(endpoint: Endpoint, wheel: TimerWheel, config: PoolConfig) {
    this.address = endpoint.address;
    this.port = endpoint.port;
    this.wheel = wheel;
    this.config = config;
  }

  get idleCount(): number {
    return this.#idle.length;
  }

  /** An idle connection, or a new one that is being opened. */
  acquire(): UpstreamConnection {
    return this.#idle.pop() ?? this.connect();
  }

  /** A new connection, also if there are idle ones. */
  connect(): UpstreamConnection {
    return new UpstreamConnection(this);
  }

  /** Takes a connection back after its answer. `false`: it is not kept, the caller closes it. */
  keep(connection: UpstreamConnection): boolean {
    if (this.#isRetired || this.#idle.length >= this.config.maxIdle) return false;
    this.#idle.push(connection);
    return true;
  }

  /** An idle connection has ended. */
  forget(connection: UpstreamConnection): void {
    const at = this.#idle.lastIndexOf(connection);
    if (at >= 0) this.#idle.splice(at, 1);
  }

  /** Closes idle connections; those in use are closed after their answer. */
  retire(): void {
    this.#isRetired = true;
    for (const connection of this.#idle.splice(0)) connection.destroy();
  }
}
