import { compareText } from '../lib/comparator.ts';
import { insertSorted, removeSorted } from '../lib/sorted-array.ts';
import { backendsOf } from './build-rules.ts';
import { ContentSum, elementHash } from './content-sum.ts';
import type { RankedRule } from './precedence.ts';
import type { BackendId, BackendPlan } from './types.ts';

/** Gives the newest plan of a backend. */
export type BackendLookup = (id: BackendId) => BackendPlan | undefined;

/** The backends that the rules of one Gateway name, by counting who names them. */
export class NamedBackends {
  readonly #counts = new Map<BackendId, number>();
  readonly #changed = new Set<BackendId>();
  readonly #content = new ContentSum();
  readonly #published = new Map<BackendId, BackendPlan>();
  #plans: readonly BackendPlan[] = [];

  /** Ordered by id; as of the last `publish`. */
  get plans(): readonly BackendPlan[] {
    return this.#plans;
  }

  /** Hash of all but the endpoints. */
  get content(): bigint {
    return this.#content.value;
  }

  /** A host of a served listener carries the rule. */
  add(rule: RankedRule): void {
    for (const id of backendsOf(rule.plan)) this.#count(id, 1);
  }

  /** The opposite of `add`. */
  remove(rule: RankedRule): void {
    for (const id of backendsOf(rule.plan)) this.#count(id, -1);
  }

  /** Says that a backend has a new plan; whether it is named here. */
  noteChange(id: BackendId): boolean {
    if (!this.#counts.has(id)) return false;
    this.#changed.add(id);
    return true;
  }

  /** Makes the changes part of `plans`. */
  publish(lookup: BackendLookup): void {
    if (this.#changed.size === 0) return;
    const plans = [...this.#plans];
    for (const id of this.#changed) {
      const next = this.#counts.has(id) ? planOf(id, lookup) : undefined;
      this.#replace(plans, id, next);
    }
    this.#changed.clear();
    this.#plans = plans;
  }

  #replace(plans: BackendPlan[], id: BackendId, next: BackendPlan | undefined): void {
    const before = this.#published.get(id);
    if (before !== undefined) this.#content.remove(elementOf(before));
    if (next !== undefined) {
      this.#content.add(elementOf(next));
      this.#published.set(id, next);
      insertSorted(plans, next, byId);
    } else if (before !== undefined) {
      this.#published.delete(id);
      removeSorted(plans, before, byId);
    }
  }

  #count(id: BackendId, change: 1 | -1): void {
    const before = this.#counts.get(id) ?? 0;
    const after = before + change;
    if (after === 0) this.#counts.delete(id);
    else this.#counts.set(id, after);
    if (before === 0 || after === 0) this.#changed.add(id);
  }
}

function planOf(id: BackendId, lookup: BackendLookup): BackendPlan {
  const plan = lookup(id);
  if (plan === undefined) throw new Error(`A rule names backend "${id}", which the topology does not have.`);
  return plan;
}

function elementOf({ id, protocol }: BackendPlan): bigint {
  return elementHash(JSON.stringify(['backend', id, protocol]));
}

function byId(a: BackendPlan, b: BackendPlan): number {
  return compareText(a.id, b.id);
}
