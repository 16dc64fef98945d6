import type {
  AttachmentView,
  BackendView,
  CertificateView,
  GatewayView,
  ListenerView,
  ResolvedBackend,
  ResolvedBackendRef,
  RouteView,
  RuleView,
} from '../../src/analysis/topology.ts';
import type { Listener } from '../../src/api/parts/listener.ts';
import type { HTTPRouteRule } from '../../src/api/http-route.ts';
import type { ObjectRef } from '../../src/api/object.ts';
import { KeyMaterial } from '../../src/lib/key-material.ts';
import { routeRef } from './rule-plan.ts';

const GATEWAY_API = 'gateway.networking.k8s.io';

/** The reference of a Gateway in namespace `default`. */
export function gatewayRef(name: string): ObjectRef {
  return { group: GATEWAY_API, kind: 'Gateway', namespace: 'default', name };
}

/** What a test says of a listener; the rest is HTTP on port 80 for every host. */
export interface ListenerOptions {
  readonly name: string;
  readonly port?: number;
  readonly protocol?: Listener['protocol'];
  readonly hostname?: string;
  readonly programmable?: boolean;
  readonly certificates?: readonly CertificateView[];
}

/** A listener as the analysis sees it. */
export function listenerView({ name, port = 80, protocol = 'HTTP', ...rest }: ListenerOptions): ListenerView {
  const { hostname, programmable = true, certificates = [] } = rest;
  return {
    source: { name, port, protocol },
    name,
    ...(hostname === undefined ? {} : { hostname }),
    programmable,
    supportedKinds: [{ group: GATEWAY_API, kind: 'HTTPRoute' }],
    certificates,
    findings: [],
    attachedRoutes: 0,
  };
}

/** An accepted Gateway as the analysis sees it. */
export function gatewayView(name: string, listeners: readonly ListenerOptions[], accepted = true): GatewayView {
  return {
    source: {
      apiVersion: `${GATEWAY_API}/v1`,
      kind: 'Gateway',
      metadata: { name, namespace: 'default' },
      spec: { gatewayClassName: 'test', listeners: [] },
    },
    ref: gatewayRef(name),
    controllerName: 'example.com/test',
    accepted,
    listeners: listeners.map(listenerView),
    findings: [],
  };
}

/** A certificate whose text is its name. */
export function certificateView(name: string, text: string = name): CertificateView {
  return {
    secret: { group: '', kind: 'Secret', namespace: 'default', name },
    names: [`${name}.example.com`],
    notAfter: '2030-01-01T00:00:00Z',
    fingerprint: text,
    material: new KeyMaterial(text, 'the private key'),
  };
}

/** Service `name`, port 80, in namespace `default`, with one endpoint for each of `ports`. */
export function backendView(name: string, ...ports: readonly number[]): BackendView {
  return {
    id: `default/${name}:80`,
    service: { group: '', kind: 'Service', namespace: 'default', name },
    port: 80,
    protocol: 'HTTP/1.1',
    endpoints: ports.map((port) => ({ address: '127.0.0.1', port })),
    from: 'EndpointSlice',
  };
}

/** What a reference to `backendView(name)` resolves to. */
export function resolved(name: string): ResolvedBackend {
  const { id, service, port } = backendView(name);
  return { type: 'Service', id, ref: service, port };
}

/** What a reference to nothing resolves to. */
export function unresolved(name: string): ResolvedBackend {
  return {
    type: 'Invalid',
    finding: {
      about: routeRef('any'),
      scope: { type: 'Parent', index: 0 },
      at: 'spec.rules[0].backendRefs[0]',
      condition: 'ResolvedRefs',
      status: 'False',
      reason: 'BackendNotFound',
      message: `Service "default/${name}" does not exist.`,
    },
  };
}

/** What a test says of a rule: its source, and what its references lead to. */
export interface RuleOptions {
  readonly source?: HTTPRouteRule;
  readonly backends?: readonly (Partial<ResolvedBackendRef> & { readonly backend: ResolvedBackend })[];
  readonly mirrors?: readonly (ResolvedBackend | undefined)[];
  readonly unusableMatches?: readonly number[];
  readonly broken?: string;
}

/** A rule as the analysis sees it. */
export function ruleView(index: number, options: RuleOptions): RuleView {
  const { source = {}, backends = [], mirrors = [], unusableMatches = [], broken } = options;
  return {
    source,
    index,
    backends: backends.map((ref) => ({ weight: 1, mirrors: [], ...ref })),
    mirrors,
    unusableMatches,
    ...(broken === undefined ? {} : { broken }),
  };
}

/** What a test says of a route; the rest is one parent, Gateway `gw`, listener `http`, every host. */
export interface RouteOptions {
  readonly createdAt?: string;
  readonly gateway?: string;
  readonly attachments?: readonly AttachmentView[];
}

/** A route as the analysis sees it. */
export function routeView(
  name: string,
  rules: readonly RuleOptions[],
  { createdAt, gateway = 'gw', attachments }: RouteOptions = {},
): RouteView {
  return {
    source: {
      apiVersion: `${GATEWAY_API}/v1`,
      kind: 'HTTPRoute',
      metadata: { name, namespace: 'default', ...(createdAt === undefined ? {} : { creationTimestamp: createdAt }) },
      spec: {},
    },
    ref: routeRef(name),
    parents: [
      {
        index: 0,
        parentRef: { name: gateway },
        gateway: gatewayRef(gateway),
        controllerName: 'example.com/test',
        accepted: true,
        attachments: attachments ?? [{ listener: 'http', hostnames: ['*'] }],
      },
    ],
    rules: rules.map((rule, index) => ruleView(index, rule)),
    findings: [],
  };
}
