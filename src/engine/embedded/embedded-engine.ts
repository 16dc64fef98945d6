import { randomBytes } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { namespacedName, type ObjectRef } from '../../api/object.ts';
import type { GatewayPlan } from '../../plan/types.ts';
import type { CounterSample } from '../../telemetry/counter-sums.ts';
import type { EngineReport, PortReport } from '../engine-report.ts';
import type { Engine } from '../engine.ts';
import { AddressPool } from './address-pool.ts';
import type { EmbeddedEngineOptions } from './embedded-engine-options.ts';
import { EMBEDDED_FEATURES } from './features.ts';
import { Listening } from './listening.ts';
import { claimsOf, type Placement, placePlan } from './placement.ts';
import { diffPlans, isEmptyDelta, PartsInUse, type PlacedPlan, type PlacedPort, type PlanChange } from './plan-diff.ts';
import { failedPort, mergePortReports } from './port-reports.ts';
import type { WorkerDelta, WorkerMetrics } from './protocol.ts';
import { SocketBroker, socketId } from './socket-broker.ts';
import { type DeltaOutcome, WorkerPool } from './worker-pool.ts';

/** What the workers tell for `/metrics`. */
export interface EngineMetrics {
  /** One for each live worker. */
  readonly workers: readonly WorkerMetrics[];
  /** Counts of workers that have ended. */
  readonly departed: readonly CounterSample[];
}

const DEFAULT_ADDRESS_POOL = '127.64.0.0/16';
const DEFAULT_GRACE_MS = 30_000;
const DEFAULT_PORT_WAIT_MS = 2_000;
/** TLS session ticket keys are 48 random bytes. */
const TICKET_KEY_BYTES = 48;

/** The data plane of our own: worker processes that share sockets, told of changes by deltas. */
export class EmbeddedEngine implements Engine {
  readonly name = 'embedded';
  readonly features = EMBEDDED_FEATURES;
  readonly #options: EmbeddedEngineOptions;
  readonly #addresses: AddressPool;
  readonly #broker = new SocketBroker();
  readonly #pool: WorkerPool;
  readonly #listening: Listening;
  readonly #listeners = new Set<(report: EngineReport) => void>();
  /** What workers run, by Gateway. */
  readonly #inEffect = new Map<string, Placement>();
  readonly #inUse = new PartsInUse();
  /** Newest wishes that are not under way; undefined: remove. A later wish for a Gateway takes the place of an earlier. */
  readonly #wishes = new Map<string, GatewayPlan | undefined>();
  #working = false;
  #closing: Promise<void> | undefined;

  constructor(options: EmbeddedEngineOptions) {
    this.#options = options;
    this.#addresses = new AddressPool(options.addressPool ?? DEFAULT_ADDRESS_POOL);
    this.#pool = new WorkerPool({
      clock: options.clock,
      workers: options.workers ?? availableParallelism(),
      command: { entry: options.workerEntry ?? builtWorker(), execArgv: options.workerExecArgv ?? [] },
      start: {
        type: 'Start',
        ticketKeys: randomBytes(TICKET_KEY_BYTES).toString('base64'),
        trustedProxies: options.trustedProxies ?? [],
      },
      state: () => ({ deltas: this.#wholeState(), sockets: this.#broker.handles }),
      log: (message) => options.log?.(message),
    });
    this.#listening = new Listening({
      clock: options.clock,
      broker: this.#broker,
      pool: this.#pool,
      portWaitMs: options.portWaitMs ?? DEFAULT_PORT_WAIT_MS,
      onChange: (socket) => this.#reportUsersOf(socket),
    });
  }

  /** Resolves once all workers are up. Plans may be applied before. */
  get started(): Promise<void> {
    return this.#pool.full;
  }

  /** Process ids of the workers that serve. */
  get workerPids(): readonly number[] {
    return this.#pool.livePids;
  }

  apply(plan: GatewayPlan): void {
    this.#wish(namespacedName(plan.gateway), plan);
  }

  remove(gateway: ObjectRef): void {
    this.#wish(namespacedName(gateway), undefined);
  }

  onReport(listen: (report: EngineReport) => void): () => void {
    this.#listeners.add(listen);
    return () => void this.#listeners.delete(listen);
  }

  /** Asks the workers for their counters. */
  async readMetrics(): Promise<EngineMetrics> {
    const workers = await this.#pool.readMetrics();
    return { workers, departed: this.#pool.departed };
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    this.#wishes.clear();
    this.#listening.closeOthers(new Set());
    await this.#pool.drain(this.#options.graceMs ?? DEFAULT_GRACE_MS);
    this.#broker.closeAll();
  }

  #wish(key: string, plan: GatewayPlan | undefined): void {
    if (this.#closing !== undefined) return;
    this.#wishes.set(key, plan);
    // `#work` throws only for a mistake in this program, which must end it rather than leave traffic on an old plan.
    if (!this.#working) void this.#work();
  }

  /** Carries wishes out one at a time: what comes meanwhile is joined with what waits. */
  async #work(): Promise<void> {
    this.#working = true;
    for (let wish = this.#takeWish(); wish !== undefined; wish = this.#takeWish()) {
      if (wish.plan === undefined) await this.#end(wish.key);
      else await this.#putInEffect(wish.key, wish.plan);
    }
    this.#working = false;
  }

  #takeWish(): { readonly key: string; readonly plan: GatewayPlan | undefined } | undefined {
    for (const [key, plan] of this.#wishes) {
      this.#wishes.delete(key);
      return { key, plan };
    }
    return undefined;
  }

  async #putInEffect(key: string, plan: GatewayPlan): Promise<void> {
    await this.#pool.full;
    const before = this.#inEffect.get(key);
    const placement = placePlan(key, plan, this.#addressesOf(key, plan), {
      portOffset: this.#options.portOffset ?? 0,
      others: this.#placedPlans(),
    });
    const outcome = await this.#switchTo(key, before?.placed, placement.placed, () =>
      this.#inEffect.set(key, placement),
    );
    if (outcome.type === 'Rejected') {
      const ports = before === undefined ? [] : this.#portReports(before);
      return this.#report({
        gateway: plan.gateway,
        planId: plan.id,
        state: 'Rejected',
        ports,
        addresses: ipAddresses(before?.addresses ?? []),
        message: outcome.message,
      });
    }
    await this.#listening.open(placement.placed.sockets);
    this.#makeRoom(key, before?.placed, placement.placed);
    if (!this.#wishes.has(key)) this.#reportPlacement(placement);
  }

  async #end(key: string): Promise<void> {
    const before = this.#inEffect.get(key);
    if (before === undefined) return;
    const outcome = await this.#switchTo(key, before.placed, undefined, () => this.#inEffect.delete(key));
    if (outcome.type === 'Rejected') {
      return this.#options.log?.(`Gateway "${key}" cannot be removed: ${outcome.message}`);
    }
    this.#addresses.release(key);
    this.#makeRoom(key, before.placed, undefined);
  }

  /** Has the workers go from one plan to the next; `commit` is called in the step in which the last one has. */
  #switchTo(
    key: string,
    before: PlacedPlan | undefined,
    after: PlacedPlan | undefined,
    commit: () => void,
  ): Promise<DeltaOutcome> {
    const change = diffPlans(before, after, this.#inUse);
    const settle = (outcome: DeltaOutcome) => {
      if (outcome.type === 'Rejected') return;
      this.#inUse.commit(change);
      commit();
    };
    if (isEmptyDelta(change.delta)) {
      settle({ type: 'Applied' });
      return Promise.resolve({ type: 'Applied' });
    }
    return new Promise((resolve) => {
      this.#pool.apply(change.delta, (outcome) => {
        settle(outcome);
        resolve(outcome);
      });
    });
  }

  /** Closes sockets that no Gateway uses any more, and lets Gateways try again that others kept from a socket. */
  #makeRoom(key: string, before: PlacedPlan | undefined, after: PlacedPlan | undefined): void {
    if (before === undefined) return;
    const kept = new Set(after?.sockets.map(({ socket }) => socket));
    if (!before.sockets.every(({ socket }) => kept.has(socket))) {
      this.#listening.closeOthers(
        new Set([...this.#placedPlans()].flatMap(({ sockets }) => sockets.map(({ socket }) => socket))),
      );
    }
    const keptOut = [...this.#inEffect].filter(([other, { failed }]) => other !== key && failed.length > 0);
    if (keptOut.length === 0 || claimsOf(before) === claimsOf(after)) return;
    for (const [other, { placed }] of keptOut) if (!this.#wishes.has(other)) this.#wishes.set(other, placed.plan);
  }

  *#placedPlans(): Generator<PlacedPlan> {
    for (const { placed } of this.#inEffect.values()) yield placed;
  }

  #addressesOf(key: string, { addresses }: GatewayPlan): readonly string[] {
    const wanted = addresses.filter(({ value }) => value !== '');
    if (wanted.length > 0) return wanted.map(({ value }) => value);
    const address = this.#options.address ?? this.#addresses.acquire(key);
    return address === undefined ? [] : [address];
  }

  /** What a worker that joins must be told, one delta a Gateway. */
  #wholeState(): readonly WorkerDelta[] {
    const told = new PartsInUse();
    const changes = [...this.#placedPlans()].map((placed): PlanChange => {
      const change = diffPlans(undefined, placed, told);
      told.commit(change);
      return change;
    });
    // Two Gateways may hold different versions of a backend's endpoints: the one that came last is in effect.
    const newest = [...this.#inUse.backends.parts()].filter((backend) => told.backends.get(backend.id) !== backend);
    return newest.length === 0
      ? changes.map(({ delta }) => delta)
      : [...changes.map(({ delta }) => delta), { ...EMPTY_DELTA, backends: newest }];
  }

  #portReports({ placed, failed }: Placement): readonly PortReport[] {
    const reports = placed.sockets.map((place): PortReport => {
      const state = this.#listening.state(place.socket);
      return state.type === 'Failed'
        ? failedPort(place, state.code)
        : { port: place.port.port, boundPort: place.boundPort, state: 'Bound' };
    });
    return mergePortReports([...failed, ...reports]);
  }

  #reportUsersOf(socket: string): void {
    for (const placement of this.#inEffect.values()) {
      if (placement.placed.sockets.some((place) => place.socket === socket)) this.#reportPlacement(placement);
    }
  }

  #reportPlacement(placement: Placement): void {
    const { plan, sockets } = placement.placed;
    const states = sockets.map(({ socket }) => this.#listening.state(socket));
    const pending = states.some((state) => state.type === 'Failed' && !state.settled);
    this.#report({
      gateway: plan.gateway,
      planId: plan.id,
      state: pending ? 'Pending' : 'Applied',
      ports: this.#portReports(placement),
      addresses: ipAddresses(placement.addresses.filter((address) => !this.#isForeign(address, sockets))),
    });
  }

  /** Whether an address turned out to be none of this machine: it is not one that the Gateway has. */
  #isForeign(address: string, sockets: readonly PlacedPort[]): boolean {
    return sockets.some(({ socket, boundPort }) => {
      const state = this.#listening.state(socket);
      return socket === socketId(address, boundPort) && state.type === 'Failed' && state.code === 'EADDRNOTAVAIL';
    });
  }

  #report(report: EngineReport): void {
    for (const listen of this.#listeners) listen(report);
  }
}

const EMPTY_DELTA: WorkerDelta = {
  rules: [],
  removedRules: [],
  backends: [],
  removedBackends: [],
  certificates: [],
  removedCertificates: [],
  sockets: [],
};

function ipAddresses(addresses: readonly string[]): EngineReport['addresses'] {
  return addresses.map((value) => ({ type: 'IPAddress', value }));
}

/** The worker's module, compiled or not as this one. */
function builtWorker(): string {
  const extension = import.meta.url.slice(import.meta.url.lastIndexOf('.'));
  return fileURLToPath(new URL(`../../dataplane/worker${extension}`, import.meta.url));
}
