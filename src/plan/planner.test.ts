import { describe, expect, test } from 'vitest';
import { backendView, certificateView, gatewayView, resolved, routeView } from '../../test/support/topology.ts';
import type { HTTPRouteMatch } from '../api/parts/http-route-match.ts';
import type { GatewayView, RouteView } from '../analysis/topology.ts';
import { Planner, type PlannerInput, type PlannerOutput } from './planner.ts';
import type { GatewayPlan } from './types.ts';

function update(planner: Planner, input: Partial<PlannerInput>): PlannerOutput {
  return planner.update({ gateways: [], routes: [], backends: [], removed: [], removedBackends: [], ...input });
}

function route(name: string, ...paths: string[]): RouteView {
  const matches: HTTPRouteMatch[] = paths.map((value) => ({ path: { type: 'PathPrefix', value } }));
  return routeView(name, [{ source: { matches }, backends: [{ backend: resolved('a') }] }]);
}

const GATEWAY: GatewayView = gatewayView('gw', [
  { name: 'http' },
  { name: 'https', port: 443, protocol: 'HTTPS', certificates: [certificateView('x')] },
]);

function started(...routes: RouteView[]): { planner: Planner; plan: GatewayPlan } {
  const planner = new Planner();
  const { plans } = update(planner, {
    gateways: [GATEWAY],
    routes,
    backends: [backendView('a', 1), backendView('b', 2)],
  });
  return { planner, plan: only(plans) };
}

function only<T>(items: readonly T[]): T {
  expect(items).toHaveLength(1);
  const [item] = items;
  if (item === undefined) throw new Error('Nothing was given.');
  return item;
}

describe('what does not change stays the same object', () => {
  test('a route that comes leaves other hosts, ports and rules alone', () => {
    const { planner, plan } = started(route('r', '/a'));
    const elsewhere = routeView('n', [{ backends: [{ backend: resolved('a') }] }], {
      attachments: [{ listener: 'http', hostnames: ['new.example.com'] }],
    });
    const next = only(update(planner, { routes: [elsewhere] }).plans);
    const [before, after] = [plan, next].map(({ ports }) => ports[0]?.listeners[0]);
    expect(after?.hosts[0]).toBe(before?.hosts[0]);
    expect(after?.hosts).toHaveLength(2);
    expect(next.ports[1]).toBe(plan.ports[1]);
    expect(next.backends).toBe(plan.backends);
    expect(next.certificates).toBe(plan.certificates);
    expect(next.id).not.toBe(plan.id);
  });

  test('a route that is edited keeps the rules that it still has', () => {
    const { planner, plan } = started(route('r', '/aa', '/b'));
    const next = only(update(planner, { routes: [route('r', '/aa', '/c')] }).plans);
    const [before, after] = [plan, next].map(({ ports }) => ports[0]?.listeners[0]?.hosts[0]?.rules);
    expect(after?.[0]).toBe(before?.[0]);
    expect(after?.map(({ match }) => match.path.value)).toEqual(['/aa', '/c']);
  });

  test('a Gateway whose count of routes changed gives no new plan', () => {
    const { planner } = started(route('r', '/a'));
    const listeners = GATEWAY.listeners.map((listener) => ({ ...listener, attachedRoutes: 7 }));
    expect(update(planner, { gateways: [{ ...GATEWAY, listeners }] })).toEqual({ plans: [], removed: [] });
  });

  test('a listener that comes leaves the others alone', () => {
    const { planner, plan } = started(route('r', '/a'));
    const gateway = gatewayView('gw', [{ name: 'more', port: 81 }]);
    const both = { ...GATEWAY, listeners: [...GATEWAY.listeners, ...gateway.listeners] };
    const next = only(update(planner, { gateways: [both] }).plans);
    expect(next.ports.map(({ port }) => port)).toEqual([80, 81, 443]);
    expect(next.ports[0]).toBe(plan.ports[0]);
    expect(next.ports[2]).toBe(plan.ports[1]);
  });

  test('endpoints that change touch nothing but their backend, and not the id', () => {
    const { planner, plan } = started(route('r', '/a'));
    const next = only(update(planner, { backends: [backendView('a', 1, 2)] }).plans);
    expect(next.id).toBe(plan.id);
    expect(next.ports).toBe(plan.ports);
    expect(only(next.backends).endpoints).toHaveLength(2);
  });

  test('endpoints of a backend that nobody names change nothing', () => {
    const { planner } = started(route('r', '/a'));
    expect(update(planner, { backends: [backendView('b', 9)] }).plans).toEqual([]);
  });
});

test('a Gateway that goes, or is accepted no more, is told as removed, and its routes come back with it', () => {
  const { planner, plan } = started(route('r', '/a'));
  expect(update(planner, { gateways: [{ ...GATEWAY, accepted: false }] }).removed).toEqual([GATEWAY.ref]);
  expect(planner.plans()).toEqual([]);
  expect(only(update(planner, { gateways: [GATEWAY] }).plans)).toEqual(plan);
  expect(update(planner, { removed: [GATEWAY.ref] }).removed).toEqual([GATEWAY.ref]);
  expect(only(update(planner, { gateways: [GATEWAY] }).plans)).toEqual(plan);
});

test('a backend goes with the last rule that names it', () => {
  const { planner } = started(route('r', '/a'), route('s', '/b'));
  const one = only(update(planner, { removed: [route('r').ref] }).plans);
  expect(one.backends).toHaveLength(1);
  const none = only(update(planner, { removed: [route('s').ref], removedBackends: ['default/a:80'] }).plans);
  expect(none.backends).toEqual([]);
  expect(none.ports[0]?.listeners[0]?.hosts).toEqual([]);
});
