import { describe, expect, test } from 'vitest';
import type { ObjectRef } from '../api/object.ts';
import type { EngineReport } from '../engine/engine-report.ts';
import type { PlanId } from '../plan/types.ts';
import { PlanProgress } from './plan-progress.ts';

const GATEWAY: ObjectRef = { group: 'gateway.networking.k8s.io', kind: 'Gateway', namespace: 'default', name: 'gw' };
const ROUTE = 'HTTPRoute/default/web';

function report(planId: string, state: EngineReport['state'], message?: string): EngineReport {
  const extra = message === undefined ? {} : { message };
  return { gateway: GATEWAY, planId: planId as PlanId, state, ports: [], addresses: [], ...extra };
}

/** The progress of a route at generation 1 that is in plan A, and of one at generation 2 that is in plan B. */
function twoPlans(): PlanProgress {
  const progress = new PlanProgress();
  progress.changed(GATEWAY, [{ key: ROUTE, generation: 1 }]);
  progress.planned(GATEWAY, 'A');
  progress.reported(report('A', 'Applied'));
  progress.changed(GATEWAY, [{ key: ROUTE, generation: 2 }]);
  progress.planned(GATEWAY, 'B');
  return progress;
}

function stateAt(progress: PlanProgress, generation: number): string {
  return progress.stateOf(GATEWAY, { key: ROUTE, generation }).type;
}

describe('a route', () => {
  test('has no plan before there is one', () => {
    expect(stateAt(new PlanProgress(), 1)).toBe('None');
  });

  test('is pending in its new generation until every worker runs the plan with it', () => {
    const progress = twoPlans();
    expect([stateAt(progress, 1), stateAt(progress, 2)]).toEqual(['Applied', 'Pending']);
    expect(progress.reported(report('B', 'Applied'))).toEqual([ROUTE]);
    expect(stateAt(progress, 2)).toBe('Applied');
  });

  test('stays pending when a plan before its own is applied late', () => {
    const progress = twoPlans();
    progress.reported(report('A', 'Applied'));
    expect(stateAt(progress, 2)).toBe('Pending');
  });

  test('is applied with a later plan, when the report of its own was overtaken', () => {
    const progress = twoPlans();
    progress.planned(GATEWAY, 'C');
    progress.reported(report('C', 'Applied'));
    expect(stateAt(progress, 2)).toBe('Applied');
  });

  test('is rejected with its plan, and mended by the next one', () => {
    const progress = twoPlans();
    expect(progress.reported(report('B', 'Rejected', 'Too big.'))).toEqual([ROUTE]);
    expect(progress.stateOf(GATEWAY, { key: ROUTE, generation: 2 })).toEqual({ type: 'Rejected', message: 'Too big.' });
    progress.planned(GATEWAY, 'C');
    progress.reported(report('C', 'Applied'));
    expect(stateAt(progress, 2)).toBe('Applied');
  });

  test('is applied at once when its change makes no difference to the plan in effect', () => {
    const progress = twoPlans();
    progress.reported(report('B', 'Applied'));
    progress.changed(GATEWAY, [{ key: ROUTE, generation: 3 }]);
    progress.settle(GATEWAY);
    expect(stateAt(progress, 3)).toBe('Applied');
  });

  test('waits with a plan under way when its change makes no difference to that', () => {
    const progress = twoPlans();
    progress.changed(GATEWAY, [{ key: ROUTE, generation: 3 }]);
    progress.settle(GATEWAY);
    expect(stateAt(progress, 3)).toBe('Pending');
    progress.reported(report('B', 'Applied'));
    expect(stateAt(progress, 3)).toBe('Applied');
  });

  test('waits for the next plan when its Gateway loses the one it had', () => {
    const progress = twoPlans();
    progress.withdrawn(GATEWAY);
    expect(stateAt(progress, 2)).toBe('None');
    progress.planned(GATEWAY, 'D');
    progress.reported(report('D', 'Applied'));
    expect(stateAt(progress, 2)).toBe('Applied');
  });
});
