import { describe, expect, test } from 'vitest';
import { Analyzer } from '../analysis/analyzer.ts';
import type { Condition } from '../api/condition.ts';
import type { GatewayStatus } from '../api/gateway.ts';
import type { KubeObject, ObjectRef } from '../api/object.ts';
import { refOf } from '../api/object.ts';
import type { RouteStatus } from '../api/parts/route.ts';
import type { EngineReport } from '../engine/engine-report.ts';
import { ManualClock } from '../lib/manual-clock.ts';
import { Planner } from '../plan/planner.ts';
import type { GatewayPlan } from '../plan/types.ts';
import type { EventRecord } from '../store/object-client.ts';
import { ObjectStore } from '../store/object-store.ts';
import { previousStatus } from './previous-status.ts';
import { StatusKeeper } from './status-keeper.ts';

const API = 'gateway.networking.k8s.io/v1';
const GATEWAY_CLASS: KubeObject = Object.assign(
  { apiVersion: API, kind: 'GatewayClass', metadata: { name: 'edge', generation: 1 } },
  { spec: { controllerName: 'example.com/edge' } },
);

function gateway(generation = 1, port = 80): KubeObject {
  const spec = { gatewayClassName: 'edge', listeners: [{ name: 'http', port, protocol: 'HTTP' }] };
  const metadata = { name: 'gw', namespace: 'default', generation };
  return Object.assign({ apiVersion: API, kind: 'Gateway', metadata }, { spec });
}

function route(name: string, generation = 1): KubeObject {
  const redirect = { type: 'RequestRedirect', requestRedirect: { scheme: 'https', statusCode: 302, port: generation } };
  const spec = { parentRefs: [{ name: 'gw' }], hostnames: [`${name}.example.com`], rules: [{ filters: [redirect] }] };
  const metadata = { name, namespace: 'default', generation };
  return Object.assign({ apiVersion: API, kind: 'HTTPRoute', metadata }, { spec });
}

/** Store, analyzer, planner and status, with an engine that reports when it is told to. */
function start() {
  const store = new ObjectStore();
  const clock = new ManualClock();
  const analysis = { embedded: true, features: new Set<string>() };
  const analyzer = new Analyzer(analysis);
  const planner = new Planner();
  const events: EventRecord[] = [];
  const notices: string[] = [];
  const errors: unknown[] = [];
  let writes = 0;
  const keeper = new StatusKeeper({
    clock,
    analysis,
    onError: (_, error) => errors.push(error),
    onNotice: ({ message }) => notices.push(message),
    client: {
      async editStatus(ref, edit) {
        const object = store.get(ref);
        const status = object === undefined ? undefined : edit(object);
        if (object === undefined || status === undefined) return;
        writes += 1;
        store.put(Object.assign({ ...object }, { status }));
      },
      async recordEvent(event) {
        events.push(event);
      },
    },
  });
  let plans: readonly GatewayPlan[] = [];
  const changed: ObjectRef[] = [];
  store.subscribe(({ object }) => changed.push(refOf(object)));
  return {
    store,
    events,
    notices,
    errors,
    writes: () => writes,
    /** Writes objects as a user does, who never sends a status. */
    put(...objects: readonly KubeObject[]) {
      for (const object of objects) {
        const stored = store.get(refOf(object));
        const status = stored === undefined ? undefined : previousStatus(stored);
        store.put(status === undefined ? object : Object.assign({ ...object }, { status }));
      }
    },
    reconcile() {
      const update = analyzer.update(store, changed.splice(0));
      ({ plans } = planner.update(update));
      keeper.update(update, plans);
    },
    report(state: EngineReport['state'], ports: EngineReport['ports'] = [{ port: 80, boundPort: 80, state: 'Bound' }]) {
      for (const plan of plans)
        keeper.report({
          gateway: plan.gateway,
          planId: plan.id,
          state,
          ports,
          addresses: [{ type: 'IPAddress', value: '127.0.0.5' }],
          ...(state === 'Rejected' ? { message: 'Too big.' } : {}),
        });
    },
    async pass(ms: number) {
      await settled();
      clock.advance(ms);
      await settled();
    },
    programmed(name: string): Pick<Condition, 'status' | 'observedGeneration'> | undefined {
      const found = statusIn<RouteStatus>(store, route(name))?.parents[0]?.conditions.find(
        ({ type }) => type === 'sallyport.dev/Programmed',
      );
      return found && { status: found.status, observedGeneration: found.observedGeneration ?? 0 };
    },
    gatewayStatus: () => statusIn<GatewayStatus>(store, gateway()),
  };
}

function statusIn<Status>(store: ObjectStore, like: KubeObject): Status | undefined {
  const object = store.get(refOf(like));
  return object === undefined ? undefined : previousStatus<Status>(object);
}

function settled(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}

describe('sallyport.dev/Programmed', () => {
  test('keeps the generation that is in effect until every worker runs the next', async () => {
    const run = start();
    run.put(GATEWAY_CLASS, gateway(), route('web'));
    run.reconcile();
    run.report('Applied');
    await run.pass(250);
    expect(run.programmed('web')).toEqual({ status: 'True', observedGeneration: 1 });
    run.put(route('web', 2));
    run.reconcile();
    await run.pass(1_000);
    expect(run.programmed('web')).toEqual({ status: 'True', observedGeneration: 1 });
    run.report('Applied');
    await run.pass(250);
    expect(run.programmed('web')).toEqual({ status: 'True', observedGeneration: 2 });
  });

  test('is False when a worker refuses the plan', async () => {
    const run = start();
    run.put(GATEWAY_CLASS, gateway(), route('web'));
    run.reconcile();
    run.report('Rejected');
    await run.pass(250);
    expect(run.programmed('web')).toEqual({ status: 'False', observedGeneration: 1 });
  });

  test('follows the listener: a port that cannot be opened, and is opened later', async () => {
    const run = start();
    run.put(GATEWAY_CLASS, gateway(), route('web'));
    run.reconcile();
    run.report('Applied', [{ port: 80, boundPort: 80, state: 'Failed', cause: 'PortUnavailable', message: 'Taken.' }]);
    await run.pass(250);
    expect(run.programmed('web')?.status).toBe('False');
    run.report('Applied');
    await run.pass(250);
    expect(run.programmed('web')?.status).toBe('True');
  });
});

describe('status', () => {
  test('of a thousand routes that come as fast as they can ends with the right count, in few writes', async () => {
    const run = start();
    run.put(GATEWAY_CLASS, gateway());
    run.reconcile();
    for (let index = 0; index < 1000; index++) {
      run.put(route(`r${index}`));
      run.reconcile();
      run.report('Applied');
      if (index % 100 === 0) await run.pass(10);
    }
    await run.pass(250);
    await run.pass(250);
    expect(run.gatewayStatus()?.listeners?.[0]?.attachedRoutes).toBe(1000);
    expect(run.programmed('r999')).toEqual({ status: 'True', observedGeneration: 1 });
    expect(run.writes()).toBeLessThan(1_100);
    expect(run.errors).toEqual([]);
  });

  test('is not written again when nothing in it changes', async () => {
    const run = start();
    run.put(GATEWAY_CLASS, gateway(), route('web'));
    run.reconcile();
    run.report('Applied');
    await run.pass(1_000);
    const before = run.writes();
    run.reconcile();
    run.report('Applied');
    await run.pass(1_000);
    expect(run.writes()).toBe(before);
  });

  test('of a route that leaves our Gateways loses our entries', async () => {
    const run = start();
    run.put(GATEWAY_CLASS, gateway(), route('web'));
    run.reconcile();
    await run.pass(250);
    const away = Object.assign({ ...route('web', 2) }, { spec: { parentRefs: [], rules: [] } });
    run.put(away);
    run.reconcile();
    await run.pass(250);
    expect(statusIn<RouteStatus>(run.store, away)?.parents).toEqual([]);
  });

  test('of an Ingress is none: what is found is recorded as an Event', async () => {
    const run = start();
    const metadata = { name: 'old', namespace: 'default', uid: 'u1' };
    run.put({ apiVersion: 'networking.k8s.io/v1', kind: 'Ingress', metadata });
    run.reconcile();
    await run.pass(250);
    expect(run.events).toMatchObject([{ about: { kind: 'Ingress', name: 'old', uid: 'u1' }, reason: 'NotServed' }]);
    expect(run.notices).toHaveLength(1);
  });
});
