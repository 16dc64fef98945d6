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

/** A listener that works, and whose it is. */
interface Placed {
  readonly gateway: string;
  readonly listener: Listener;
}

/**
 * Conflicts between Gateways that share an address, by Gateway and listener name: because they ask for the same one, or
 * because they ask for none and get `sharedAddress`. The listeners merge by precedence: that of the older Gateway keeps
 * working, and the clash is told on the younger. Listeners that their own Gateway rejects are in nobody's way.
 */
export function conflictsBetween(
  gateways: readonly Gateway[],
  sharedAddress: string | undefined,
): Readonly<Record<string, ListenerConflicts>> {
  const placed = new Map<string, Placed[]>();
  const conflicts: Record<string, ListenerConflicts> = {};
  for (const gateway of gateways.toSorted(byAge)) {
    const addresses = addressesOf(gateway, sharedAddress);
    if (addresses.length === 0) continue;
    const name = namespacedName(gateway.metadata);
    const own: Record<string, Conflict> = {};
    const among = conflictsAmong(gateway.spec.listeners);
    const earlier = addresses.flatMap((address) => placed.get(address) ?? []);
    const working: Placed[] = [];
    for (const listener of gateway.spec.listeners.filter(({ name: each }) => !among.has(each))) {
      const conflict = firstConflict(listener, earlier);
      if (conflict === undefined) working.push({ gateway: name, listener });
      else own[listener.name] = conflict;
    }
    for (const address of addresses) placed.set(address, [...(placed.get(address) ?? []), ...working]);
    if (Object.keys(own).length > 0) conflicts[name] = own;
  }
  return conflicts;
}

/** The addresses that others may have as well. */
function addressesOf({ spec }: Gateway, sharedAddress: string | undefined): readonly string[] {
  const asked = (spec.addresses ?? []).map(({ value = '' }) => value).filter((value) => value !== '');
  if (asked.length > 0) return [...new Set(asked)];
  return sharedAddress === undefined ? [] : [sharedAddress];
}

function firstConflict(listener: Listener, earlier: readonly Placed[]): Conflict | undefined {
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
