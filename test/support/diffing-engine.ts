import type { Backend } from '../../src/dataplane/compiled.ts';
import type { RequestView } from '../../src/dataplane/exchange.ts';
import type { RoutableRule } from '../../src/dataplane/routing/routable-rule.ts';
import { RoutingTables } from '../../src/dataplane/routing/routing-tables.ts';
import { diffPlans, PartsInUse, type PlacedPlan } from '../../src/engine/embedded/plan-diff.ts';
import type { WorkerDelta } from '../../src/engine/embedded/protocol.ts';
import type { BackendId, GatewayPlan } from '../../src/plan/types.ts';

/** A worker as far as routing goes: deltas in, rules out. */
class RoutingWorker {
  readonly #backends = new Map<BackendId, Backend>();
  readonly #tables = new RoutingTables({ backends: this.#backends, randomBelow: () => 0 });

  apply(delta: WorkerDelta): void {
    for (const plan of delta.backends) {
      this.#backends.set(plan.id, { id: plan.id, plan, picker: { pick: () => ({ type: 'None' }) } });
    }
    this.#tables.prepare(delta)();
    for (const id of delta.removedBackends) this.#backends.delete(id);
  }

  /** The rule that a request gets on a socket. */
  route(socket: string, request: RequestView): RoutableRule | undefined {
    return this.#tables.socket(socket)?.listener(request.host)?.route(request);
  }
}

/** The supervisor's side: it knows what the worker has, and sends the difference. */
export class DiffingEngine {
  readonly #worker = new RoutingWorker();
  readonly #inUse = new PartsInUse();
  readonly #placed = new Map<string, PlacedPlan>();
  readonly #addresses: Readonly<Record<string, string>>;

  /** @param addresses Of each Gateway, by `namespace/name`. */
  constructor(addresses: Readonly<Record<string, string>>) {
    this.#addresses = addresses;
  }

  /** Puts a Gateway's plan into effect; undefined takes it away. */
  set(key: string, plan: GatewayPlan | undefined): void {
    const next = plan === undefined ? undefined : this.#place(key, plan);
    const change = diffPlans(this.#placed.get(key), next, this.#inUse);
    this.#worker.apply(change.delta);
    this.#inUse.commit(change);
    if (next === undefined) this.#placed.delete(key);
    else this.#placed.set(key, next);
  }

  /** The rules that requests get on the sockets of all Gateways. */
  rulesFor(ports: readonly number[], requests: readonly RequestView[]): readonly (RoutableRule | undefined)[] {
    return Object.values(this.#addresses).flatMap((address) =>
      ports.flatMap((port) => requests.map((request) => this.#worker.route(`${address}:${port}`, request))),
    );
  }

  #place(key: string, plan: GatewayPlan): PlacedPlan {
    const sockets = plan.ports.map((port) => ({
      socket: `${this.#addresses[key] ?? ''}:${port.port}`,
      boundPort: port.port,
      port,
    }));
    return { key, plan, sockets };
  }
}
