import fc from 'fast-check';
import { expect, test } from 'vitest';
import { buildPlans } from '../../src/plan/build-plans.ts';
import { Planner } from '../../src/plan/planner.ts';
import { topologyEdit, TopologyModel } from '../support/arbitrary-topology.ts';
import { DiffingEngine } from '../support/diffing-engine.ts';
import { FUZZ_OPTIONS } from '../support/fuzz-options.ts';
import { requestFor } from '../support/request-view.ts';

const ADDRESSES = { g: '127.0.0.2', h: '127.0.0.3' };
const PORTS = [80, 443];
const REQUESTS = ['/', '/a', '/a/', '/a/b', '/b/x', '/ab'].flatMap((target) =>
  ['x', 'y.example', 'z.x.example'].flatMap((authority) =>
    (['GET', 'POST'] as const).map((method) => requestFor(target, { method, authority, headers: [['X', '1']] })),
  ),
);

function answersOf(engine: DiffingEngine): readonly string[] {
  return engine.rulesFor(PORTS, REQUESTS).map((rule) => rule?.plan.id ?? '404');
}

test('a worker that got only differences treats requests as one that got the last plans whole', () => {
  fc.assert(
    fc.property(fc.array(topologyEdit, { maxLength: 6 }), (edits) => {
      const model = new TopologyModel();
      const planner = new Planner();
      const engine = new DiffingEngine(ADDRESSES);
      planner.update({ ...model.topology(), removed: [], removedBackends: [] });
      for (const edit of edits) {
        const { plans, removed } = planner.update(model.apply(edit));
        for (const { name } of removed) engine.set(name, undefined);
        for (const plan of plans) engine.set(plan.gateway.name, plan);
        const fresh = new DiffingEngine(ADDRESSES);
        for (const plan of buildPlans(model.topology())) fresh.set(plan.gateway.name, plan);
        expect(answersOf(engine)).toEqual(answersOf(fresh));
      }
    }),
    FUZZ_OPTIONS,
  );
});
