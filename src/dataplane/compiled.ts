import type { BackendId, BackendPlan, Endpoint, RulePlan, TlsPlan } from '../plan/types.ts';
import type { Exchange, HttpFilter, LocalResponse, RequestView } from './exchange.ts';

/**
 * Plans made ready for requests: what routing hands to the proxy. All of it is built when a delta arrives, none on the
 * request path. Objects that a change does not touch stay the same, with their counters and pools.
 */

/** Picks an endpoint. Immutable: a change of endpoints or health replaces it. */
export interface Picker {
  pick(exchange: Exchange): PickResult;
}

/** The momentary answer of a load balancer. */
export type PickResult =
  | { readonly type: 'Endpoint'; readonly endpoint: Endpoint }
  /** No endpoint is ready: 503. */
  | { readonly type: 'None' };

/** A backend for as long as any rule names it: it outlives plans, so that pools and health do. */
export interface Backend {
  readonly id: BackendId;
  /** The newest plan: endpoints may change at any time. */
  plan: BackendPlan;
  picker: Picker;
}

/** One choice among a rule's backends, with the filters of that backendRef. */
export type BackendChoice =
  | {
      readonly type: 'Backend';
      readonly backend: Backend;
      readonly filters: readonly HttpFilter[];
      /** Mirrors among that backendRef's filters, beside those of the rule. */
      readonly mirrors?: readonly CompiledMirror[];
    }
  | { readonly type: 'Respond'; readonly statusCode: 500; readonly because: string };

/** A mirror: its copy of the request never delays or alters the primary. */
export interface CompiledMirror {
  readonly backend: Backend;
  /** Whether this request is mirrored: drawn anew for each request and mirror. */
  draw(): boolean;
}

/** What a matched request gets. */
export type CompiledAction =
  /** `choose` is called once per request: smooth weighted round robin with a random start. */
  | { readonly type: 'Forward'; choose(): BackendChoice }
  /** The gateway answers itself: redirects and statuses. */
  | { readonly type: 'Respond'; respond(exchange: Exchange): LocalResponse };

/** A rule made ready. */
export interface CompiledRule {
  readonly plan: RulePlan;
  /** In the order of the plan, mirrors left out. */
  readonly filters: readonly HttpFilter[];
  readonly mirrors: readonly CompiledMirror[];
  readonly action: CompiledAction;
}

/** The rules of one listener, by host and path. Lookup takes the same time however many routes there are. */
export interface ListenerTable {
  readonly key: string;
  /** How TLS ends here; only listeners of HTTPS sockets have it. Without a usable certificate the handshake is refused. */
  readonly tls?: TlsPlan | undefined;
  /** The first rule in order of precedence that matches, hosts from the most to the least specific; undefined: 404. */
  route(request: RequestView): CompiledRule | undefined;
}

/** The listeners of one socket. */
export interface SocketTable {
  readonly protocol: 'HTTP' | 'HTTPS';
  /** The port that redirects name when nothing else does. */
  readonly port: number;
  /** The listener for a host (or SNI): exact, then longest wildcard, then the one without hostname; undefined: none. */
  listener(host: string): ListenerTable | undefined;
}
