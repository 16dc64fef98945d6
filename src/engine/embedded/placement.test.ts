import { describe, expect, test } from 'vitest';
import type { GatewayPlan, ListenerPlan, PlanId } from '../../plan/types.ts';
import { placePlan } from './placement.ts';

function plan(name: string, protocol: 'HTTP' | 'HTTPS', ...hostnames: (string | undefined)[]): GatewayPlan {
  const listeners = hostnames.map(
    (hostname, index): ListenerPlan => ({
      name: `l${index}`,
      hosts: [],
      ...(hostname === undefined ? {} : { hostname }),
    }),
  );
  return {
    id: name as PlanId,
    gateway: { group: 'gateway.networking.k8s.io', kind: 'Gateway', namespace: 'default', name },
    addresses: [],
    ports: [{ port: 80, protocol, listeners }],
    backends: [],
    certificates: [],
  };
}

const place = (
  key: string,
  gateway: GatewayPlan,
  addresses: string[],
  others: Parameters<typeof placePlan>[3]['others'] = [],
) => placePlan(key, gateway, addresses, { portOffset: 8000, others });

describe('placing a plan', () => {
  test('adds the port offset and opens every address', () => {
    const { placed } = place('default/a', plan('a', 'HTTP', undefined), ['127.0.0.2', '::1']);
    expect(placed.sockets.map(({ socket }) => socket)).toEqual(['127.0.0.2:8080', '[::1]:8080']);
  });

  const first = place('default/a', plan('a', 'HTTP', undefined, 'a.example'), ['127.0.0.2']).placed;

  test('lets Gateways share a socket while their hostnames differ', () => {
    const { placed, failed } = place('default/b', plan('b', 'HTTP', 'b.example'), ['127.0.0.2'], [first]);
    expect(failed).toEqual([]);
    expect(placed.sockets).toHaveLength(1);
  });

  test.each([
    { name: 'the same hostname', second: plan('b', 'HTTP', 'a.example'), says: 'serves a.example on 127.0.0.2:8080' },
    { name: 'no hostname, as another', second: plan('b', 'HTTP', undefined), says: 'serves every host on' },
    { name: 'another protocol', second: plan('b', 'HTTPS', 'b.example'), says: 'serves HTTP on 127.0.0.2:8080' },
  ])('keeps a Gateway with $name from a shared socket and says so', ({ second, says }) => {
    const { placed, failed } = place('default/b', second, ['127.0.0.2'], [first]);
    expect(placed.sockets).toEqual([]);
    expect(failed).toMatchObject([{ port: 80, boundPort: 8080, state: 'Failed', cause: 'PortUnavailable' }]);
    expect(failed[0]?.message).toContain(says);
  });

  test('leaves out only the listener whose hostname another Gateway has', () => {
    const second = plan('b', 'HTTP', 'a.example', 'b.example');
    const { placed, failed } = place('default/b', second, ['127.0.0.2'], [first]);
    expect(placed.sockets.map(({ port }) => port.listeners.map(({ hostname }) => hostname))).toEqual([['b.example']]);
    expect(failed).toMatchObject([{ port: 80, state: 'Failed', cause: 'PortUnavailable' }]);
  });

  test('reports an address that is a name', () => {
    const { failed } = place('default/a', plan('a', 'HTTP', undefined), ['gateway.example']);
    expect(failed).toMatchObject([{ state: 'Failed', cause: 'AddressNotUsable' }]);
    expect(failed[0]?.message).toContain('"gateway.example"');
  });

  test('reports a port that the offset moves out of range', () => {
    const { failed } = placePlan('default/a', plan('a', 'HTTP', undefined), ['127.0.0.2'], {
      portOffset: 65_500,
      others: [],
    });
    expect(failed).toMatchObject([{ state: 'Failed', cause: 'PortUnavailable' }]);
  });
});
