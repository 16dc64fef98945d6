import type { ObjectRef } from '../api/object.ts';
import { objectKey } from '../api/object.ts';
import type { EngineReport } from '../engine/engine-report.ts';
import type { PlanState } from './status-context.ts';

/** An object in a certain generation. */
export interface VersionedObject {
  readonly key: string;
  readonly generation: number;
}

interface UnderWay {
  readonly planId: string;
  readonly contains: Map<string, number>;
}

interface GatewayState {
  /** Handed to the engine and not acknowledged, oldest first. A plan contains all that those before it do. */
  underWay: UnderWay[];
  /** What the plan in effect contains: generations by object key. */
  readonly applied: Map<string, number>;
  /** Changes since the last plan, while there is none to contain them. */
  readonly unplanned: Map<string, number>;
  appliedPlanId: string | undefined;
  /** The plan that was refused, until a later one is in effect. */
  rejected: { readonly planId: string; readonly message: string } | undefined;
}

/** Which generations of which objects are in the plan that every worker runs. */
export class PlanProgress {
  readonly #gateways = new Map<string, GatewayState>();

  /** Objects that concern a Gateway have changed: its next plan, or the present one if none comes, contains them. */
  changed(gateway: ObjectRef, objects: readonly VersionedObject[]): void {
    const state = this.#stateOf(gateway);
    for (const { key, generation } of objects) state.unplanned.set(key, generation);
  }

  /** A plan with all changes up to now was made. The engine may know it already: then no report comes. */
  planned(gateway: ObjectRef, planId: string): void {
    const state = this.#stateOf(gateway);
    const last = state.underWay.at(-1);
    if (last?.planId === planId) move(state.unplanned, last.contains);
    else if (last === undefined && state.appliedPlanId === planId) move(state.unplanned, state.applied);
    else state.underWay.push({ planId, contains: taken(state.unplanned) });
  }

  /** Nothing of the changes up to now made a difference to the plan: the newest one contains them as it is. */
  settle(gateway: ObjectRef): void {
    const state = this.#gateways.get(objectKey(gateway));
    const newest = state?.underWay.at(-1)?.planId ?? state?.appliedPlanId;
    if (newest !== undefined) this.planned(gateway, newest);
  }

  /** The Gateway has no plan any more; what it contained waits for another. */
  withdrawn(gateway: ObjectRef): void {
    const state = this.#gateways.get(objectKey(gateway));
    if (state === undefined) return;
    const waiting = new Map([
      ...state.applied,
      ...state.underWay.flatMap(({ contains }) => [...contains]),
      ...state.unplanned,
    ]);
    this.#gateways.set(objectKey(gateway), { ...emptyState(), unplanned: waiting });
  }

  /** Takes in what an engine says; returns the keys of the objects for which it makes a difference. */
  reported({ gateway, planId, state: outcome, message = 'no reason was given' }: EngineReport): readonly string[] {
    const state = this.#gateways.get(objectKey(gateway));
    const position = state?.underWay.findLastIndex((plan) => plan.planId === planId) ?? -1;
    if (state === undefined || position === -1 || outcome === 'Pending') return [];
    const upTo = state.underWay.slice(0, position + 1);
    const keys = upTo.flatMap(({ contains }) => [...contains.keys()]);
    if (outcome === 'Rejected') {
      state.rejected = { planId, message };
      return keys;
    }
    for (const { contains } of upTo) move(contains, state.applied);
    state.underWay = state.underWay.slice(position + 1);
    state.appliedPlanId = planId;
    state.rejected = undefined;
    return keys;
  }

  /** How far the engine is with an object in a certain generation, on one Gateway. */
  stateOf(gateway: ObjectRef, { key, generation }: VersionedObject): PlanState {
    const state = this.#gateways.get(objectKey(gateway));
    if (state === undefined || (state.appliedPlanId === undefined && state.underWay.length === 0))
      return { type: 'None' };
    const { rejected } = state;
    const position = state.underWay.findLastIndex(({ contains }) => contains.get(key) === generation);
    if (position !== -1) {
      const refused = state.underWay.findLastIndex(({ planId }) => planId === rejected?.planId);
      return rejected !== undefined && position <= refused
        ? { type: 'Rejected', message: rejected.message }
        : { type: 'Pending' };
    }
    return state.applied.get(key) === generation ? { type: 'Applied' } : { type: 'Pending' };
  }

  /** Forgets an object that is gone. */
  forget(key: string): void {
    this.#gateways.delete(key);
    for (const { applied, unplanned, underWay } of this.#gateways.values()) {
      applied.delete(key);
      unplanned.delete(key);
      for (const { contains } of underWay) contains.delete(key);
    }
  }

  #stateOf(gateway: ObjectRef): GatewayState {
    const key = objectKey(gateway);
    const known = this.#gateways.get(key);
    if (known !== undefined) return known;
    const state = emptyState();
    this.#gateways.set(key, state);
    return state;
  }
}

function emptyState(): GatewayState {
  return { underWay: [], applied: new Map(), unplanned: new Map(), appliedPlanId: undefined, rejected: undefined };
}

function taken(from: Map<string, number>): Map<string, number> {
  const copy = new Map(from);
  from.clear();
  return copy;
}

function move(from: Map<string, number>, to: Map<string, number>): void {
  for (const [key, generation] of from) to.set(key, generation);
  from.clear();
}
