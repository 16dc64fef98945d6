import type { Clock } from '../../lib/clock.ts';

/** How the embedded engine is started. */
export interface EmbeddedEngineOptions {
  readonly clock: Clock;
  /** Worker processes. Default: one for each core that this process may use. */
  readonly workers?: number;
  /**
   * Loopback addresses (CIDR) of which each Gateway without `spec.addresses` gets its own. Default `127.64.0.0/16`: Linux
   * answers on all of 127.0.0.0/8 without set-up, and this part leaves `127.0.0.1` to everybody else.
   */
  readonly addressPool?: string;
  /** One address that all Gateways without `spec.addresses` share, instead of the pool. */
  readonly address?: string;
  /** Added to every listener's port. Default 0. */
  readonly portOffset?: number;
  /** Addresses and CIDR blocks of clients whose `X-Forwarded-*` and `X-Request-ID` are believed. Default: none. */
  readonly trustedProxies?: readonly string[];
  /** How long requests under way may take to finish when the engine closes. Default 30,000 ms. */
  readonly graceMs?: number;
  /** How long a taken port is tried again before it is reported as failed. Default 2,000 ms. */
  readonly portWaitMs?: number;
  /** Called with sentences about workers and ports that a user should read. Default: they are dropped. */
  readonly log?: (message: string) => void;
  /** The module that a worker runs. Default: the one built beside this file. */
  readonly workerEntry?: string;
  /** Node options of a worker besides those for memory, such as a loader for tests. */
  readonly workerExecArgv?: readonly string[];
}
