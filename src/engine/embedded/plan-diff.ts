import type {
  BackendId,
  BackendPlan,
  CertificateId,
  CertificatePlan,
  GatewayPlan,
  HostPlan,
  ListenerPlan,
  PortPlan,
  RuleId,
  RulePlan,
} from '../../plan/types.ts';
import { changedRange, pairChanges } from './changed-range.ts';
import type { CertificateData, HostDelta, ListenerDelta, SocketDelta, SocketId, WorkerDelta } from './protocol.ts';
import { type UseChanges, UseCounts, unuse, use } from './use-counts.ts';

/** A Gateway's plan with the sockets that it was given. */
export interface PlacedPlan {
  /** `namespace/name` of the Gateway. */
  readonly key: string;
  readonly plan: GatewayPlan;
  readonly sockets: readonly PlacedPort[];
}

/** A port of a plan on one address. */
export interface PlacedPort {
  readonly socket: SocketId;
  /** With the port offset. */
  readonly boundPort: number;
  readonly port: PortPlan;
}

/** Which rules, backends and certificates workers hold, over all Gateways. */
export class PartsInUse {
  readonly rules = new UseCounts<RuleId, RulePlan>();
  readonly backends = new UseCounts<BackendId, BackendPlan>();
  readonly certificates = new UseCounts<CertificateId, CertificatePlan>();

  /** Notes that workers have applied `change`. */
  commit(change: PlanChange): void {
    this.rules.commit(change.rules);
    this.backends.commit(change.backends);
    this.certificates.commit(change.certificates);
  }
}

/** The way from one plan to the next. `delta` is for workers, the rest is noted once they have applied it. */
export interface PlanChange {
  readonly delta: WorkerDelta;
  readonly rules: UseChanges<RuleId, RulePlan>;
  readonly backends: UseChanges<BackendId, BackendPlan>;
  readonly certificates: UseChanges<CertificateId, CertificatePlan>;
}

/**
 * What workers must be told so that `next` takes the place of `previous` (undefined: there is none). Parts are compared
 * by reference first, so the cost follows the change. Changes neither argument.
 */
export function diffPlans(
  previous: PlacedPlan | undefined,
  next: PlacedPlan | undefined,
  inUse: PartsInUse,
): PlanChange {
  const rules: UseChanges<RuleId, RulePlan> = new Map();
  const backends = changedUses<BackendId, BackendPlan>(previous?.plan.backends ?? [], next?.plan.backends ?? []);
  const certificates = changedUses<CertificateId, CertificatePlan>(
    previous?.plan.certificates ?? [],
    next?.plan.certificates ?? [],
  );
  const gateway = next?.key ?? previous?.key ?? '';
  const sockets = pairChanges(
    changedRange(previous?.sockets ?? [], next?.sockets ?? [], isSamePlace),
    ({ socket }) => socket,
  ).map(({ before, after }) => diffSocket(gateway, before, after, rules));
  return {
    rules,
    backends,
    certificates,
    delta: {
      // Equal ids mean equal rules, so an object that merely was built anew is not sent again.
      rules: inUse.rules.coming(rules).filter(({ id }) => inUse.rules.get(id) === undefined),
      removedRules: inUse.rules.going(rules),
      backends: inUse.backends.coming(backends),
      removedBackends: inUse.backends.going(backends),
      certificates: inUse.certificates
        .coming(certificates)
        .filter(({ id }) => inUse.certificates.get(id) === undefined)
        .map(reveal),
      removedCertificates: inUse.certificates.going(certificates),
      sockets,
    },
  };
}

/** Whether a delta changes nothing, so that no worker needs to hear of it. */
export function isEmptyDelta(delta: WorkerDelta): boolean {
  return Object.values(delta).every((parts: readonly unknown[]) => parts.length === 0);
}

function isSamePlace(left: PlacedPort, right: PlacedPort): boolean {
  return left.socket === right.socket && left.boundPort === right.boundPort && left.port === right.port;
}

function changedUses<Id extends string, Part extends { readonly id: Id }>(
  before: readonly Part[],
  after: readonly Part[],
): UseChanges<Id, Part> {
  const changes: UseChanges<Id, Part> = new Map();
  const range = changedRange(before, after, (left, right) => left === right);
  for (const part of range.removed) unuse(changes, part.id);
  for (const part of range.inserted) use(changes, part.id, part);
  return changes;
}

function diffSocket(
  gateway: string,
  before: PlacedPort | undefined,
  after: PlacedPort | undefined,
  rules: UseChanges<RuleId, RulePlan>,
): SocketDelta {
  const place = after ?? before;
  if (place === undefined) throw new Error('A socket cannot change from nothing to nothing.');
  const pairs = pairChanges(
    changedRange(before?.port.listeners ?? [], after?.port.listeners ?? [], (left, right) => left === right),
    ({ name }) => name,
  );
  const listeners: ListenerDelta[] = [];
  const removedListeners: string[] = [];
  for (const pair of pairs) {
    const hosts = diffHosts(pair.before?.hosts ?? [], pair.after?.hosts ?? [], rules);
    if (pair.after !== undefined) listeners.push(listenerDelta(gateway, pair.after, hosts));
    else if (pair.before !== undefined) removedListeners.push(`${gateway}/${pair.before.name}`);
  }
  return {
    socket: place.socket,
    protocol: place.port.protocol,
    port: place.boundPort,
    listeners,
    removedListeners,
  };
}

function listenerDelta(gateway: string, listener: ListenerPlan, hosts: readonly HostDelta[]): ListenerDelta {
  return {
    key: `${gateway}/${listener.name}`,
    ...(listener.hostname === undefined ? {} : { hostname: listener.hostname }),
    ...(listener.tls === undefined ? {} : { tls: listener.tls }),
    hosts,
  };
}

function diffHosts(
  before: readonly HostPlan[],
  after: readonly HostPlan[],
  rules: UseChanges<RuleId, RulePlan>,
): HostDelta[] {
  const pairs = pairChanges(
    changedRange(before, after, (left, right) => left === right),
    ({ hostname }) => hostname,
  );
  const deltas = pairs.map((pair) => {
    const range = changedRange(
      pair.before?.rules ?? [],
      pair.after?.rules ?? [],
      (left, right) => left.id === right.id,
    );
    for (const rule of range.removed) unuse(rules, rule.id);
    for (const rule of range.inserted) use(rules, rule.id, rule);
    return {
      hostname: (pair.after ?? pair.before)?.hostname ?? '',
      at: range.at,
      removeCount: range.removed.length,
      insert: range.inserted.map(({ id }) => id),
    };
  });
  return deltas.filter(({ removeCount, insert }) => removeCount > 0 || insert.length > 0);
}

/** The one place where key material leaves its wrapping: for the channel to a worker. */
function reveal({ id, names, material }: CertificatePlan): CertificateData {
  return { id, names, ...material.reveal() };
}
