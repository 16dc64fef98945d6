import type { BackendId, BackendPlan, CertificateId, RuleId, RulePlan, TlsPlan } from '../../plan/types.ts';

/**
 * What the supervisor and a worker say to each other over the child process channel. A worker applies a delta in one
 * synchronous step, between two requests, so that no request sees half of it.
 */

/** An address and port as bound: `127.0.0.2:80`, `[::1]:80`. Gateways that share an address share its sockets. */
export type SocketId = string;
/** A listener, unique on its socket: `namespace/gateway/listener`. */
export type ListenerKey = string;

export type ToWorker =
  /**
   * The first message. `ticketKeys` (48 bytes, base64) let any worker resume a TLS session that another one began;
   * `trustedProxies` are addresses and CIDR blocks.
   */
  | { readonly type: 'Start'; readonly ticketKeys: string; readonly trustedProxies: readonly string[] }
  | { readonly type: 'Delta'; readonly sequence: number; readonly delta: WorkerDelta }
  /** Comes with the bound socket's handle: the worker listens on it and accepts. */
  | { readonly type: 'Listen'; readonly socket: SocketId }
  /** The worker stops accepting; connections under way finish. */
  | { readonly type: 'Unlisten'; readonly socket: SocketId }
  /** Stop accepting everywhere, finish what is under way within `graceMs`, exit. */
  | { readonly type: 'Drain'; readonly graceMs: number }
  | { readonly type: 'ReadMetrics'; readonly request: number };

export type FromWorker =
  /** The worker can take messages. */
  | { readonly type: 'Ready' }
  | { readonly type: 'Applied'; readonly sequence: number }
  /** Nothing of the delta is in effect. */
  | { readonly type: 'Rejected'; readonly sequence: number; readonly message: string }
  | { readonly type: 'Listening'; readonly socket: SocketId; readonly error?: string }
  | { readonly type: 'Metrics'; readonly request: number; readonly metrics: WorkerMetrics };

/** Everything that one step changes. Order: rules, backends and certificates come in, sockets change, removals go out. */
export interface WorkerDelta {
  readonly rules: readonly RulePlan[];
  readonly removedRules: readonly RuleId[];
  readonly backends: readonly BackendPlan[];
  readonly removedBackends: readonly BackendId[];
  readonly certificates: readonly CertificateData[];
  readonly removedCertificates: readonly CertificateId[];
  readonly sockets: readonly SocketDelta[];
}

/** A certificate with its key, PEM. Only on this channel; never logged. */
export interface CertificateData {
  readonly id: CertificateId;
  readonly names: readonly string[];
  readonly certificate: string;
  readonly key: string;
}

/** Changes of the listeners on one socket; listeners that are not named stay. */
export interface SocketDelta {
  readonly socket: SocketId;
  readonly protocol: 'HTTP' | 'HTTPS';
  /** The port that redirects name: as in the Gateway plus the port offset. */
  readonly port: number;
  readonly listeners: readonly ListenerDelta[];
  readonly removedListeners: readonly ListenerKey[];
}

/** Changes of one listener; hosts that are not named stay. */
export interface ListenerDelta {
  readonly key: ListenerKey;
  readonly hostname?: string;
  readonly tls?: TlsPlan;
  readonly hosts: readonly HostDelta[];
}

/** A change of one host's rules, which are kept in order of precedence: replace `removeCount` rules at `at`. No rules left: the host goes. */
export interface HostDelta {
  readonly hostname: string;
  readonly at: number;
  readonly removeCount: number;
  readonly insert: readonly RuleId[];
}

/** Counters since the worker started; integers, read at scrape time. */
export interface WorkerMetrics {
  readonly counters: readonly {
    readonly name: string;
    readonly labels: Readonly<Record<string, string>>;
    readonly value: number;
  }[];
  readonly residentBytes: number;
  readonly openConnections: number;
}
