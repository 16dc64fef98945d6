import { compareText } from '../lib/comparator.ts';
import { insertSorted, removeSorted } from '../lib/sorted-array.ts';
import { ContentSum, elementHash } from './content-sum.ts';
import { byPrecedence, type RankedRule } from './precedence.ts';
import type { HostPlan } from './types.ts';

interface Host {
  readonly plan: HostPlan;
  /** Parallel to `plan.rules`. */
  readonly ranked: readonly RankedRule[];
}

/**
 * The hosts of one listener, kept in order while routes come and go. Edits gather in drafts; `publish` turns them into
 * plans. A host that no edit touched stays the same object.
 */
export class ListenerHosts {
  readonly #name: string;
  readonly #hosts = new Map<string, Host>();
  readonly #drafts = new Map<string, RankedRule[]>();
  readonly #content = new ContentSum();
  #plans: readonly HostPlan[] = [];

  constructor(name: string) {
    this.#name = name;
  }

  /** Ordered by hostname; as of the last `publish`. */
  get plans(): readonly HostPlan[] {
    return this.#plans;
  }

  /** Hash of all rules and where they stand. */
  get content(): bigint {
    return this.#content.value;
  }

  get isEmpty(): boolean {
    return this.#plans.length === 0 && this.#drafts.size === 0;
  }

  add(hostname: string, rule: RankedRule): void {
    insertSorted(this.#draft(hostname), rule, byPrecedence);
    this.#content.add(this.#element(hostname, rule));
  }

  remove(hostname: string, rule: RankedRule): void {
    removeSorted(this.#draft(hostname), rule, byPrecedence);
    this.#content.remove(this.#element(hostname, rule));
  }

  /** All rules, each as often as hosts carry it; edits included. */
  *rules(): Generator<RankedRule> {
    for (const [hostname, { ranked }] of this.#hosts) if (!this.#drafts.has(hostname)) yield* ranked;
    for (const ranked of this.#drafts.values()) yield* ranked;
  }

  /** Makes the edits part of `plans`. */
  publish(): void {
    if (this.#drafts.size === 0) return;
    const plans = [...this.#plans];
    for (const [hostname, ranked] of this.#drafts) {
      const plan: HostPlan = { hostname, rules: ranked.map((rule) => rule.plan) };
      if (ranked.length === 0) {
        this.#hosts.delete(hostname);
        removeSorted(plans, plan, byHostname);
      } else {
        this.#hosts.set(hostname, { plan, ranked });
        insertSorted(plans, plan, byHostname);
      }
    }
    this.#drafts.clear();
    this.#plans = plans;
  }

  #draft(hostname: string): RankedRule[] {
    const known = this.#drafts.get(hostname);
    if (known !== undefined) return known;
    const draft = [...(this.#hosts.get(hostname)?.ranked ?? [])];
    this.#drafts.set(hostname, draft);
    return draft;
  }

  /** The creation time stands in it because it decides the order of rules, and is not part of a rule's id. */
  #element(hostname: string, { plan, createdAt }: RankedRule): bigint {
    return elementHash(JSON.stringify([this.#name, hostname, plan.id, createdAt]));
  }
}

function byHostname(a: HostPlan, b: HostPlan): number {
  return compareText(a.hostname, b.hostname);
}
