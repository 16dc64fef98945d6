import type { Analyzer } from '../analysis/analyzer.ts';
import type { TopologyUpdate } from '../analysis/topology.ts';
import { objectKey, refOf } from '../api/object.ts';
import type { ObjectKey, ObjectRef } from '../api/object.ts';
import type { Engine } from '../engine/engine.ts';
import type { EngineReport } from '../engine/engine-report.ts';
import type { GatewayPlan } from '../plan/types.ts';
import type { Planner } from '../plan/planner.ts';
import type { ObjectStore } from '../store/object-store.ts';

/** Who is told what comes of an update, to write it into the objects' status. */
export interface StatusSink {
  /** `plans` are those of the Gateways that the update touched; they are what reports will name. */
  update(update: TopologyUpdate, plans: readonly GatewayPlan[]): void;
  report(report: EngineReport): void;
}

/** What a `Reconciler` ties together. */
export interface ReconcilerParts {
  readonly store: Pick<ObjectStore, 'revision' | 'get' | 'list' | 'subscribe'>;
  readonly analyzer: Pick<Analyzer, 'update'>;
  readonly planner: Pick<Planner, 'update'>;
  readonly engine: Pick<Engine, 'apply' | 'remove' | 'onReport'>;
  readonly status: StatusSink;
}

/**
 * Carries every change of the store to the engine, and what the engine says to the status. A change is handled within the
 * write that makes it; one that is made by that handling itself waits for its end, together with others of its kind.
 */
export class Reconciler {
  readonly #parts: ReconcilerParts;
  readonly #changed = new Map<ObjectKey, ObjectRef>();
  readonly #reports = new Map<ObjectKey, EngineReport>();
  /** The Gateways of the first full sync whose plan is not in effect yet; undefined before it. */
  #awaited: Map<ObjectKey, ObjectRef> | undefined;
  #becomeReady: () => void = () => undefined;
  #stops: readonly (() => void)[] = [];
  #isRunning = false;

  /** Resolves once every plan of the first full sync is in effect, or was rejected. */
  readonly ready: Promise<void>;

  constructor(parts: ReconcilerParts) {
    this.#parts = parts;
    this.ready = new Promise((resolve) => {
      this.#becomeReady = resolve;
    });
  }

  /** Takes in everything that the store holds, and from then on every change. */
  start(): void {
    const { store, engine } = this.#parts;
    this.#stops = [
      engine.onReport((report) => this.#takeReport(report)),
      store.subscribe(({ object }) => this.#take(refOf(object))),
    ];
    this.#awaited = new Map(this.#update('Everything').map(({ gateway }) => [objectKey(gateway), gateway]));
    this.#checkReady();
    this.#drain();
  }

  /** Gateways whose first plan is not in effect yet. */
  get awaited(): readonly ObjectRef[] {
    return [...(this.#awaited?.values() ?? [])];
  }

  /** The newest report of each Gateway, in the order in which they came up. */
  get reports(): readonly EngineReport[] {
    return [...this.#reports.values()];
  }

  /** Stops following changes. What is in effect stays so. */
  close(): void {
    for (const stop of this.#stops) stop();
  }

  /**
   * Called within a write. A mistake in this program must end it, and not become a failure of that write: the plan would no
   * longer follow the objects, and nobody would know.
   */
  #take(ref: ObjectRef): void {
    this.#changed.set(objectKey(ref), ref);
    try {
      this.#drain();
    } catch (error) {
      queueMicrotask(() => {
        throw error;
      });
    }
  }

  #drain(): void {
    while (!this.#isRunning && this.#changed.size > 0) {
      const changed = [...this.#changed.values()];
      this.#changed.clear();
      this.#update(changed);
    }
  }

  #update(changed: readonly ObjectRef[] | 'Everything'): readonly GatewayPlan[] {
    const { store, analyzer, planner, engine, status } = this.#parts;
    this.#isRunning = true;
    try {
      const update = analyzer.update(store, changed);
      const { plans, removed } = planner.update(update);
      status.update(update, plans);
      for (const plan of plans) engine.apply(plan);
      for (const gateway of removed) this.#remove(gateway);
      return plans;
    } finally {
      this.#isRunning = false;
    }
  }

  #remove(gateway: ObjectRef): void {
    this.#parts.engine.remove(gateway);
    this.#reports.delete(objectKey(gateway));
    this.#awaited?.delete(objectKey(gateway));
    this.#checkReady();
  }

  #takeReport(report: EngineReport): void {
    const key = objectKey(report.gateway);
    this.#reports.set(key, report);
    this.#parts.status.report(report);
    if (report.state !== 'Pending') this.#awaited?.delete(key);
    this.#checkReady();
  }

  #checkReady(): void {
    if (this.#awaited?.size === 0) this.#becomeReady();
  }
}
