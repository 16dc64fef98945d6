import type { AnalysisOptions } from '../analysis/options.ts';
import { deepEqual } from '../analysis/structural-sharing.ts';
import type { OtherView, TopologyUpdate } from '../analysis/topology.ts';
import type { KubeObject, ObjectRef } from '../api/object.ts';
import { objectKey, refOf } from '../api/object.ts';
import type { EngineReport } from '../engine/engine-report.ts';
import type { Clock } from '../lib/clock.ts';
import type { EventClient, StatusClient } from '../store/object-client.ts';
import { EndpointNotices } from './endpoint-notices.ts';
import type { StatusNotice } from './endpoint-notices.ts';
import { servedListeners } from './gateway-status.ts';
import { PlanProgress } from './plan-progress.ts';
import type { VersionedObject } from './plan-progress.ts';
import { conditionTime } from './status-context.ts';
import { statusOfObject, versioned } from './status-of-object.ts';
import { StatusViews } from './status-views.ts';
import { StatusWriter } from './status-writer.ts';

/** How a `StatusKeeper` is made. */
export interface StatusKeeperOptions {
  /** Records Events only where every GatewayClass is adopted: elsewhere an Ingress may well be served by others. */
  readonly client: StatusClient & Partial<EventClient>;
  readonly clock: Clock;
  readonly analysis: Pick<AnalysisOptions, 'controllerNames' | 'features'>;
  /** A write failed; it is tried again. */
  readonly onError: (ref: ObjectRef, error: unknown) => void;
  /** Told what no condition shows as a fault: an Ingress that is not served, a Service without a ready endpoint. */
  readonly onNotice?: (notice: StatusNotice) => void;
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
  readonly #endpointNotices = new EndpointNotices();
  /** The served listeners of each Gateway, as routes were last told. */
  readonly #served = new Map<string, readonly string[]>();

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
    for (const { ref } of [...update.gateways, ...update.routes, ...update.warned]) this.#writer.enqueue(ref);
    for (const { ref } of update.gateways) this.#tellServed(ref);
    for (const other of update.others) this.#tellOther(other);
    for (const ref of update.removed) this.#writer.enqueue(ref);
    for (const notice of this.#endpointNotices.after(update)) this.#options.onNotice?.(notice);
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
    this.#tellServed(report.gateway);
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

  /**
   * Has the routes of a Gateway written anew when other listeners of it are served than before: their views stay the
   * same.
   */
  #tellServed(gateway: ObjectRef): void {
    const key = objectKey(gateway);
    const view = this.#views.gateways.get(key);
    const served = view === undefined ? [] : servedListeners(view, this.#reports.get(key));
    if (deepEqual(this.#served.get(key), served)) return;
    const isFirst = !this.#served.has(key);
    this.#served.set(key, served);
    if (!isFirst) for (const route of this.#views.routesOn(key)) this.#writer.enqueue(route);
  }

  #tellOther({ ref, source, findings }: OtherView): void {
    this.#writer.enqueue(ref);
    if (ref.kind !== 'Ingress') return;
    const { apiVersion, metadata } = source;
    const about = { ...ref, apiVersion, ...(metadata.uid === undefined ? {} : { uid: metadata.uid }) };
    for (const { reason, message } of findings) {
      this.#options.onNotice?.({ level: 'warning', about: ref, message });
      this.#options.client
        .recordEvent?.({ about, type: 'Warning', reason, message })
        .catch((error: unknown) => this.#options.onError(ref, error));
    }
  }

  #forget(ref: ObjectRef): void {
    const key = objectKey(ref);
    this.#progress.forget(key);
    this.#reports.delete(key);
    this.#served.delete(key);
  }

  /** The status that an object is to have; undefined if it has it already, or is not ours to write. */
  #statusFor(object: KubeObject): unknown {
    const { analysis, clock } = this.#options;
    const sources = { analysis, views: this.#views, reports: this.#reports, progress: this.#progress };
    return statusOfObject(object, sources, conditionTime(clock.now()));
  }
}
