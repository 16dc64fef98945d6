import type { ObjectRef } from '../api/object.ts';
import type { KeyMaterial } from '../lib/key-material.ts';

/**
 * What an engine carries out. A plan is readonly data in a fixed order. Building is identity-preserving: a part that a
 * change does not touch is the same object in the next plan, so an engine finds the difference by comparing references.
 */

declare const brand: unique symbol;
type Branded<Name extends string> = string & { readonly [brand]: Name };

/** Hash of everything in a plan but endpoints: equal ids mean that requests are treated equally. */
export type PlanId = Branded<'PlanId'>;
/** Names a backend by what it is: `namespace/service:port`, with a policy hash where policies apply; never by a rule. */
export type BackendId = Branded<'BackendId'>;
/** Names a certificate by Secret and content: `namespace/name@fingerprint`. */
export type CertificateId = Branded<'CertificateId'>;
/** Hash of a rule's content: two rules with one id are interchangeable. */
export type RuleId = Branded<'RuleId'>;

/** All that one Gateway needs. */
export interface GatewayPlan {
  readonly id: PlanId;
  readonly gateway: ObjectRef;
  /** From `spec.addresses`; empty: the engine chooses one. */
  readonly addresses: readonly GatewayAddress[];
  /** Ordered by port. */
  readonly ports: readonly PortPlan[];
  /** Ordered by id. */
  readonly backends: readonly BackendPlan[];
  /** Ordered by id. */
  readonly certificates: readonly CertificatePlan[];
}

/** An address asked for or assigned. */
export interface GatewayAddress {
  readonly type: 'IPAddress' | 'Hostname';
  readonly value: string;
}

/** A port and the listeners that share it. */
export interface PortPlan {
  /** As in the Gateway; the engine adds its port offset. */
  readonly port: number;
  readonly protocol: 'HTTP' | 'HTTPS';
  /** Ordered by name. The engine picks by hostname: exact, then longest wildcard, then none (no fall-through: listener isolation). */
  readonly listeners: readonly ListenerPlan[];
}

/** One listener with the routes attached to it. */
export interface ListenerPlan {
  /** The section name. */
  readonly name: string;
  /** Lower case, may start with `*.`; absent: every host. */
  readonly hostname?: string;
  /** On HTTPS ports only. */
  readonly tls?: TlsPlan;
  /** Ordered by hostname. */
  readonly hosts: readonly HostPlan[];
}

/** How a listener terminates TLS. */
export interface TlsPlan {
  /** In the order of `certificateRefs`; the one whose names fit the SNI best is used, else the first. */
  readonly certificates: readonly CertificateId[];
}

/** The rules of one hostname on one listener: the intersection of the listener's and the routes' hostnames. */
export interface HostPlan {
  /** Lower case; `*.suffix`, or `*` for every host. */
  readonly hostname: string;
  /** In order of precedence: the first match wins. */
  readonly rules: readonly RulePlan[];
}

/** Where a rule comes from: in access logs, metrics and `explain`. */
export interface RuleSource {
  readonly route: ObjectRef;
  /** Index in `spec.rules`. */
  readonly rule: number;
  /** Index in the rule's `matches`; 0 for the implied one. */
  readonly match: number;
  readonly ruleName?: string;
}

/** One match of one rule with what happens then. The same object is shared by all hosts that carry it. */
export interface RulePlan {
  readonly id: RuleId;
  readonly source: RuleSource;
  readonly match: MatchPlan;
  /** Run in this order before the action; response filters run in reverse. */
  readonly filters: readonly FilterPlan[];
  readonly action: ActionPlan;
  readonly timeouts: TimeoutsPlan;
  readonly retry?: RetryPlan;
}

/** What a request must look like; all parts must hold. */
export interface MatchPlan {
  readonly path: PathMatchPlan;
  readonly method?: string;
  /** Names in lower case, no name twice. */
  readonly headers: readonly ValueMatchPlan[];
  /** Names as written (query names are case-sensitive), no name twice. */
  readonly queryParams: readonly ValueMatchPlan[];
}

/** `PathPrefix` values have no trailing slash but for `/` itself, and match whole path elements. */
export interface PathMatchPlan {
  readonly type: 'Exact' | 'PathPrefix' | 'RegularExpression';
  readonly value: string;
}

/** A header or query parameter; a regular expression is RE2 and must match the whole value. */
export interface ValueMatchPlan {
  readonly type: 'Exact' | 'RegularExpression';
  readonly name: string;
  readonly value: string;
}

/** Header edits in the order set, add, remove; names in lower case for `remove`, as written for the others. */
export interface HeaderModifierPlan {
  readonly set: readonly HeaderValue[];
  readonly add: readonly HeaderValue[];
  readonly remove: readonly string[];
}

/** One header. */
export interface HeaderValue {
  readonly name: string;
  readonly value: string;
}

/** How a path is replaced. */
export type PathModifierPlan =
  | { readonly type: 'ReplaceFullPath'; readonly value: string }
  /** `prefix` is the prefix that matched. */
  | { readonly type: 'ReplacePrefixMatch'; readonly prefix: string; readonly value: string };

/** A filter, on a rule or on one of its backends. */
export type FilterPlan =
  | { readonly type: 'RequestHeaderModifier'; readonly modifier: HeaderModifierPlan }
  | { readonly type: 'ResponseHeaderModifier'; readonly modifier: HeaderModifierPlan }
  | { readonly type: 'URLRewrite'; readonly hostname?: string; readonly path?: PathModifierPlan }
  | {
      readonly type: 'RequestMirror';
      readonly backend: BackendId;
      /** Share of requests that are mirrored: `numerator` of `denominator`. */
      readonly numerator: number;
      readonly denominator: number;
    }
  | CorsPlan;

/** The CORS filter; strings as in the API. */
export interface CorsPlan {
  readonly type: 'CORS';
  readonly allowOrigins: readonly string[];
  readonly allowCredentials: boolean;
  readonly allowMethods: readonly string[];
  readonly allowHeaders: readonly string[];
  readonly exposeHeaders: readonly string[];
  readonly maxAgeSeconds: number;
}

/** What a matched request gets. */
export type ActionPlan =
  | { readonly type: 'Forward'; readonly backends: readonly WeightedBackend[] }
  | RedirectPlan
  /** The gateway answers itself; `because` goes to logs and metrics, not to the client. */
  | { readonly type: 'Respond'; readonly statusCode: number; readonly because: string };

/** An answer that sends the client elsewhere. Absent parts are kept from the request. */
export interface RedirectPlan {
  readonly type: 'Redirect';
  readonly statusCode: number;
  readonly scheme?: 'http' | 'https';
  readonly hostname?: string;
  /** Already decided by the rules of the specification: undefined means that the answer names no port. */
  readonly port?: number;
  /** Neither a port nor a scheme was asked for: the listener's own port is used (left out if well known). */
  readonly portFrom: 'Plan' | 'Listener';
  readonly path?: PathModifierPlan;
}

/** A share of a rule's traffic. Weight 0 gets none. */
export type WeightedBackend =
  | { readonly weight: number; readonly backend: BackendId; readonly filters: readonly FilterPlan[] }
  /** A reference that does not resolve: its share gets this status. */
  | { readonly weight: number; readonly respond: 500; readonly because: string };

/** Milliseconds; 0 means no limit; absent means the engine's default. */
export interface TimeoutsPlan {
  /** The whole exchange, retries included: 504 when it passes before the answer's head went out. */
  readonly requestMs?: number;
  /** One try at a backend: 504, or a retry. */
  readonly backendRequestMs?: number;
}

/** Retries after the first try. */
export interface RetryPlan {
  readonly attempts: number;
  /** Statuses of a backend that are retried. */
  readonly codes: readonly number[];
  /** Least wait before a retry. */
  readonly backoffMs: number;
}

/** What speaks on the backend's side. */
export type BackendProtocol = 'HTTP/1.1' | 'H2C' | 'WebSocket';

/** A Service port. `endpoints` are not part of a `PlanId`. */
export interface BackendPlan {
  readonly id: BackendId;
  readonly service: ObjectRef;
  readonly port: number;
  readonly protocol: BackendProtocol;
  /** Ready ones, ordered by address and port. Empty: 503. */
  readonly endpoints: readonly Endpoint[];
}

/** Where a backend listens. */
export interface Endpoint {
  readonly address: string;
  readonly port: number;
}

/** A certificate with its key. The material renders as `[redacted]` everywhere. */
export interface CertificatePlan {
  readonly id: CertificateId;
  readonly secret: ObjectRef;
  /** DNS names and addresses from the leaf, lower case. */
  readonly names: readonly string[];
  /** RFC 3339. */
  readonly notAfter: string;
  /** SHA-256 of the leaf, hexadecimal. */
  readonly fingerprint: string;
  readonly material: KeyMaterial;
}
