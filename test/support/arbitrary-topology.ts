import fc from 'fast-check';
import type { BackendView, GatewayView, RouteView, Topology } from '../../src/analysis/topology.ts';
import type { HTTPRouteMatch } from '../../src/api/parts/http-route-match.ts';
import type { PlannerInput } from '../../src/plan/planner.ts';
import { backendView, certificateView, gatewayView, resolved, routeView, unresolved } from './topology.ts';

const NAMES = ['a', 'b', 'c'] as const;
/** Names of listeners. */
export const LISTENERS = ['http', 'https', 'late'] as const;

/** Listeners of one port must differ in their hostnames. */
const HOSTNAMES = { http: {}, https: { hostname: '*.x.example' }, late: { hostname: 'y.example' } } as const;

const match: fc.Arbitrary<HTTPRouteMatch> = fc.record(
  {
    path: fc.record({
      type: fc.constantFrom('Exact', 'PathPrefix', 'RegularExpression'),
      value: fc.constantFrom('/', '/a', '/a/', '/b', '/a/b'),
    }),
    method: fc.constantFrom('GET', 'POST'),
    headers: fc.array(fc.record({ name: fc.constantFrom('X', 'y'), value: fc.constantFrom('1', '2') }), {
      maxLength: 2,
    }),
  },
  { requiredKeys: [] },
);

const rule = fc.record({
  source: fc.record({ matches: fc.array(match, { maxLength: 3 }) }),
  backends: fc.array(
    fc.record({ weight: fc.nat(2), backend: fc.constantFrom(...NAMES.map(resolved), unresolved('x')) }),
    { maxLength: 2 },
  ),
});

/** A route of `g` or `h`. */
export const route: fc.Arbitrary<RouteView> = fc
  .record({
    name: fc.constantFrom('r', 's', 't', 'u'),
    rules: fc.array(rule, { maxLength: 3 }),
    createdAt: fc.constantFrom('2024-01-01T00:00:00Z', '2024-01-02T00:00:00Z'),
    gateway: fc.constantFrom('g', 'h'),
    attachments: fc.array(
      fc.record({
        listener: fc.constantFrom(...LISTENERS),
        hostnames: fc.uniqueArray(fc.constantFrom('*', '*.x.example', 'y.example'), { maxLength: 2 }),
      }),
      { maxLength: 3 },
    ),
  })
  .map(({ name, rules, ...options }) => routeView(name, rules, options));

const gateway: fc.Arbitrary<GatewayView> = fc
  .record({
    name: fc.constantFrom('g', 'h'),
    accepted: fc.boolean(),
    listeners: fc.uniqueArray(
      fc.record({
        name: fc.constantFrom(...LISTENERS),
        port: fc.constantFrom(80, 443),
        protocol: fc.constantFrom('HTTP', 'HTTPS', 'TCP'),
        programmable: fc.boolean(),
        certificates: fc.subarray(NAMES.map((name) => certificateView(name))),
      }),
      { selector: ({ name }) => name },
    ),
  })
  .map(({ name, listeners, accepted }) =>
    gatewayView(
      name,
      listeners.map((listener) => ({ ...listener, ...HOSTNAMES[listener.name] })),
      accepted,
    ),
  );

const backend: fc.Arbitrary<BackendView> = fc
  .record({
    name: fc.constantFrom(...NAMES),
    ports: fc.array(fc.constantFrom(1, 2), { maxLength: 2 }),
    h2c: fc.boolean(),
  })
  .map(({ name, ports, h2c }) => ({ ...backendView(name, ...ports), protocol: h2c ? 'H2C' : 'HTTP/1.1' }));

/** One step of a random history of a cluster. */
export const topologyEdit = fc.record({
  gateways: fc.uniqueArray(gateway, { maxLength: 2, selector: ({ ref }) => ref.name }),
  routes: fc.uniqueArray(route, { maxLength: 3, selector: ({ ref }) => ref.name }),
  backends: fc.uniqueArray(backend, { maxLength: 2, selector: ({ id }) => id }),
  removedGateways: fc.subarray(['g', 'h']),
  removedRoutes: fc.subarray(['r', 's', 't', 'u']),
});

/** What `topologyEdit` makes. */
export type TopologyEdit = typeof topologyEdit extends fc.Arbitrary<infer T> ? T : never;

/** What a snapshot would give after each edit. */
export class TopologyModel {
  readonly gateways = new Map<string, GatewayView>();
  readonly routes = new Map<string, RouteView>();
  readonly backends = new Map(NAMES.map((name) => [backendView(name).id, backendView(name)]));

  topology(): Topology {
    return {
      gatewayClasses: [],
      gateways: [...this.gateways.values()],
      routes: [...this.routes.values()],
      backends: [...this.backends.values()],
      others: [],
    };
  }

  /** Carries out an edit, and says what a planner must be told. */
  apply({ gateways, routes, backends, removedGateways, removedRoutes }: TopologyEdit): PlannerInput {
    const goneGateways = removedGateways.filter((name) => !gateways.some(({ ref }) => ref.name === name));
    const goneRoutes = removedRoutes.filter((name) => !routes.some(({ ref }) => ref.name === name));
    const removed = [
      ...goneGateways.flatMap((name) => this.gateways.get(name)?.ref ?? []),
      ...goneRoutes.flatMap((name) => this.routes.get(name)?.ref ?? []),
    ];
    for (const view of gateways) this.gateways.set(view.ref.name, view);
    for (const view of routes) this.routes.set(view.ref.name, view);
    for (const view of backends) this.backends.set(view.id, view);
    for (const name of goneGateways) this.gateways.delete(name);
    for (const name of goneRoutes) this.routes.delete(name);
    return { gateways, routes, backends, removed, removedBackends: [] };
  }
}
