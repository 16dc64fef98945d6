import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Backend } from '../../src/dataplane/compiled.ts';
import { RoutingTables } from '../../src/dataplane/routing/routing-tables.ts';
import { diffPlans, PartsInUse, type PlacedPlan } from '../../src/engine/embedded/plan-diff.ts';
import type { WorkerDelta } from '../../src/engine/embedded/protocol.ts';
import { buildPlans } from '../../src/plan/build-plans.ts';
import { Planner } from '../../src/plan/planner.ts';
import type { BackendId, GatewayPlan } from '../../src/plan/types.ts';
import { topologyEdit, TopologyModel } from '../support/arbitrary-topology.ts';
import { FUZZ_OPTIONS } from '../support/fuzz-options.ts';
import { requestFor } from '../support/request-view.ts';

const ADDRESSES: Readonly<Record<string, string>> = { g: '127.0.0.2', h: '127.0.0.3' };
const REQUESTS = ['/', '/a', '/a/', '/a/b', '/b/x', '/ab'].flatMap((target) =>
  ['x', 'y.example', 'z.x.example'].flatMap((authority) =>
    (['GET', 'POST'] as const).map((method) => requestFor(target, { method, authority, headers: [['X', '1']] })),
  ),
);

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

  /** What every request gets on every socket. */
  answers(): readonly string[] {
    const sockets = Object.values(ADDRESSES).flatMap((address) => [`${address}:80`, `${address}:443`]);
    return sockets.flatMap((socket) =>
      REQUESTS.map((request) => {
        const rule = this.#tables.socket(socket)?.listener(request.host)?.route(request);
        return `${socket} ${request.method} ${request.host}${request.path}: ${rule?.plan.id ?? 404}`;
      }),
    );
  }
}

/** The supervisor's side: it knows what the worker has, and sends the difference. */
class DiffingEngine {
  readonly worker = new RoutingWorker();
  readonly #inUse = new PartsInUse();
  readonly #placed = new Map<string, PlacedPlan>();

  set(name: string, plan: GatewayPlan | undefined): void {
    const next = plan === undefined ? undefined : place(name, plan);
    const change = diffPlans(this.#placed.get(name), next, this.#inUse);
    this.worker.apply(change.delta);
    this.#inUse.commit(change);
    if (next === undefined) this.#placed.delete(name);
    else this.#placed.set(name, next);
  }
}

function place(name: string, plan: GatewayPlan): PlacedPlan {
  const sockets = plan.ports.map((port) => ({
    socket: `${ADDRESSES[name] ?? ''}:${port.port}`,
    boundPort: port.port,
    port,
  }));
  return { key: `default/${name}`, plan, sockets };
}

test('a worker that got only differences treats requests as one that got the last plans whole', () => {
  fc.assert(
    fc.property(fc.array(topologyEdit, { maxLength: 6 }), (edits) => {
      const model = new TopologyModel();
      const planner = new Planner();
      const engine = new DiffingEngine();
      planner.update({ ...model.topology(), removed: [], removedBackends: [] });
      for (const edit of edits) {
        const { plans, removed } = planner.update(model.apply(edit));
        for (const { name } of removed) engine.set(name, undefined);
        for (const plan of plans) engine.set(plan.gateway.name, plan);
        const fresh = new DiffingEngine();
        for (const plan of buildPlans(model.topology())) fresh.set(plan.gateway.name, plan);
        expect(engine.worker.answers()).toEqual(fresh.worker.answers());
      }
    }),
    FUZZ_OPTIONS,
  );
});
