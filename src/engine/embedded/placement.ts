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
 * Gives a plan's ports their sockets. Gateways that share an address share its sockets. Which of two listeners with one
 * hostname is served was decided before there were plans; while a hostname goes from one Gateway to another, and where two
 * spellings name one address, what is there stays, and a listener that would take its place is left out and reported.
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
      const joining = joinSocket(socket, port, sharers);
      if (joining.port.listeners.length > 0) sockets.push({ socket, boundPort, port: joining.port });
      if (joining.clash !== undefined) report(joining.clash, 'PortUnavailable');
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

/** What of a port can join a socket that other Gateways use, and why the rest cannot. */
interface Joining {
  readonly port: PortPlan;
  /** A sentence; undefined if all of the port can join. */
  readonly clash: string | undefined;
}

function joinSocket(socket: string, port: PortPlan, sharers: readonly PlacedPlan[]): Joining {
  let joining: Joining = { port, clash: undefined };
  for (const sharer of sharers) {
    const theirs = sharer.sockets.find((place) => place.socket === socket)?.port;
    if (theirs !== undefined) joining = joinPort(socket, joining, { gateway: sharer.key, port: theirs });
  }
  return joining;
}

function joinPort(
  socket: string,
  { port, clash }: Joining,
  theirs: { readonly gateway: string; readonly port: PortPlan },
): Joining {
  if (theirs.port.protocol !== port.protocol) {
    const message = `Gateway "${theirs.gateway}" serves ${theirs.port.protocol} on ${socket}. Use another port, or an address for each Gateway.`;
    return { port: { ...port, listeners: [] }, clash: message };
  }
  const names = new Set(theirs.port.listeners.map(({ hostname }) => hostname));
  const twice = port.listeners.find(({ hostname }) => names.has(hostname));
  if (twice === undefined) return { port, clash };
  return {
    port: { ...port, listeners: port.listeners.filter(({ hostname }) => !names.has(hostname)) },
    clash: `Gateway "${theirs.gateway}" serves ${twice.hostname ?? 'every host'} on ${socket} already. Use another hostname or port, or an address for each Gateway.`,
  };
}
