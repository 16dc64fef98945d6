import { isIP } from 'node:net';
import type { GatewayPlan, PortPlan } from '../../plan/types.ts';
import type { PortReport } from '../engine-report.ts';
import type { PlacedPlan, PlacedPort } from './plan-diff.ts';
import { socketId } from './socket-broker.ts';

/** Where a Gateway goes: its addresses, and those of its ports that can go there. */
export interface Placement {
  readonly placed: PlacedPlan;
  /** Those that can be bound. */
  readonly addresses: readonly string[];
  /** Ports that other Gateways keep from being served, and addresses that no engine can bind. */
  readonly failed: readonly PortReport[];
}

/**
 * Gives a plan's ports their sockets. Gateways that share an address share its sockets; what came first keeps a
 * hostname, and a port that would take it is left out and reported.
 */
export function placePlan(
  key: string,
  plan: GatewayPlan,
  addresses: readonly string[],
  { portOffset, others }: { readonly portOffset: number; readonly others: Iterable<PlacedPlan> },
): Placement {
  const usable = [...new Set(addresses.filter((address) => isIP(address) !== 0))];
  const sharers = [...others].filter((other) => other.key !== key);
  const sockets: PlacedPort[] = [];
  const failed: PortReport[] = [];
  for (const port of plan.ports) {
    const boundPort = port.port + portOffset;
    const report = (message: string, cause: PortReport['cause'] & string) =>
      failed.push({ port: port.port, boundPort, state: 'Failed', message, cause });
    const names = addresses.filter((address) => isIP(address) === 0);
    if (boundPort > 65_535) {
      report(
        `Port ${port.port} with the port offset ${portOffset} is over 65535. Use a smaller --port-offset.`,
        'PortUnavailable',
      );
      continue;
    }
    if (names.length > 0 || usable.length === 0) {
      report(`${describe(names)} cannot be bound; give the Gateway IP addresses of this machine.`, 'AddressNotUsable');
    }
    for (const address of usable) {
      const socket = socketId(address, boundPort);
      const clash = findClash(socket, port, sharers);
      if (clash === undefined) sockets.push({ socket, boundPort, port });
      else report(clash, 'PortUnavailable');
    }
  }
  return { placed: { key, plan, sockets }, addresses: usable, failed };
}

/** What a plan takes from Gateways that share its sockets, as one string. */
export function claimsOf(placed: PlacedPlan | undefined): string {
  return (placed?.sockets ?? [])
    .flatMap(({ socket, port }) =>
      port.listeners.map(({ hostname }) => `${socket} ${port.protocol} ${hostname ?? '*'}`),
    )
    .join();
}

function describe(names: readonly string[]): string {
  return names.length === 0 ? 'No address is left in the pool, so the port' : `The address "${names.join('", "')}"`;
}

/** Why a port cannot join a socket that other Gateways use; undefined if it can. */
function findClash(socket: string, port: PortPlan, sharers: readonly PlacedPlan[]): string | undefined {
  for (const sharer of sharers) {
    const theirs = sharer.sockets.find((place) => place.socket === socket)?.port;
    if (theirs === undefined) continue;
    if (theirs.protocol !== port.protocol) {
      return `Gateway "${sharer.key}" serves ${theirs.protocol} on ${socket}. Use another port, or an address for each Gateway.`;
    }
    const names = new Set(theirs.listeners.map(({ hostname }) => hostname));
    const twice = port.listeners.find(({ hostname }) => names.has(hostname));
    if (twice !== undefined) {
      return `Gateway "${sharer.key}" serves ${twice.hostname ?? 'every host'} on ${socket} already. Use another hostname or port, or an address for each Gateway.`;
    }
  }
  return undefined;
}
