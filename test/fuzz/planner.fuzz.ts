import fc from 'fast-check';
import { expect, test } from 'vitest';
import { buildPlans } from '../../src/plan/build-plans.ts';
import { Planner } from '../../src/plan/planner.ts';
import { byPrecedence } from '../../src/plan/precedence.ts';
import { LISTENERS, route, topologyEdit, TopologyModel } from '../support/arbitrary-topology.ts';
import { FUZZ_OPTIONS } from '../support/fuzz-options.ts';
import { gatewayView } from '../support/topology.ts';

function byGateway(a: { gateway: { name: string } }, b: { gateway: { name: string } }): number {
  return a.gateway.name < b.gateway.name ? -1 : 1;
}

test('a chain of updates gives what building anew gives, ids included', () => {
  fc.assert(
    fc.property(fc.array(topologyEdit, { maxLength: 8 }), (edits) => {
      const model = new TopologyModel();
      const planner = new Planner();
      planner.update({ ...model.topology(), removed: [], removedBackends: [] });
      for (const edit of edits) {
        planner.update(model.apply(edit));
        expect([...planner.plans()].sort(byGateway)).toEqual([...buildPlans(model.topology())].sort(byGateway));
      }
    }),
    FUZZ_OPTIONS,
  );
});

test('rules stand in order of precedence, and each backend of a plan is named in it', () => {
  fc.assert(
    fc.property(fc.uniqueArray(route, { selector: ({ ref }) => ref.name }), (routes) => {
      const model = new TopologyModel();
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
