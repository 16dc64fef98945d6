import type { AnalysisOptions } from '../analysis/options.ts';
import { owns } from '../analysis/options.ts';
import { deepEqual } from '../analysis/structural-sharing.ts';
import type { TopologyUpdate } from '../analysis/topology.ts';
import { warningsOf } from '../analysis/warnings.ts';
import type { KubeObject, ObjectRef } from '../api/object.ts';
import { objectKey, refOf } from '../api/object.ts';
import type { EngineReport } from '../engine/engine-report.ts';
import type { Clock } from '../lib/clock.ts';
import type { ObjectClient } from '../store/object-client.ts';
import { StatusViews } from './status-views.ts';
import { statusOfGatewayClass } from './gateway-class-status.ts';
import { statusOfGateway } from './gateway-status.ts';
import { statusOfForeign, statusOfOther } from './other-status.ts';
import type { OtherStatus } from './other-status.ts';
import { PlanProgress } from './plan-progress.ts';
import type { VersionedObject } from './plan-progress.ts';
import { previousStatus } from './previous-status.ts';
import { statusOfHttpRoute } from './route-status.ts';
import { conditionTime } from './status-context.ts';
import { StatusWriter } from './status-writer.ts';

/** How a `StatusKeeper` is made. */
export interface StatusKeeperOptions {
  readonly client: Pick<ObjectClient, 'editStatus'>;
  readonly clock: Clock;
  readonly analysis: Pick<AnalysisOptions, 'controllerNames' | 'features'>;
  /** A write failed; it is tried again. */
  readonly onError: (ref: ObjectRef, error: unknown) => void;
}

/** A plan as far as status is concerned. */
export interface NamedPlan {
  readonly id: string;
  readonly gateway: ObjectRef;
}

/** Keeps the status of every object as the topology and the engine say. */
export class StatusKeeper {
  readonly #options: StatusKeeperOptions;
  readonly #views = new StatusViews();
  readonly #reports = new Map<string, EngineReport>();
  readonly #progress = new PlanProgress();
  readonly #writer: StatusWriter;

  constructor(options: StatusKeeperOptions) {
    const { client, clock, onError } = options;
    this.#options = options;
    this.#writer = new StatusWriter({ client, clock, onError, statusFor: (object) => this.#statusFor(object) });
  }

  /** Takes in a change of the topology. `plans` are those that differ from before because of it. */
  update(update: TopologyUpdate, plans: readonly NamedPlan[]): void {
    this.#views.update(update);
    this.#follow(update, plans);
    for (const ref of update.removed) this.#forget(ref);
    for (const { source } of update.gatewayClasses) this.#writer.enqueue(refOf(source));
    for (const { ref } of [...update.gateways, ...update.routes, ...update.warned, ...update.others])
      this.#writer.enqueue(ref);
    for (const ref of update.removed) this.#writer.enqueue(ref);
  }

  /** Takes in what the engine says of a Gateway. */
  report(report: EngineReport): void {
    const key = objectKey(report.gateway);
    const isNews = !deepEqual(this.#reports.get(key), report);
    this.#reports.set(key, report);
    if (isNews) this.#writer.enqueue(report.gateway);
    for (const changed of this.#progress.reported(report)) {
      const ref = this.#views.refOf(changed);
      if (ref !== undefined) this.#writer.enqueue(ref);
    }
  }

  /** Ends; writes under way are finished. */
  async close(): Promise<void> {
    await this.#writer.close();
  }

  /** Notes which Gateway's plan will contain what has changed. */
  #follow({ gateways, routes }: TopologyUpdate, plans: readonly NamedPlan[]): void {
    const concerned = new Map<string, ObjectRef>();
    const note = (gateway: ObjectRef, object: VersionedObject): void => {
      concerned.set(objectKey(gateway), gateway);
      this.#progress.changed(gateway, [object]);
    };
    for (const { ref, source } of gateways) note(ref, versioned(source));
    for (const { parents, source } of routes) for (const { gateway } of parents) note(gateway, versioned(source));
    for (const { gateway, id } of plans) {
      this.#progress.planned(gateway, id);
      concerned.delete(objectKey(gateway));
    }
    for (const gateway of concerned.values()) this.#progress.settle(gateway);
    for (const { ref, accepted } of gateways) if (!accepted) this.#progress.withdrawn(ref);
  }

  #forget(ref: ObjectRef): void {
    this.#progress.forget(objectKey(ref));
    this.#reports.delete(objectKey(ref));
  }

  /** The status that an object is to have; undefined if it has it already, or is not ours to write. */
  #statusFor(object: KubeObject): unknown {
    const wanted = this.#wanted(object);
    return wanted === undefined || deepEqual(wanted, previousStatus(object)) ? undefined : wanted;
  }

  #wanted(object: KubeObject): unknown {
    const key = objectKey(refOf(object));
    const { analysis, clock } = this.#options;
    const now = conditionTime(clock.now());
    const ownership = { owns: (name: string) => owns(analysis, name) };
    const gatewayClass = this.#views.gatewayClasses.get(key);
    if (gatewayClass !== undefined)
      return statusOfGatewayClass(gatewayClass, analysis.features, { previous: previousStatus(object), now });
    const gateway = this.#views.gateways.get(key);
    if (gateway !== undefined) {
      const state = this.#progress.stateOf(gateway.ref, versioned(gateway.source));
      const progress = { state, report: this.#reports.get(key) };
      return statusOfGateway(gateway, progress, { previous: previousStatus(object), now });
    }
    const route = this.#views.routes.get(key);
    if (route !== undefined) {
      const progress = {
        stateOf: ({ gateway: parent }: { readonly gateway: ObjectRef }) =>
          this.#progress.stateOf(parent, versioned(route.source)),
        warnings: warningsOf(route, (id) => this.#views.backends.get(id)),
      };
      return statusOfHttpRoute(route, progress, { previous: previousStatus(object), now, ...ownership });
    }
    const context = { previous: previousStatus<OtherStatus>(object), now, ...ownership };
    const other = this.#views.others.get(key);
    return other === undefined ? statusOfForeign(context) : statusOfOther(other, context);
  }
}

function versioned(source: KubeObject): VersionedObject {
  return { key: objectKey(refOf(source)), generation: source.metadata.generation ?? 0 };
}
