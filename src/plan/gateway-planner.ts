import type { GatewayView } from '../analysis/topology.ts';
import { ContentSum, elementHash } from './content-sum.ts';
import { buildGatewayHead, type GatewayHead, type ListenerHead } from './gateway-head.ts';
import { ListenerHosts } from './listener-hosts.ts';
import { type BackendLookup, NamedBackends } from './named-backends.ts';
import type { RankedRule } from './precedence.ts';
import type { BackendId, GatewayPlan, ListenerPlan, PlanId, PortPlan, TlsPlan } from './types.ts';

/** Rules that leave and join one host of a Gateway. */
export interface HostEdit {
  readonly listener: string;
  readonly hostname: string;
  readonly removed: readonly RankedRule[];
  readonly added: readonly RankedRule[];
}

/**
 * The plan of one Gateway, kept up to date. Routes are kept for listeners that are not served, too, so that a listener
 * that recovers has its rules at once.
 */
export class GatewayPlanner {
  readonly #hosts = new Map<string, ListenerHosts>();
  readonly #backends = new NamedBackends();
  #view: GatewayView | undefined;
  #head: GatewayHead | undefined;
  #listenerPlans: ReadonlyMap<string, ListenerPlan> = new Map();
  #plan: GatewayPlan | undefined;

  /** As of the last `publish`; undefined while nothing of the Gateway is served. */
  get plan(): GatewayPlan | undefined {
    return this.#plan;
  }

  /** Nothing is known of it any more. */
  get isEmpty(): boolean {
    return this.#view === undefined && this.#hosts.size === 0;
  }

  /** Takes over a new view; undefined if the Gateway is gone. */
  setView(view: GatewayView | undefined): void {
    const before = this.#servedNames();
    this.#view = view;
    const head = view?.accepted === true ? buildGatewayHead(view) : undefined;
    // A view changes whenever a route attaches; the head seldom does.
    if (!haveSameContent(this.#head, head)) this.#head = head;
    const after = this.#servedNames();
    for (const name of before) if (!after.has(name)) this.#countRules(name, 'remove');
    for (const name of after) if (!before.has(name)) this.#countRules(name, 'add');
  }

  edit({ listener, hostname, removed, added }: HostEdit): void {
    const hosts = this.#hosts.get(listener) ?? new ListenerHosts(listener);
    this.#hosts.set(listener, hosts);
    const isServed = this.#head?.listeners.some(({ name }) => name === listener) === true;
    for (const rule of removed) {
      hosts.remove(hostname, rule);
      if (isServed) this.#backends.remove(rule);
    }
    for (const rule of added) {
      hosts.add(hostname, rule);
      if (isServed) this.#backends.add(rule);
    }
  }

  /** Whether the backend is named here, so that `publish` is needed. */
  noteBackendChange(id: BackendId): boolean {
    return this.#backends.noteChange(id);
  }

  /** Turns everything since the last call into a plan; parts that did not change are the same objects. */
  publish(lookup: BackendLookup): void {
    for (const [name, hosts] of this.#hosts) {
      hosts.publish();
      if (hosts.isEmpty) this.#hosts.delete(name);
    }
    this.#backends.publish(lookup);
    if (this.#view === undefined || this.#head === undefined) {
      this.#plan = undefined;
      this.#listenerPlans = new Map();
      return;
    }
    const next: GatewayPlan = {
      id: this.#id(this.#view, this.#head),
      gateway: this.#plan?.gateway ?? this.#view.ref,
      addresses: this.#head.addresses,
      ports: this.#buildPorts(this.#head.listeners),
      backends: this.#backends.plans,
      certificates: this.#head.certificates,
    };
    if (!haveSameParts(this.#plan, next)) this.#plan = next;
  }

  #buildPorts(heads: readonly ListenerHead[]): readonly PortPlan[] {
    const before = this.#listenerPlans;
    const listeners = heads.map((head) => ({ head, plan: this.#buildListener(head, before.get(head.name)) }));
    this.#listenerPlans = new Map(listeners.map(({ plan }) => [plan.name, plan]));
    const ports = [...new Set(heads.map(({ port }) => port))].map((port) => {
      const members = listeners.filter(({ head }) => head.port === port);
      const protocol = members.some(({ head }) => head.protocol === 'HTTPS') ? 'HTTPS' : 'HTTP';
      const next: PortPlan = { port, protocol, listeners: members.map(({ plan }) => plan) };
      const known = this.#plan?.ports.find((candidate) => candidate.port === port);
      return known !== undefined && known.protocol === protocol && haveSameItems(known.listeners, next.listeners)
        ? known
        : next;
    });
    return this.#plan !== undefined && haveSameItems(this.#plan.ports, ports) ? this.#plan.ports : ports;
  }

  #buildListener({ name, hostname, tls }: ListenerHead, before: ListenerPlan | undefined): ListenerPlan {
    const hosts = this.#hosts.get(name)?.plans ?? NO_HOSTS;
    const isSame = before?.hostname === hostname && haveSameCertificates(before?.tls, tls);
    if (before !== undefined && isSame && before.hosts === hosts) return before;
    const kept = isSame ? before?.tls : tls;
    return {
      name,
      ...(hostname === undefined ? {} : { hostname }),
      ...(kept === undefined ? {} : { tls: kept }),
      hosts,
    };
  }

  #id({ ref }: GatewayView, head: GatewayHead): PlanId {
    const sum = new ContentSum();
    sum.add(elementHash(JSON.stringify([ref, contentOf(head)])));
    sum.add(this.#backends.content);
    for (const { name } of head.listeners) sum.add(this.#hosts.get(name)?.content ?? 0n);
    return sum.value.toString(16).padStart(32, '0').slice(0, 16) as PlanId;
  }

  #servedNames(): ReadonlySet<string> {
    return new Set(this.#head?.listeners.map(({ name }) => name));
  }

  #countRules(listener: string, change: 'add' | 'remove'): void {
    for (const rule of this.#hosts.get(listener)?.rules() ?? []) this.#backends[change](rule);
  }
}

const NO_HOSTS: ListenerPlan['hosts'] = [];

/** A head as text; certificates by their ids, which stand for their content. */
function contentOf({ addresses, listeners, certificates }: GatewayHead): string {
  return JSON.stringify([addresses, listeners, certificates.map(({ id }) => id)]);
}

function haveSameContent(a: GatewayHead | undefined, b: GatewayHead | undefined): boolean {
  return a === b || (a !== undefined && b !== undefined && contentOf(a) === contentOf(b));
}

function haveSameCertificates(a: TlsPlan | undefined, b: TlsPlan | undefined): boolean {
  return a === b || (a !== undefined && b !== undefined && haveSameItems(a.certificates, b.certificates));
}

function haveSameItems<T>(a: readonly T[], b: readonly T[]): boolean {
  return a.length === b.length && a.every((item, index) => item === b[index]);
}

function haveSameParts(a: GatewayPlan | undefined, b: GatewayPlan): boolean {
  return (
    a !== undefined &&
    a.id === b.id &&
    a.addresses === b.addresses &&
    a.ports === b.ports &&
    a.backends === b.backends &&
    a.certificates === b.certificates
  );
}
