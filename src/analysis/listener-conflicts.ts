import type { Listener } from '../api/parts/listener.ts';
import { enumerate } from './finding.ts';
import { portUse } from './listener-protocols.ts';

/** Why a listener cannot be served beside another. */
export interface Conflict {
  readonly reason: 'ProtocolConflict' | 'HostnameConflict';
  /** A sentence. */
  readonly message: string;
}

/**
 * The conflicts within one Gateway, by listener name. Gateway.spec.listeners: listeners are distinct by port, protocol
 * and hostname; of those that are not, all are in conflict: none wins.
 */
export function conflictsAmong(listeners: readonly Listener[]): ReadonlyMap<string, Conflict> {
  const conflicts = new Map<string, Conflict>();
  for (const listener of listeners) {
    const others = listeners.filter((other) => other.name !== listener.name);
    const conflict = conflictWith(listener, others);
    if (conflict !== undefined) conflicts.set(listener.name, conflict);
  }
  return conflicts;
}

/** Whether `listener` can be served beside `others`; `whose` says where they are, for the message. */
export function conflictWith(listener: Listener, others: readonly Listener[], whose = ''): Conflict | undefined {
  const neighbours = others.filter((other) => other.port === listener.port && portUse(other.protocol) !== undefined);
  if (portUse(listener.protocol) === undefined) return undefined;
  const foreign = neighbours.filter((other) => !speakAlike(listener, other));
  if (foreign.length > 0) return protocolConflict(listener, foreign, whose);
  const twins = neighbours.filter((other) => hostOf(other) === hostOf(listener));
  if (twins.length === 0) return undefined;
  return {
    reason: 'HostnameConflict',
    message:
      `${listenersOf(twins, whose)} also on port ${listener.port} for ${describeHost(listener)}; ` +
      'give each listener on a port a hostname of its own.',
  };
}

/** TLS listeners that terminate and that pass through cannot share a port, because that is not supported (Mixed). */
function speakAlike(one: Listener, other: Listener): boolean {
  if (portUse(one.protocol) !== portUse(other.protocol)) return false;
  return one.protocol !== 'TLS' || other.protocol !== 'TLS' || one.tls?.mode === other.tls?.mode;
}

function protocolConflict(listener: Listener, foreign: readonly Listener[], whose: string): Conflict {
  const protocols = [...new Set(foreign.map(describeProtocol))].join(', ');
  return {
    reason: 'ProtocolConflict',
    message:
      `${listenersOf(foreign, whose)} also on port ${listener.port}, for ${protocols}, which cannot share a port ` +
      `with ${describeProtocol(listener)}; move one of them to another port.`,
  };
}

function describeProtocol({ protocol, tls }: Listener): string {
  return protocol === 'TLS' && tls?.mode !== undefined ? `TLS ${tls.mode}` : protocol;
}

function listenersOf(listeners: readonly Listener[], whose: string): string {
  const names = enumerate(listeners.map(({ name }) => name));
  return listeners.length === 1 ? `Listener ${names}${whose} is` : `Listeners ${names}${whose} are`;
}

function hostOf({ hostname }: Listener): string {
  return hostname?.toLowerCase() ?? '';
}

function describeHost(listener: Listener): string {
  const host = hostOf(listener);
  return host === '' ? 'every host' : `host "${host}"`;
}
