import { describe, expect, test } from 'vitest';
import { forwarding, GATEWAY, plansOf, prefix, rulesOf } from '../../test/support/plans.ts';
import {
  backendView,
  certificateView,
  gatewayView,
  resolved,
  routeView,
  type RuleOptions,
} from '../../test/support/topology.ts';

describe('what goes into a plan', () => {
  test('a Gateway that is not accepted has no plan', () => {
    expect(plansOf([], [gatewayView('gw', [{ name: 'http' }], false)])).toEqual([]);
  });

  test('a listener that cannot be served is left out, with the backends that only it needs', () => {
    const gateway = gatewayView('gw', [{ name: 'http' }, { name: 'bad', port: 81, programmable: false }]);
    const onBad = { attachments: [{ listener: 'bad', hostnames: ['*'] }] };
    const toB: RuleOptions = { backends: [{ backend: resolved('b') }] };
    const [plan] = plansOf([routeView('good', [forwarding({})]), routeView('bad', [toB], onBad)], [gateway]);
    expect(plan?.ports.map(({ port }) => port)).toEqual([80]);
    expect(plan?.backends.map(({ id }) => id)).toEqual(['default/a:80']);
  });

  test('a parent that did not take the route does not serve it', () => {
    expect(rulesOf([routeView('r', [forwarding({})], { attachments: [] })])).toEqual([]);
  });

  test('a route stands once where two parentRefs lead to one listener', () => {
    const route = routeView('r', [forwarding({})]);
    expect(rulesOf([{ ...route, parents: [...route.parents, ...route.parents] }])).toHaveLength(1);
  });

  test('ports, listeners, hosts, backends and certificates are in order, and every certificate is there once', () => {
    const [x, y] = [certificateView('x'), certificateView('y')];
    const gateway = gatewayView('gw', [
      { name: 'z', port: 443, protocol: 'HTTPS', certificates: [y, x] },
      { name: 'b', port: 443, protocol: 'HTTPS', hostname: '*.example.com', certificates: [x] },
      { name: 'http' },
      { name: 'tcp', port: 9000, protocol: 'TCP' },
    ]);
    const attachments = [{ listener: 'http', hostnames: ['www.example.com', 'api.example.com', '*.example.com'] }];
    const toBoth: RuleOptions = { backends: [{ backend: resolved('b') }, { backend: resolved('a') }] };
    const [plan] = plansOf([routeView('r', [toBoth], { attachments })], [gateway]);
    expect(
      plan?.ports.map(({ port, protocol, listeners }) => [port, protocol, listeners.map(({ name }) => name)]),
    ).toEqual([
      [80, 'HTTP', ['http']],
      [443, 'HTTPS', ['b', 'z']],
    ]);
    expect(plan?.ports[0]?.listeners[0]?.hosts.map(({ hostname }) => hostname)).toEqual([
      '*.example.com',
      'api.example.com',
      'www.example.com',
    ]);
    expect(plan?.backends.map(({ id }) => id)).toEqual(['default/a:80', 'default/b:80']);
    expect(plan?.certificates.map(({ secret }) => secret.name)).toEqual(['x', 'y']);
    const ofZ = plan?.ports[1]?.listeners[1]?.tls?.certificates ?? [];
    expect(ofZ.map((id) => id.split('@')[0])).toEqual(['default/y', 'default/x']);
  });

  test('no rendering of a plan has a private key in it', () => {
    const gateway = gatewayView('gw', [
      { name: 's', port: 443, protocol: 'HTTPS', certificates: [certificateView('x')] },
    ]);
    expect(JSON.stringify(plansOf([], [gateway]))).not.toContain('private key');
  });
});

describe('the id of a plan', () => {
  const base = (): string | undefined => plansOf([routeView('r', [forwarding({})])])[0]?.id;

  test('does not depend on endpoints', () => {
    const moved = plansOf([routeView('r', [forwarding({})])], [GATEWAY], [backendView('a', 1, 2)]);
    expect(moved[0]?.id).toBe(base());
  });

  test.each([
    { name: 'a rule', plans: () => plansOf([routeView('r', [forwarding(prefix('/x'))])]) },
    {
      name: 'the age of a route',
      plans: () => plansOf([routeView('r', [forwarding({})], { createdAt: '2024-01-01T00:00:00Z' })]),
    },
    {
      name: 'a host',
      plans: () =>
        plansOf([routeView('r', [forwarding({})], { attachments: [{ listener: 'http', hostnames: ['x'] }] })]),
    },
    {
      name: 'a listener',
      plans: () => plansOf([routeView('r', [forwarding({})])], [gatewayView('gw', [{ name: 'http', port: 81 }])]),
    },
    {
      name: 'the protocol of a backend',
      plans: () => plansOf([routeView('r', [forwarding({})])], [GATEWAY], [{ ...backendView('a'), protocol: 'H2C' }]),
    },
  ])('changes with $name', ({ plans }) => {
    expect(plans()[0]?.id).not.toBe(base());
  });
});
