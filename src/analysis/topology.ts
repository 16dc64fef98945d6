import type { ConditionStatus } from '../api/condition.ts';
import type { Gateway } from '../api/gateway.ts';
import type { GatewayClass } from '../api/gateway-class.ts';
import type { HTTPRoute, HTTPRouteRule } from '../api/http-route.ts';
import type { GroupKind, KubeObject, ObjectRef } from '../api/object.ts';
import type { Listener } from '../api/parts/listener.ts';
import type { ParentReference } from '../api/parts/parent-reference.ts';
import type { KeyMaterial } from '../lib/key-material.ts';

/** Everything the Gateway API says about a snapshot: what attaches to what, and what is wrong. Readonly data. */
export interface Topology {
  /** Those whose controller we are, ordered by name. */
  readonly gatewayClasses: readonly GatewayClassView[];
  /** Those of our classes, and those of a class that does not exist, ordered by namespace and name. */
  readonly gateways: readonly GatewayView[];
  /** HTTPRoutes with at least one parent of ours, ordered by namespace and name. */
  readonly routes: readonly RouteView[];
  /** Every Service port that a route of ours resolves to, ordered by id. */
  readonly backends: readonly BackendView[];
  /** Objects of kinds that are stored but not served yet, with what must be told about them. */
  readonly others: readonly OtherView[];
}

/** The part of a topology that an edit changed: whole views, new and old identity differ. */
export interface TopologyUpdate {
  readonly topology: Topology;
  readonly gatewayClasses: readonly GatewayClassView[];
  readonly gateways: readonly GatewayView[];
  readonly routes: readonly RouteView[];
  readonly backends: readonly BackendView[];
  readonly others: readonly OtherView[];
  /**
   * Routes whose view stays the same, but of which a backend has lost its last ready endpoint or got its first one:
   * their plan does not change, the warning in their status does (`warningsOf`).
   */
  readonly warned: readonly RouteView[];
  /** Objects that had a view before and have none now, and backends that no route names any more. */
  readonly removed: readonly ObjectRef[];
  readonly removedBackends: readonly string[];
}

/** Where in an object's status a finding belongs. */
export type StatusScope =
  | { readonly type: 'Object' }
  | { readonly type: 'Listener'; readonly listener: string }
  /** `index` in `spec.parentRefs`. */
  | { readonly type: 'Parent'; readonly index: number }
  | { readonly type: 'Ancestor'; readonly ancestor: ParentReference };

/** A user's mistake, as data: it becomes a condition, a line on the terminal, a mark on a page. */
export interface Finding {
  readonly about: ObjectRef;
  readonly scope: StatusScope;
  /** Path of the field in `about`, such as `spec.rules[0].backendRefs[1]`. */
  readonly at: string;
  /** The condition that it decides, such as `ResolvedRefs`. */
  readonly condition: string;
  readonly status: ConditionStatus;
  readonly reason: string;
  /** A sentence: what is wrong and what to do. */
  readonly message: string;
}

/** A GatewayClass of ours. */
export interface GatewayClassView {
  readonly source: GatewayClass;
  readonly findings: readonly Finding[];
}

/**
 * A Gateway and what its listeners can do. When only `attachedRoutes` of a listener changes, `source` and everything
 * else in the new views are the same objects as before.
 */
export interface GatewayView {
  readonly source: Gateway;
  readonly ref: ObjectRef;
  /** Of its class; undefined if the class does not exist. */
  readonly controllerName?: string;
  /** False: nothing of it is served. */
  readonly accepted: boolean;
  /** In the order of the spec. */
  readonly listeners: readonly ListenerView[];
  /** About the Gateway as a whole. Those about a listener are with the listener. */
  readonly findings: readonly Finding[];
}

/** A listener of a Gateway. */
export interface ListenerView {
  readonly source: Listener;
  readonly name: string;
  /** Lower case; undefined: every host. */
  readonly hostname?: string;
  /** Accepted and its references resolve as far as needed: it goes into the plan. */
  readonly programmable: boolean;
  /** Kinds of `allowedRoutes` that we know and that fit the protocol. */
  readonly supportedKinds: readonly GroupKind[];
  /** On HTTPS listeners, in the order of `certificateRefs`: those that resolve. */
  readonly certificates: readonly CertificateView[];
  readonly findings: readonly Finding[];
  /** Routes whose parentRef and `allowedRoutes` select this listener and that are accepted there. */
  readonly attachedRoutes: number;
}

/** A certificate from a Secret, parsed, with key and certificate found to belong together. */
export interface CertificateView {
  readonly secret: ObjectRef;
  /** DNS names and addresses of the leaf, lower case. */
  readonly names: readonly string[];
  /** RFC 3339. */
  readonly notAfter: string;
  /** SHA-256 of the leaf, hexadecimal. */
  readonly fingerprint: string;
  readonly material: KeyMaterial;
}

/** An HTTPRoute, resolved. */
export interface RouteView {
  readonly source: HTTPRoute;
  readonly ref: ObjectRef;
  /** One for each parentRef that is ours, in the order of the spec. */
  readonly parents: readonly ParentView[];
  /** In the order of the spec. The same for all parents. */
  readonly rules: readonly RuleView[];
  /** Of scope Parent. */
  readonly findings: readonly Finding[];
}

/** What one parentRef of a route amounts to. */
export interface ParentView {
  /** Index in `spec.parentRefs`. */
  readonly index: number;
  /** As declared, defaults filled in. */
  readonly parentRef: ParentReference;
  readonly gateway: ObjectRef;
  readonly controllerName: string;
  /**
   * At least one listener took it. The route may be rejected all the same, by a finding: then all its rules are broken,
   * and they are to answer 500.
   */
  readonly accepted: boolean;
  readonly attachments: readonly AttachmentView[];
}

/** A route on a listener. */
export interface AttachmentView {
  /** The listener's name. */
  readonly listener: string;
  /** Intersection of the route's and the listener's hostnames, lower case; `*` where neither restricts it. */
  readonly hostnames: readonly string[];
}

/** A rule with its references looked up. Arrays are parallel to those of `source`. */
export interface RuleView {
  readonly source: HTTPRouteRule;
  readonly index: number;
  readonly backends: readonly ResolvedBackendRef[];
  /** Parallel to `source.filters`: what a RequestMirror refers to, undefined for the others. */
  readonly mirrors: readonly (ResolvedBackend | undefined)[];
  /**
   * Indexes in `source.matches` of those that nothing can match: a regular expression does not compile. Leave them out.
   */
  readonly unusableMatches: readonly number[];
  /**
   * A rule that cannot be served as written (an unusable filter, match or timeout): it answers 500. The sentence says
   * why.
   */
  readonly broken?: string;
}

/** One entry of `backendRefs`. */
export interface ResolvedBackendRef {
  readonly weight: number;
  readonly backend: ResolvedBackend;
  /** Parallel to the backendRef's filters. */
  readonly mirrors: readonly (ResolvedBackend | undefined)[];
  /** A filter of this backendRef that cannot be built: its share answers 500. */
  readonly broken?: string;
}

/** What a backend reference leads to. */
export type ResolvedBackend =
  /** `id` names a `BackendView`. */
  | { readonly type: 'Service'; readonly id: string; readonly ref: ObjectRef; readonly port: number }
  | { readonly type: 'Invalid'; readonly finding: Finding };

/** A Service port and its endpoints. Changes of endpoints make a new view, and touch no route. */
export interface BackendView {
  /** `namespace/name:port`. */
  readonly id: string;
  readonly service: ObjectRef;
  readonly port: number;
  readonly protocol: 'HTTP/1.1' | 'H2C' | 'WebSocket';
  /** Ready ones, ordered by address and port. */
  readonly endpoints: readonly { readonly address: string; readonly port: number }[];
  /** What the endpoints come from, for messages. */
  readonly from: 'EndpointSlice' | 'Pods' | 'Annotation' | 'ExternalName' | 'None';
  /** What is wrong with the source of the endpoints, a sentence. */
  readonly problem?: string;
}

/** An object of a kind that comes later: it is stored, and told so truthfully. */
export interface OtherView {
  readonly source: KubeObject;
  readonly ref: ObjectRef;
  /** For routes: the parents of ours, with the name of the controller that speaks. */
  readonly parents: readonly {
    readonly index: number;
    readonly parentRef: ParentReference;
    readonly controllerName: string;
  }[];
  /** For policies: the Gateways of ours that use a target of theirs. */
  readonly ancestors: readonly { readonly ancestorRef: ParentReference; readonly controllerName: string }[];
  readonly findings: readonly Finding[];
}
