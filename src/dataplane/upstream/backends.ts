import type { BackendId, BackendPlan } from '../../plan/types.ts';
import type { Backend } from '../compiled.ts';
import type { EndpointPool } from './endpoint-pool.ts';
import type { EndpointPools } from './endpoint-pools.ts';
import { roundRobin } from './pickers.ts';

interface Entry {
  readonly backend: Backend;
  pools: readonly EndpointPool[];
}

/**
 * The backends of a worker, by id. A `Backend` object stays the same for as long as its id is known, so rules compiled
 * against it see a change of endpoints at once, and pools of endpoints that stay keep their connections.
 */
export class Backends {
  readonly #pools: EndpointPools;
  readonly #random: () => number;
  readonly #entries = new Map<BackendId, Entry>();

  /** @param random 0 to 1, exclusive: where round robin starts, so that several workers do not start alike. */
  constructor(pools: EndpointPools, random: () => number = Math.random) {
    this.#pools = pools;
    this.#random = random;
  }

  /** Makes the backend known, or gives the known one its newest plan. */
  upsert(plan: BackendPlan): Backend {
    // New pools are held before old ones are let go: an endpoint in both keeps its connections.
    const pools = plan.endpoints.map((endpoint) => this.#pools.hold(endpoint));
    const picker = roundRobin(pools, Math.floor(this.#random() * pools.length));
    const known = this.#entries.get(plan.id);
    if (known === undefined) {
      const backend: Backend = { id: plan.id, plan, picker };
      this.#entries.set(plan.id, { backend, pools });
      return backend;
    }
    for (const pool of known.pools) this.#pools.letGo(pool);
    known.pools = pools;
    known.backend.plan = plan;
    known.backend.picker = picker;
    return known.backend;
  }

  /** Forgets the backend. Requests under way finish; idle connections to endpoints that nobody else has are closed. */
  remove(id: BackendId): void {
    const known = this.#entries.get(id);
    if (known === undefined) return;
    this.#entries.delete(id);
    for (const pool of known.pools) this.#pools.letGo(pool);
  }

  get(id: BackendId): Backend | undefined {
    return this.#entries.get(id)?.backend;
  }
}
