import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { BackendView, GatewayView, RouteView, Topology } from '../../src/analysis/topology.ts';
import type { HTTPRouteMatch } from '../../src/api/parts/http-route-match.ts';
import { buildPlans } from '../../src/plan/build-plans.ts';
import { Planner } from '../../src/plan/planner.ts';
import { byPrecedence } from '../../src/plan/precedence.ts';
import { backendView, certificateView, gatewayView, resolved, routeView, unresolved } from '../support/topology.ts';
import { FUZZ_OPTIONS } from '../support/fuzz-options.ts';

const NAMES = ['a', 'b', 'c'] as const;
const LISTENERS = ['http', 'https', 'late'] as const;

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

const route: fc.Arbitrary<RouteView> = fc
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
  .map(({ name, listeners, accepted }) => gatewayView(name, listeners, accepted));

const backend: fc.Arbitrary<BackendView> = fc
  .record({
    name: fc.constantFrom(...NAMES),
    ports: fc.array(fc.constantFrom(1, 2), { maxLength: 2 }),
    h2c: fc.boolean(),
  })
  .map(({ name, ports, h2c }) => ({ ...backendView(name, ...ports), protocol: h2c ? 'H2C' : 'HTTP/1.1' }));

const edit = fc.record({
  gateways: fc.uniqueArray(gateway, { maxLength: 2, selector: ({ ref }) => ref.name }),
  routes: fc.uniqueArray(route, { maxLength: 3, selector: ({ ref }) => ref.name }),
  backends: fc.uniqueArray(backend, { maxLength: 2, selector: ({ id }) => id }),
  removedGateways: fc.subarray(['g', 'h']),
  removedRoutes: fc.subarray(['r', 's', 't', 'u']),
});

/** What a snapshot would give after each edit. */
class Model {
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
}

function byGateway(a: { gateway: { name: string } }, b: { gateway: { name: string } }): number {
  return a.gateway.name < b.gateway.name ? -1 : 1;
}

test('a chain of updates gives what building anew gives, ids included', () => {
  fc.assert(
    fc.property(fc.array(edit, { maxLength: 8 }), (edits) => {
      const model = new Model();
      const planner = new Planner();
      planner.update({ ...model.topology(), removed: [], removedBackends: [] });
      for (const { gateways, routes, backends, removedGateways, removedRoutes } of edits) {
        const goneGateways = removedGateways.filter((name) => !gateways.some(({ ref }) => ref.name === name));
        const goneRoutes = removedRoutes.filter((name) => !routes.some(({ ref }) => ref.name === name));
        const removed = [
          ...goneGateways.flatMap((name) => model.gateways.get(name)?.ref ?? []),
          ...goneRoutes.flatMap((name) => model.routes.get(name)?.ref ?? []),
        ];
        for (const view of gateways) model.gateways.set(view.ref.name, view);
        for (const view of routes) model.routes.set(view.ref.name, view);
        for (const view of backends) model.backends.set(view.id, view);
        for (const name of goneGateways) model.gateways.delete(name);
        for (const name of goneRoutes) model.routes.delete(name);
        planner.update({ gateways, routes, backends, removed, removedBackends: [] });
        expect([...planner.plans()].sort(byGateway)).toEqual([...buildPlans(model.topology())].sort(byGateway));
      }
    }),
    FUZZ_OPTIONS,
  );
});

test('rules stand in order of precedence, and each backend of a plan is named in it', () => {
  fc.assert(
    fc.property(fc.uniqueArray(route, { selector: ({ ref }) => ref.name }), (routes) => {
      const model = new Model();
      const created = new Map(routes.map(({ ref, source }) => [ref.name, source.metadata.creationTimestamp ?? '']));
      const gateways = ['g', 'h'].map((name) =>
        gatewayView(
          name,
          LISTENERS.map((listener) => ({ name: listener })),
        ),
      );
      for (const plan of buildPlans({ ...model.topology(), gateways, routes })) {
        const rules = plan.ports.flatMap(({ listeners }) =>
          listeners.flatMap(({ hosts }) => hosts.map((host) => host.rules)),
        );
        for (const ofHost of rules) {
          const ranked = ofHost.map((each) => {
            const { name, namespace } = each.source.route;
            return { plan: each, createdAt: created.get(name) ?? '', routeName: `${namespace}/${name}` };
          });
          expect(ranked.toSorted(byPrecedence)).toEqual(ranked);
        }
        const text = JSON.stringify(rules);
        expect(plan.backends.filter(({ id }) => !text.includes(JSON.stringify(id)))).toEqual([]);
      }
    }),
    FUZZ_OPTIONS,
  );
});
