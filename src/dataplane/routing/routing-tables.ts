import type { HostDelta, SocketDelta, SocketId, WorkerDelta } from '../../engine/embedded/protocol.ts';
import type { RuleId } from '../../plan/types.ts';
import { compileRule, type RuleContext } from './compile-rule.ts';
import type { MutableListenerTable } from './listener-table.ts';
import type { RoutableRule } from './routable-rule.ts';
import { MutableSocketTable } from './socket-table.ts';

/** The part of a delta that concerns routing. */
export type RoutingDelta = Pick<WorkerDelta, 'rules' | 'removedRules' | 'sockets'>;

/**
 * All that a worker knows about routing: compiled rules, and for each socket its listeners, hosts and paths. A delta
 * costs as much as it changes.
 */
export class RoutingTables {
  readonly #context: RuleContext;
  readonly #rules = new Map<RuleId, RoutableRule>();
  readonly #sockets = new Map<SocketId, MutableSocketTable>();

  constructor(context: RuleContext) {
    this.#context = context;
  }

  /** Undefined for a socket that no delta has named yet. */
  socket(id: SocketId): MutableSocketTable | undefined {
    return this.#sockets.get(id);
  }

  /**
   * Checks a delta and compiles its rules beside those in effect. Nothing changes until the returned function is called,
   * which does not throw. Backends that the rules name must be there.
   *
   * @throws If the delta does not fit what is here: the message is the worker's answer.
   */
  prepare(delta: RoutingDelta): () => void {
    const incoming = new Map<RuleId, RoutableRule>();
    for (const plan of delta.rules) {
      // A rule that is known stays the same object, with its place in the round robin.
      if (!this.#rules.has(plan.id)) incoming.set(plan.id, compileRule(plan, this.#context));
    }
    const ruleOf = (id: RuleId): RoutableRule => {
      const rule = incoming.get(id) ?? this.#rules.get(id);
      if (rule === undefined) throw new Error(`Rule "${id}" is not known.`);
      return rule;
    };
    const splices = delta.sockets.map((socket) => this.#checkSocket(socket, ruleOf));
    return () => {
      for (const [id, rule] of incoming) this.#rules.set(id, rule);
      for (const commit of splices) commit();
      for (const id of delta.removedRules) this.#rules.delete(id);
    };
  }

  #checkSocket(delta: SocketDelta, ruleOf: (id: RuleId) => RoutableRule): () => void {
    const socket = this.#sockets.get(delta.socket) ?? new MutableSocketTable(delta.protocol, delta.port);
    socket.checkHostnames(delta);
    const removed = new Set(delta.removedListeners);
    const splices = delta.listeners.flatMap(({ key, hosts }) => {
      checkHosts(removed.has(key) ? undefined : socket.get(key), hosts);
      return hosts.map((host) => ({ key, host, insert: host.insert.map(ruleOf) }));
    });
    return () => {
      this.#sockets.set(delta.socket, socket);
      socket.commitListeners(delta);
      for (const { key, host, insert } of splices) socket.get(key)?.spliceHost(host, insert);
    };
  }
}

function checkHosts(listener: MutableListenerTable | undefined, hosts: readonly HostDelta[]): void {
  const seen = new Set<string>();
  for (const { hostname, at, removeCount } of hosts) {
    if (seen.has(hostname)) throw new Error(`Host "${hostname}" is changed twice in one delta.`);
    seen.add(hostname);
    const count = listener?.ruleCount(hostname) ?? 0;
    if (at < 0 || removeCount < 0 || at + removeCount > count) {
      throw new Error(`Host "${hostname}" has ${count} rules; ${removeCount} at ${at} cannot be replaced.`);
    }
  }
}
