import type { Gateway } from '../api/gateway.ts';
import type { KubeObject } from '../api/object.ts';
import { namespacedName } from '../api/object.ts';
import type { Listener } from '../api/parts/listener.ts';
import { earlier, inOrder } from '../lib/comparator.ts';
import type { Conflict } from './listener-conflicts.ts';
import { conflictWith, conflictsAmong } from './listener-conflicts.ts';

/** Older first, then by namespace and name. Objects that no API server has seen have no creation time: they come first. */
const byAge = inOrder<KubeObject>(
  earlier(({ metadata }) => metadata.creationTimestamp ?? ''),
  earlier(({ metadata }) => namespacedName(metadata)),
);

/** Conflicts of one Gateway's listeners, by their names. */
export type ListenerConflicts = Readonly<Record<string, Conflict>>;

/**
 * Conflicts between Gateways that share one address, by Gateway and listener name. The listeners merge by precedence:
 * that of the older Gateway keeps working, and the clash is told on the younger. Listeners that their own Gateway
 * rejects are in nobody's way.
 */
export function conflictsBetween(gateways: readonly Gateway[]): Readonly<Record<string, ListenerConflicts>> {
  const earlier: { readonly gateway: string; readonly listener: Listener }[] = [];
  const conflicts: Record<string, ListenerConflicts> = {};
  for (const gateway of gateways.toSorted(byAge)) {
    const name = namespacedName(gateway.metadata);
    const own: Record<string, Conflict> = {};
    const among = conflictsAmong(gateway.spec.listeners);
    const working: Listener[] = [];
    for (const listener of gateway.spec.listeners.filter(({ name: each }) => !among.has(each))) {
      const conflict = firstConflict(listener, earlier);
      if (conflict === undefined) working.push(listener);
      else own[listener.name] = conflict;
    }
    earlier.push(...working.map((listener) => ({ gateway: name, listener })));
    if (Object.keys(own).length > 0) conflicts[name] = own;
  }
  return conflicts;
}

function firstConflict(
  listener: Listener,
  earlier: readonly { readonly gateway: string; readonly listener: Listener }[],
): Conflict | undefined {
  for (const { gateway, listener: other } of earlier) {
    const conflict = conflictWith(
      listener,
      [other],
      ` of Gateway "${gateway}", which is older and shares the address,`,
    );
    if (conflict !== undefined) return conflict;
  }
  return undefined;
}
