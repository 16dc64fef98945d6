import type { PortReport } from '../engine-report.ts';
import type { PlacedPort } from './plan-diff.ts';

/** What a port that cannot be opened tells its user: cause and remedy. `code` is the system's, as in `EACCES`. */
export function failedPort({ socket, boundPort, port }: PlacedPort, code: string): PortReport {
  const { cause, message } = explain(socket, boundPort, code);
  return { port: port.port, boundPort, state: 'Failed', cause, message };
}

function explain(socket: string, port: number, code: string): { cause: PortReport['cause'] & string; message: string } {
  switch (code) {
    case 'EACCES':
      return {
        cause: 'PortUnavailable',
        message: `No permission to bind port ${port} (${socket}). Use --port-offset 8000, or allow low ports: sysctl net.ipv4.ip_unprivileged_port_start=0.`,
      };
    case 'EADDRINUSE':
      return {
        cause: 'PortUnavailable',
        message: `Another program has ${socket}. Stop it, or use --port-offset, or another address with --address or --address-pool.`,
      };
    case 'EADDRNOTAVAIL':
      return {
        cause: 'AddressNotUsable',
        message: `The address of ${socket} is not one of this machine. Correct spec.addresses; a Gateway that has none gets its address from --address, such as 127.0.0.1, or --address-pool.`,
      };
    default:
      return {
        cause: 'PortUnavailable',
        message: `${socket} cannot be bound: ${code}. Use another --address or --port-offset.`,
      };
  }
}

/** One report a port, in the order of the ports: a failure on any of its addresses is the port's. */
export function mergePortReports(reports: readonly PortReport[]): readonly PortReport[] {
  const byPort = new Map<number, PortReport>();
  for (const report of reports) {
    const other = byPort.get(report.port);
    if (other === undefined || (other.state === 'Bound' && report.state === 'Failed')) byPort.set(report.port, report);
  }
  return [...byPort.values()].sort((left, right) => left.port - right.port);
}
