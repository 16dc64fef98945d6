import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { KeyMaterial } from '../../lib/key-material.ts';
import type {
  BackendPlan,
  CertificatePlan,
  GatewayPlan,
  HostPlan,
  ListenerPlan,
  PlanId,
  PortPlan,
  RulePlan,
} from '../../plan/types.ts';
import { diffPlans, isEmptyDelta, PartsInUse, type PlacedPlan } from './plan-diff.ts';
import type { SocketDelta, WorkerDelta } from './protocol.ts';

const gateway = { group: 'gateway.networking.k8s.io', kind: 'Gateway', namespace: 'default', name: 'web' };

const rule = (id: string): RulePlan => ({
  id: id as RulePlan['id'],
  source: { route: { ...gateway, kind: 'HTTPRoute' }, rule: 0, match: 0 },
  match: { path: { type: 'PathPrefix', value: `/${id}` }, headers: [], queryParams: [] },
  filters: [],
  action: { type: 'Respond', statusCode: 500, because: 'test' },
  timeouts: {},
});

const backend = (id: string, port: number): BackendPlan => ({
  id: id as BackendPlan['id'],
  service: { group: '', kind: 'Service', namespace: 'default', name: id },
  port: 80,
  protocol: 'HTTP/1.1',
  endpoints: [{ address: '127.0.0.1', port }],
});

const certificate = (id: string): CertificatePlan => ({
  id: id as CertificatePlan['id'],
  secret: { group: '', kind: 'Secret', namespace: 'default', name: id },
  names: [`${id}.example`],
  notAfter: '2030-01-01T00:00:00Z',
  fingerprint: id,
  material: new KeyMaterial(`certificate of ${id}`, `key of ${id}`),
});

const host = (hostname: string, ...rules: RulePlan[]): HostPlan => ({ hostname, rules });
const listener = (name: string, ...hosts: HostPlan[]): ListenerPlan => ({ name, hosts });
const port = (number: number, ...listeners: ListenerPlan[]): PortPlan => ({
  port: number,
  protocol: 'HTTP',
  listeners,
});

function placed(parts: Partial<GatewayPlan>, key = 'default/web'): PlacedPlan {
  const ports = parts.ports ?? [];
  const plan = { id: 'plan' as PlanId, gateway, addresses: [], backends: [], certificates: [], ...parts, ports };
  return {
    key,
    plan,
    sockets: ports.map((each) => ({ socket: `127.64.0.1:${each.port}`, boundPort: each.port, port: each })),
  };
}

const a = rule('a');
const b = rule('b');
const c = rule('c');

describe('a delta', () => {
  function deltaOf(before: PlacedPlan, after: PlacedPlan | undefined): WorkerDelta {
    const inUse = new PartsInUse();
    inUse.commit(diffPlans(undefined, before, inUse));
    return diffPlans(before, after, inUse).delta;
  }

  test('between equal plans is empty', () => {
    const plan = placed({ ports: [port(80, listener('http', host('*', a)))], backends: [backend('s', 1)] });
    expect(isEmptyDelta(deltaOf(plan, { ...plan, plan: { ...plan.plan } }))).toBe(true);
  });

  test('of a rule inserted in front names that rule and its place only', () => {
    const delta = deltaOf(
      placed({ ports: [port(80, listener('http', host('*', a, b), host('x.example', a)))] }),
      placed({ ports: [port(80, listener('http', host('*', c, a, b), host('x.example', a)))] }),
    );
    expect(delta.rules).toEqual([c]);
    expect(delta.removedRules).toEqual([]);
    expect(delta.sockets[0]?.listeners[0]?.hosts).toEqual([{ hostname: '*', at: 0, removeCount: 0, insert: ['c'] }]);
  });

  test('leaves a rule with the workers that another host still has', () => {
    const delta = deltaOf(
      placed({ ports: [port(80, listener('http', host('*', a), host('x.example', a, b)))] }),
      placed({ ports: [port(80, listener('http', host('*', a)))] }),
    );
    expect(delta.removedRules).toEqual(['b']);
    expect(delta.sockets[0]?.listeners[0]?.hosts).toEqual([
      { hostname: 'x.example', at: 0, removeCount: 2, insert: [] },
    ]);
  });

  test('of changed endpoints is the backend alone', () => {
    const ports = [port(80, listener('http', host('*', a)))];
    const delta = deltaOf(
      placed({ ports, backends: [backend('s', 1)] }),
      placed({ ports, backends: [backend('s', 2)] }),
    );
    expect(delta).toEqual({
      rules: [],
      removedRules: [],
      backends: [backend('s', 2)],
      removedBackends: [],
      certificates: [],
      removedCertificates: [],
      sockets: [],
    });
  });

  test('of a replaced certificate carries the new key and names the old certificate', () => {
    const delta = deltaOf(
      placed({ certificates: [certificate('old')] }),
      placed({ certificates: [certificate('new')] }),
    );
    expect(delta.certificates).toEqual([
      { id: 'new', names: ['new.example'], certificate: 'certificate of new', key: 'key of new' },
    ]);
    expect(delta.removedCertificates).toEqual(['old']);
  });

  test('of a Gateway that ends takes away everything of it', () => {
    const before = placed({
      ports: [port(80, listener('http', host('*', a)), listener('other', host('*', b)))],
      backends: [backend('s', 1)],
      certificates: [certificate('k')],
    });
    expect(deltaOf(before, undefined)).toMatchObject({
      removedRules: ['a', 'b'],
      removedBackends: ['s'],
      removedCertificates: ['k'],
      sockets: [{ listeners: [], removedListeners: ['default/web/http', 'default/web/other'] }],
    });
  });
});

/** What a worker would hold, in the plainest way. */
class Model {
  readonly rules = new Set<string>();
  readonly backends = new Map<string, BackendPlan>();
  readonly certificates = new Set<string>();
  readonly sockets = new Map<string, Map<string, Map<string, string[]>>>();

  apply(delta: WorkerDelta): void {
    for (const { id } of delta.rules) this.rules.add(id);
    for (const plan of delta.backends) this.backends.set(plan.id, plan);
    for (const { id } of delta.certificates) this.certificates.add(id);
    for (const socket of delta.sockets) this.#applySocket(socket);
    for (const id of delta.removedRules) expect(this.rules.delete(id)).toBe(true);
    for (const id of delta.removedBackends) expect(this.backends.delete(id)).toBe(true);
    for (const id of delta.removedCertificates) expect(this.certificates.delete(id)).toBe(true);
  }

  #applySocket({ socket, listeners, removedListeners }: SocketDelta): void {
    const known = this.sockets.get(socket) ?? new Map<string, Map<string, string[]>>();
    for (const key of removedListeners) expect(known.delete(key)).toBe(true);
    for (const { key, hosts } of listeners) {
      const byHost = known.get(key) ?? new Map<string, string[]>();
      known.set(key, byHost);
      for (const { hostname, at, removeCount, insert } of hosts) {
        const rules = byHost.get(hostname) ?? [];
        rules.splice(at, removeCount, ...insert);
        for (const id of insert) expect(this.rules).toContain(id);
        if (rules.length === 0) byHost.delete(hostname);
        else byHost.set(hostname, rules);
      }
    }
    if (known.size === 0) this.sockets.delete(socket);
    else this.sockets.set(socket, known);
  }

  static of(plans: readonly PlacedPlan[]): Model {
    const model = new Model();
    for (const { key, plan, sockets } of plans) {
      for (const { id } of plan.certificates) model.certificates.add(id);
      for (const each of plan.backends) model.backends.set(each.id, each);
      for (const {
        socket,
        port: { listeners },
      } of sockets) {
        const known = model.sockets.get(socket) ?? new Map<string, Map<string, string[]>>();
        for (const { name, hosts } of listeners) {
          known.set(
            `${key}/${name}`,
            new Map(hosts.map(({ hostname, rules }) => [hostname, rules.map(({ id }) => id)])),
          );
          for (const each of hosts.flatMap(({ rules }) => rules)) model.rules.add(each.id);
        }
        if (known.size > 0) model.sockets.set(socket, known);
      }
    }
    return model;
  }
}

const names = (pool: readonly string[]) => fc.uniqueArray(fc.constantFrom(...pool), { maxLength: pool.length });
const rulePool = 'abcdefgh'.split('').map(rule);
const hostArbitrary = fc.record({
  hostname: fc.constantFrom('*', 'x.example', '*.example'),
  rules: fc.array(fc.constantFrom(...rulePool), { minLength: 1, maxLength: 6 }),
});
const listenerArbitrary = fc.record({
  name: fc.constantFrom('http', 'other', 'third'),
  hosts: fc.uniqueArray(hostArbitrary, { maxLength: 3, selector: ({ hostname }) => hostname }),
});
const portArbitrary = fc
  .tuple(fc.constantFrom(80, 81), fc.uniqueArray(listenerArbitrary, { maxLength: 3, selector: ({ name }) => name }))
  .map(([number, listeners]) => port(number, ...listeners));
const planArbitrary = fc.option(
  fc.record({
    ports: fc.uniqueArray(portArbitrary, { maxLength: 2, selector: (each) => each.port }),
    backends: names(['s', 't', 'u']).map((ids) => ids.map((id) => backend(id, 1))),
    certificates: names(['k', 'l']).map((ids) => ids.map(certificate)),
  }),
  { nil: undefined },
);

test('deltas, applied one after the other, lead to what the plans say', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.constantFrom('default/one', 'default/two'), planArbitrary), { maxLength: 12 }),
      (steps) => {
        const inUse = new PartsInUse();
        const current = new Map<string, PlacedPlan>();
        const model = new Model();
        for (const [key, parts] of steps) {
          const next = parts === undefined ? undefined : placed(parts, key);
          const change = diffPlans(current.get(key), next, inUse);
          model.apply(change.delta);
          inUse.commit(change);
          if (next === undefined) current.delete(key);
          else current.set(key, next);
          expect(model).toEqual(Model.of([...current.values()]));
        }
      },
    ),
  );
});

test('a rejected change leaves the next difference to be computed from the plan in effect', () => {
  const inUse = new PartsInUse();
  const first = placed({ ports: [port(80, listener('http', host('*', a)))] });
  inUse.commit(diffPlans(undefined, first, inUse));
  const rejected = placed({ ports: [port(80, listener('http', host('*', b)))] });
  diffPlans(first, rejected, inUse);
  const repaired = placed({ ports: [port(80, listener('http', host('*', b, a)))] });
  expect(diffPlans(first, repaired, inUse).delta.rules).toEqual([b]);
});
