import type { Endpoint } from '../../plan/types.ts';
import type { TimerWheel } from '../timer-wheel.ts';
import { EndpointPool, type PoolConfig } from './endpoint-pool.ts';

interface Held {
  readonly pool: EndpointPool;
  holders: number;
}

/** The connection pools of a worker: one per address and port, shared by all backends that have the endpoint. */
export class EndpointPools {
  readonly #wheel: TimerWheel;
  readonly #config: PoolConfig;
  readonly #held = new Map<string, Held>();

  constructor(wheel: TimerWheel, config: PoolConfig) {
    this.#wheel = wheel;
    this.#config = config;
  }

  /** The pool of an endpoint, made if need be; each `hold` is ended by one `letGo`. */
  hold(endpoint: Endpoint): EndpointPool {
    const key = `${endpoint.address} ${endpoint.port}`;
    const held = this.#held.get(key);
    if (held !== undefined) {
      held.holders += 1;
      return held.pool;
    }
    const pool = new EndpointPool(endpoint, this.#wheel, this.#config);
    this.#held.set(key, { pool, holders: 1 });
    return pool;
  }

  /** The pool behind what a picker gave. An endpoint that no backend has any more gets connections that are not kept. */
  poolOf(endpoint: Endpoint): EndpointPool {
    if (endpoint instanceof EndpointPool) return endpoint;
    const held = this.#held.get(`${endpoint.address} ${endpoint.port}`);
    if (held !== undefined) return held.pool;
    const pool = new EndpointPool(endpoint, this.#wheel, this.#config);
    pool.retire();
    return pool;
  }

  /** When the last holder lets go, idle connections are closed and those in use are closed after their request. */
  letGo(pool: EndpointPool): void {
    const key = `${pool.address} ${pool.port}`;
    const held = this.#held.get(key);
    if (held === undefined || held.pool !== pool) return;
    held.holders -= 1;
    if (held.holders > 0) return;
    this.#held.delete(key);
    pool.retire();
  }

  /** Closes every idle connection, and those in use after their request. */
  close(): void {
    for (const { pool } of this.#held.values()) pool.retire();
    this.#held.clear();
  }
}
