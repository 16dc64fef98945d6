import { isDeepStrictEqual } from 'node:util';
import { expect } from 'vitest';
import { analyze, Analyzer } from '../../src/analysis/analyzer.ts';
import type { AnalysisOptions } from '../../src/analysis/options.ts';
import type { Finding, Topology } from '../../src/analysis/topology.ts';
import type { KubeObject, ObjectRef } from '../../src/api/object.ts';
import { namespacedName, objectKey, refOf } from '../../src/api/object.ts';
import type { EngineReport } from '../../src/engine/engine-report.ts';
import { compileFilter } from '../../src/dataplane/filters/compile-filter.ts';
import type { RoutableRule } from '../../src/dataplane/routing/routable-rule.ts';
import { ManualClock } from '../../src/lib/manual-clock.ts';
import { buildPlans } from '../../src/plan/build-plans.ts';
import { Planner } from '../../src/plan/planner.ts';
import { renderPlan } from '../../src/plan/render-plan.ts';
import type { FilterPlan, GatewayPlan, RulePlan } from '../../src/plan/types.ts';
import { parseFieldPath } from '../../src/sources/parse-field-path.ts';
import { StatusKeeper } from '../../src/status/status-keeper.ts';
import { ObjectStore } from '../../src/store/object-store.ts';
import { admissibleStatus, valueAt } from './admissible.ts';
import { DiffingEngine } from './diffing-engine.ts';
import { exchangeFor } from './exchange.ts';
import { ListedHeaders, requestFor } from './request-view.ts';

/** What the engine says of each plan that it gets. */
export type EngineMood = 'Applies' | 'Rejects' | 'FailsPorts' | 'IsSilent';

const ADDRESSES = {
  'default/a': '127.0.0.2',
  'default/b': '127.0.0.3',
  'other/a': '127.0.0.4',
  'other/b': '127.0.0.5',
};
const PORTS = [80, 443, 8080];
const TARGETS = ['/', '/a', '/a/b', '/a%2fb', '//', '/?a=b'];
const OPTIONS = ['a.example', 'x.a.example', 'b.example'].flatMap((authority) =>
  (['GET', 'OPTIONS'] as const).map((method) => ({
    method,
    authority,
    headers: [
      ['a', 'b'],
      ['Origin', 'https://a.example'],
      ['Access-Control-Request-Method', 'GET'],
    ] as const,
  })),
);
const REQUESTS = TARGETS.flatMap((target) => OPTIONS.map((options) => requestFor(target, options)));
const A_WHILE_MS = 40_000;

/** Everything between the store and the wire, kept up to date edit by edit, and compared with the same from scratch. */
export class FuzzedPipeline {
  readonly store = new ObjectStore();
  readonly #options: AnalysisOptions;
  readonly #analyzer: Analyzer;
  readonly #planner = new Planner();
  readonly #engine = new DiffingEngine(ADDRESSES);
  readonly #clock = new ManualClock(Date.parse('2026-02-01T00:00:00Z'));
  readonly #keeper: StatusKeeper;
  readonly #changed = new Map<string, ObjectRef>();
  /** Kept beside the objects, so that these are the same objects for an analysis from scratch. */
  readonly #statuses = new Map<string, unknown>();
  /** Of status writes. */
  readonly #errors: unknown[] = [];
  #topology: Topology;

  constructor(options: AnalysisOptions) {
    this.#options = options;
    this.#analyzer = new Analyzer(options);
    this.#topology = this.#analyzer.update(this.store, 'Everything').topology;
    this.store.subscribe(({ object }) => void this.#changed.set(objectKey(refOf(object)), refOf(object)));
    this.#keeper = new StatusKeeper({
      clock: this.#clock,
      analysis: options,
      onError: (_, error) => void this.#errors.push(error),
      client: {
        recordEvent: () => Promise.resolve(),
        editStatus: async (ref, edit) => {
          const object = this.#withStatus(ref);
          const status = object === undefined ? undefined : edit(object);
          if (object === undefined || status === undefined) return;
          const written = valueAt(admissibleStatus(object, status), ['status']);
          this.#statuses.set(objectKey(ref), written);
        },
      },
    });
  }

  /** Writes an object as a client would: one that is there keeps its identity. */
  put(object: KubeObject): void {
    const existing = this.store.get(refOf(object))?.metadata;
    if (existing === undefined) return void this.store.put(object);
    const { uid = '', creationTimestamp = '', generation } = existing;
    const identity = { uid, creationTimestamp, ...(generation === undefined ? {} : { generation: generation + 1 }) };
    this.store.put({ ...object, metadata: { ...object.metadata, ...identity } });
  }

  /** Deletes an object, and with it its status. */
  remove(ref: ObjectRef): void {
    this.store.remove(ref);
    this.#statuses.delete(objectKey(ref));
  }

  /** Takes all writes since the last call through to status. */
  async reconcile(mood: EngineMood): Promise<void> {
    const changed = [...this.#changed.values()];
    this.#changed.clear();
    const update = this.#analyzer.update(this.store, changed);
    this.#topology = update.topology;
    const { plans, removed } = this.#planner.update(update);
    this.#keeper.update(update, plans);
    for (const ref of removed) this.#engine.set(namespacedName(ref), undefined);
    for (const plan of plans) {
      this.#engine.set(namespacedName(plan.gateway), plan);
      if (mood !== 'IsSilent') this.#keeper.report(reportOf(plan, mood));
    }
    await turn();
    this.#clock.advance(A_WHILE_MS);
    await turn();
  }

  async close(): Promise<void> {
    await this.#keeper.close();
  }

  /** Holds everything against the same from scratch, and against what must always be so. */
  check(secrets: readonly string[]): void {
    const topology = analyze(this.store, this.#options);
    if (!isDeepStrictEqual(this.#topology, topology)) expect(this.#topology).toEqual(topology);
    const plans = buildPlans(topology).toSorted(byGateway);
    const incremental = this.#planner.plans().toSorted(byGateway);
    if (!isDeepStrictEqual(incremental, plans)) expect(incremental).toEqual(plans);
    expect(this.#errors).toEqual([]);
    expect(findingsOf(topology).filter((finding) => !this.#isPlaced(finding))).toEqual([]);
    checkRules(plans);
    this.#checkRequests(plans);
    const everything = [JSON.stringify([topology, plans, [...this.#statuses]]), ...plans.map(renderPlan)].join('\n');
    expect(secrets.filter((secret) => everything.includes(secret))).toEqual([]);
  }

  #isPlaced({ about, at }: Finding): boolean {
    return valueAt(this.store.get(about), parseFieldPath(at)) !== undefined;
  }

  #withStatus(ref: ObjectRef): KubeObject | undefined {
    const object = this.store.get(ref);
    const status = this.#statuses.get(objectKey(ref));
    return object === undefined || status === undefined ? object : Object.assign({ ...object }, { status });
  }

  #checkRequests(plans: readonly GatewayPlan[]): void {
    const fresh = new DiffingEngine(ADDRESSES);
    for (const plan of plans) fresh.set(namespacedName(plan.gateway), plan);
    const rules = this.#engine.rulesFor(PORTS, REQUESTS);
    const ids = (found: readonly (RoutableRule | undefined)[]) => found.map((rule) => rule?.plan.id);
    expect(ids(rules)).toEqual(ids(fresh.rulesFor(PORTS, REQUESTS)));
    for (const rule of new Set(rules)) if (rule !== undefined) handle(rule);
  }
}

/** Takes a request through a rule as the proxy would, without sending it anywhere. */
function handle(rule: RoutableRule): void {
  for (const target of TARGETS) {
    const exchange = exchangeFor(target, OPTIONS[0]);
    const choice = rule.action.type === 'Forward' ? rule.action.choose() : undefined;
    const filters = [...rule.filters, ...(choice?.type === 'Backend' ? choice.filters : [])];
    for (const filter of filters) filter.onRequest?.(exchange);
    if (rule.action.type === 'Respond') rule.action.respond(exchange);
    const response = { statusCode: 200, headers: new ListedHeaders() };
    for (const filter of filters) filter.onResponse?.(exchange, response);
    const written = [exchange.request.path, ...exchange.request.headers.lines.flat(), ...response.headers.lines.flat()];
    expect(written.filter((text) => /[\0\r\n]/.test(text))).toEqual([]);
  }
}

/** What the analysis lets through as sound, the data plane can build. */
function checkRules(plans: readonly GatewayPlan[]): void {
  for (const rule of new Set(plans.flatMap(rulesOf))) {
    const shares = rule.action.type === 'Forward' ? rule.action.backends : [];
    const filters = [...rule.filters, ...shares.flatMap((share) => ('filters' in share ? share.filters : []))];
    for (const filter of filters) if (!isMirror(filter)) compileFilter(filter);
  }
}

function isMirror({ type }: FilterPlan): boolean {
  return type === 'RequestMirror';
}

function rulesOf({ ports }: GatewayPlan): readonly RulePlan[] {
  return ports.flatMap(({ listeners }) => listeners.flatMap(({ hosts }) => hosts.flatMap(({ rules }) => rules)));
}

function findingsOf({ gatewayClasses, gateways, routes, others }: Topology): readonly Finding[] {
  const listeners = gateways.flatMap((gateway) => gateway.listeners);
  return [...gatewayClasses, ...gateways, ...listeners, ...routes, ...others].flatMap(({ findings }) => findings);
}

function byGateway(one: GatewayPlan, other: GatewayPlan): number {
  return namespacedName(one.gateway) < namespacedName(other.gateway) ? -1 : 1;
}

function reportOf(plan: GatewayPlan, mood: EngineMood): EngineReport {
  return {
    gateway: plan.gateway,
    planId: plan.id,
    state: mood === 'Rejects' ? 'Rejected' : 'Applied',
    addresses: [{ type: 'IPAddress', value: '127.0.0.10' }],
    ports: plan.ports.map(({ port }) => ({
      port,
      boundPort: port,
      ...(mood === 'FailsPorts'
        ? { state: 'Failed', cause: 'PortUnavailable', message: 'It is taken.' }
        : { state: 'Bound' }),
    })),
    ...(mood === 'Rejects' ? { message: 'It does not fit.' } : {}),
  };
}

/** Resolves when all that waits for promises has run. */
function turn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
