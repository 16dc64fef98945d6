import { type PoolConfig } from '../upstream/endpoint-pool.ts';

/** How long the gateway waits, milliseconds; 0 means for ever. `docs/timeouts.md` is compared with the defaults. */
export interface ProxyTimeouts {
  /** From the first byte of a request (or from the connection) to the end of its head: 408. */
  readonly headerMs: number;
  /** A keep-alive connection without a request: closed. */
  readonly keepAliveMs: number;
  /** A client that owes the next bytes of a body, or does not read the answer: 408, or closed. */
  readonly stalledClientMs: number;
  /** Connecting to one endpoint: the next one is tried, 503 after the last. */
  readonly connectMs: number;
  /** The head of a backend's answer, for rules that set no timeout of their own: 504. */
  readonly backendHeadMs: number;
  /** A streamed answer or an upgraded connection on which nothing moves: closed. */
  readonly streamIdleMs: number;
  /** An idle connection to a backend: closed. */
  readonly poolIdleMs: number;
  /** A client that has closed its side after its request, and gets no answer: its request is cancelled. */
  readonly halfClosedMs: number;
  /** Reading on after the last answer of a connection, so that the client gets it whole. */
  readonly lingerMs: number;
  /** The TLS handshake: closed. */
  readonly tlsHandshakeMs: number;
}

/** What the proxy may be told; the defaults suit a gateway on the open network. */
export interface ProxyConfig {
  readonly timeouts: ProxyTimeouts;
  /** Addresses and CIDR blocks whose `X-Forwarded-*` and `X-Request-ID` are believed. */
  readonly trustedProxies: readonly string[];
  /** Request bytes kept so that they can be sent again; a longer body is not retried. */
  readonly maxReplayBytes: number;
  /** Bytes that wait for a mirror; a mirror that is slower is given up. */
  readonly maxMirrorBytes: number;
  /** Idle connections kept for one endpoint. */
  readonly maxIdlePerEndpoint: number;
}

export const DEFAULT_TIMEOUTS: ProxyTimeouts = {
  headerMs: 10_000,
  keepAliveMs: 75_000,
  stalledClientMs: 60_000,
  connectMs: 5_000,
  backendHeadMs: 60_000,
  streamIdleMs: 3_600_000,
  poolIdleMs: 30_000,
  halfClosedMs: 1_000,
  lingerMs: 2_000,
  tlsHandshakeMs: 10_000,
};

export const DEFAULT_PROXY_CONFIG: ProxyConfig = {
  timeouts: DEFAULT_TIMEOUTS,
  trustedProxies: [],
  maxReplayBytes: 65_536,
  maxMirrorBytes: 262_144,
  maxIdlePerEndpoint: 256,
};

/** The part of the configuration that connection pools need. */
export function poolConfig(config: ProxyConfig): PoolConfig {
  return {
    maxIdle: config.maxIdlePerEndpoint,
    idleMs: config.timeouts.poolIdleMs,
    connectMs: config.timeouts.connectMs,
  };
}
