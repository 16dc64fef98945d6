import { describe, expect, test } from 'vitest';
import { Analyzer } from '../analysis/analyzer.ts';
import { refOf } from '../api/object.ts';
import type { KubeObject, ObjectRef } from '../api/object.ts';
import type { EngineReport } from '../engine/engine-report.ts';
import { Planner } from '../plan/planner.ts';
import type { GatewayPlan } from '../plan/types.ts';
import { ObjectStore } from '../store/object-store.ts';
import { Reconciler } from './reconcile.ts';

const GROUP = 'gateway.networking.k8s.io/v1';
const meta = (name: string) => ({
  name,
  namespace: 'default',
  uid: name,
  generation: 1,
  creationTimestamp: '2026-01-01T00:00:00Z',
});

const gatewayClass: KubeObject = Object.assign(
  { apiVersion: GROUP, kind: 'GatewayClass', metadata: { name: 'ours', uid: 'ours', generation: 1 } },
  { spec: { controllerName: 'example.com/ours' } },
);

function gateway(name: string): KubeObject {
  const listeners = [{ name: 'http', protocol: 'HTTP', port: 80, allowedRoutes: { namespaces: { from: 'Same' } } }];
  return Object.assign(
    { apiVersion: GROUP, kind: 'Gateway', metadata: meta(name) },
    { spec: { gatewayClassName: 'ours', listeners } },
  );
}

function setup() {
  const store = new ObjectStore();
  const applied: GatewayPlan[] = [];
  const removed: ObjectRef[] = [];
  const listeners: ((report: EngineReport) => void)[] = [];
  const told: string[] = [];
  const reconciler = new Reconciler({
    store,
    analyzer: new Analyzer({ embedded: true, features: new Set() }),
    planner: new Planner(),
    engine: {
      apply: (plan) => void applied.push(plan),
      remove: (ref) => void removed.push(ref),
      onReport(listen) {
        listeners.push(listen);
        return () => void listeners.splice(listeners.indexOf(listen), 1);
      },
    },
    status: {
      update: ({ gateways, gatewayClasses }) =>
        void told.push(...[...gatewayClasses, ...gateways].map(({ source }) => source.metadata.name)),
      report: ({ state }) => void told.push(state),
    },
  });
  const report = (plan: GatewayPlan | undefined, state: EngineReport['state']) => {
    if (plan === undefined) throw new Error('There is no plan to report on.');
    for (const listen of listeners) listen({ gateway: plan.gateway, planId: plan.id, state, ports: [], addresses: [] });
  };
  store.put(gatewayClass);
  return { store, reconciler, applied, removed, told, report };
}

describe('Reconciler', () => {
  test('puts in effect what the store holds, and is ready once the engine says so', async () => {
    const { store, reconciler, applied, report } = setup();
    store.put(gateway('one'));
    store.put(gateway('two'));
    reconciler.start();
    expect(applied.map((plan) => plan.gateway.name)).toEqual(['one', 'two']);
    report(applied[0], 'Applied');
    report(applied[1], 'Pending');
    expect(reconciler.awaited.map(({ name }) => name)).toEqual(['two']);
    report(applied[1], 'Rejected');
    await reconciler.ready;
  });

  test('is ready at once when nothing is to be served', async () => {
    const { reconciler } = setup();
    reconciler.start();
    await reconciler.ready;
  });

  test('handles a change within the write that makes it', () => {
    const { store, reconciler, applied, told } = setup();
    reconciler.start();
    store.put(gateway('late'));
    expect(applied.map((plan) => plan.gateway.name)).toEqual(['late']);
    expect(told).toEqual(['ours', 'late']);
  });

  test('a Gateway that is deleted ends, and is not waited for', async () => {
    const { store, reconciler, removed } = setup();
    store.put(gateway('one'));
    reconciler.start();
    store.remove(refOf(gateway('one')));
    expect(removed.map(({ name }) => name)).toEqual(['one']);
    await reconciler.ready;
  });

  test('writes that mean nothing to a Gateway reach neither engine nor status', () => {
    const { store, reconciler, applied, told } = setup();
    store.put(gateway('one'));
    reconciler.start();
    const before = [applied.length, told.length];
    store.put({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'other' } });
    store.put({ apiVersion: 'v1', kind: 'ConfigMap', metadata: meta('settings') });
    expect([applied.length, told.length]).toEqual(before);
  });

  test('after its end it follows no change', () => {
    const { store, reconciler, applied } = setup();
    reconciler.start();
    reconciler.close();
    store.put(gateway('late'));
    expect(applied).toEqual([]);
  });
});
