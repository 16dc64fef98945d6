import { Analyzer } from '../../src/analysis/analyzer.ts';
import type { TopologyUpdate } from '../../src/analysis/topology.ts';
import type { KubeObject } from '../../src/api/object.ts';
import type { EngineReport } from '../../src/engine/engine-report.ts';
import { ManualClock } from '../../src/lib/manual-clock.ts';
import { Planner } from '../../src/plan/planner.ts';
import type { GatewayPlan } from '../../src/plan/types.ts';
import { StatusKeeper } from '../../src/status/status-keeper.ts';
import type { EventClient, StatusClient } from '../../src/store/object-client.ts';
import { ObjectStore } from '../../src/store/object-store.ts';
import { admit } from './admit.ts';
import type { CaseOptions, GoldenCase } from './read-case.ts';

/** What came of a case. */
export interface CaseResult {
  readonly update: TopologyUpdate;
  readonly plans: readonly GatewayPlan[];
  /** All objects, with the status that was written. */
  readonly objects: readonly KubeObject[];
  /** Errors of status writes. */
  readonly errors: readonly unknown[];
}

/** When cases run: the time of every transition that they make at once. */
export const NOW = '2026-02-01T00:00:00Z';
const FEATURES = ['Gateway', 'HTTPRoute', 'HTTPRouteBackendProtocolWebSocket', 'ReferenceGrant'];
/** Longer than the interval between two writes of one status. */
const A_WHILE_MS = 1_000;

/** Runs a case through analysis, plan, an engine that answers as the case says, and status. */
export async function runCase({ options, objects }: GoldenCase): Promise<CaseResult> {
  const store = new ObjectStore();
  for (const object of objects) store.put(admit(object));
  const { controllerNames, embedded = true, sharedAddress, allowExternalName = false } = options;
  const analysis = {
    embedded,
    allowExternalName,
    features: new Set(options.features ?? FEATURES),
    ...(sharedAddress === undefined ? {} : { sharedAddress }),
    ...(controllerNames === undefined ? {} : { controllerNames }),
  };
  const update = new Analyzer(analysis).update(store, 'Everything');
  const { plans } = new Planner().update(update);
  const errors: unknown[] = [];
  const clock = new ManualClock(Date.parse(NOW));
  const keeper = new StatusKeeper({
    client: clientOf(store),
    clock,
    analysis,
    onError: (_, error) => errors.push(error),
  });
  keeper.update(update, plans);
  await settled();
  for (const plan of plans) if (options.engine?.state !== 'Silent') keeper.report(reportOf(plan, options.engine));
  clock.advance(A_WHILE_MS);
  await settled();
  await keeper.close();
  return { update, plans, objects: objects.map((object) => storedOf(object, store)), errors };
}

function storedOf(object: KubeObject, store: ObjectStore): KubeObject {
  const { apiVersion, kind, metadata } = admit(object);
  const group = apiVersion.includes('/') ? apiVersion.slice(0, apiVersion.indexOf('/')) : '';
  return store.get({ group, kind, namespace: metadata.namespace ?? '', name: metadata.name }) ?? object;
}

function clientOf(store: ObjectStore): StatusClient & EventClient {
  return {
    recordEvent: () => Promise.resolve(),
    async editStatus(ref, edit) {
      const object = store.get(ref);
      const status = object === undefined ? undefined : edit(object);
      if (object !== undefined && status !== undefined) store.put(Object.assign({ ...object }, { status }));
    },
  };
}

function reportOf(plan: GatewayPlan, engine: CaseOptions['engine'] = {}): EngineReport {
  const asked = plan.addresses.filter(({ value }) => value !== '');
  return {
    gateway: plan.gateway,
    planId: plan.id,
    state: engine.state === 'Rejected' ? 'Rejected' : 'Applied',
    addresses: engine.addresses ?? (asked.length > 0 ? asked : [{ type: 'IPAddress', value: '127.0.0.10' }]),
    ports: plan.ports.map(({ port }) => {
      const failure = engine.failedPorts?.find((failed) => failed.port === port);
      return failure === undefined
        ? { port, boundPort: port, state: 'Bound' }
        : { port, boundPort: port, state: 'Failed', cause: failure.cause, message: failure.message };
    }),
    ...(engine.message === undefined ? {} : { message: engine.message }),
  };
}

/** Resolves when all that waits for promises has run. */
function settled(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
