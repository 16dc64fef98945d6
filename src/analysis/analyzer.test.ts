import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { KubeObject, ObjectRef } from '../api/object.ts';
import { refOf } from '../api/object.ts';
import { ObjectStore } from '../store/object-store.ts';
import { Analyzer, analyze } from './analyzer.ts';
import type { AnalysisOptions } from './options.ts';
import type { TopologyUpdate } from './topology.ts';

const OPTIONS: AnalysisOptions = { embedded: true, features: new Set() };
const GATEWAY_API = 'gateway.networking.k8s.io/v1';

function object(apiVersion: string, kind: string, name: string, body: object = {}): KubeObject {
  const isNamespaced = kind !== 'GatewayClass' && kind !== 'Namespace';
  const metadata = { name, generation: 1, ...(isNamespaced ? { namespace: 'default' } : {}) };
  return { apiVersion, kind, metadata, ...body };
}

function gatewayClass(name: string, controllerName = 'example.com/one'): KubeObject {
  return object(GATEWAY_API, 'GatewayClass', name, { spec: { controllerName } });
}

function gateway(name: string, listeners: readonly object[], gatewayClassName = 'class'): KubeObject {
  return object(GATEWAY_API, 'Gateway', name, { spec: { gatewayClassName, listeners } });
}

const HTTP = { name: 'http', port: 80, protocol: 'HTTP' };

function route(name: string, parent: string, service: string, weight = 1): KubeObject {
  const backendRefs = [{ name: service, port: 80, weight }];
  const spec = { parentRefs: [{ name: parent }], hostnames: [`${name}.example.com`], rules: [{ backendRefs }] };
  return object(GATEWAY_API, 'HTTPRoute', name, { spec });
}

function service(name: string, annotations: Readonly<Record<string, string>> = {}): KubeObject {
  const made = object('v1', 'Service', name, { spec: { ports: [{ port: 80 }] } });
  return { ...made, metadata: { ...made.metadata, annotations } };
}

function slice(of: string, ready: boolean): KubeObject {
  const body = {
    addressType: 'IPv4',
    endpoints: [{ addresses: ['10.0.0.1'], conditions: { ready } }],
    ports: [{ port: 8080 }],
  };
  const made = object('discovery.k8s.io/v1', 'EndpointSlice', `${of}-1`, body);
  return { ...made, metadata: { ...made.metadata, labels: { 'kubernetes.io/service-name': of } } };
}

/** A store with an analyzer that has seen all of it. */
function analyzed(objects: readonly KubeObject[], options = OPTIONS) {
  const store = new ObjectStore();
  for (const each of objects) store.put(each);
  const analyzer = new Analyzer(options);
  analyzer.update(store, 'Everything');
  const change = (next: KubeObject): TopologyUpdate => {
    store.put(next);
    return analyzer.update(store, [refOf(next)]);
  };
  const remove = (gone: KubeObject): TopologyUpdate => {
    store.remove(refOf(gone));
    return analyzer.update(store, [refOf(gone)]);
  };
  return { store, analyzer, change, remove };
}

function names(views: readonly { readonly source: KubeObject }[]): readonly string[] {
  return views.map(({ source }) => source.metadata.name);
}

const BASIC = [
  gatewayClass('class'),
  gateway('gw', [HTTP]),
  service('a'),
  route('one', 'gw', 'a'),
  route('two', 'gw', 'a'),
];

describe('an update', () => {
  test('of one route makes one new view, and keeps what has not changed in it', () => {
    const { store, change } = analyzed(BASIC);
    const before = analyze(store, OPTIONS).routes[0];
    const { routes, gateways, backends } = change(route('one', 'gw', 'a', 2));
    expect({ routes: names(routes), gateways, backends }).toEqual({ routes: ['one'], gateways: [], backends: [] });
    expect(routes[0]?.parents).toEqual(before?.parents);
  });

  test('that touches only the status makes no view at all', () => {
    const { store, change } = analyzed(BASIC);
    const stored = store.get(refOf(route('one', 'gw', 'a')));
    const update = change(Object.assign({ ...stored, ...route('one', 'gw', 'a') }, { status: { parents: [] } }));
    expect(update).toMatchObject({ gateways: [], routes: [], backends: [], others: [], warned: [], removed: [] });
  });

  test('of endpoints makes one new backend and touches no route', () => {
    const { change } = analyzed([...BASIC, slice('a', true)]);
    const moved = { ...slice('a', true), ports: [{ port: 9090 }] };
    expect(change(moved)).toMatchObject({
      routes: [],
      gateways: [],
      warned: [],
      backends: [{ id: 'default/a:80', endpoints: [{ address: '10.0.0.1', port: 9090 }] }],
    });
  });

  test('that takes the last endpoint names the routes that are to be warned, without new views of them', () => {
    const { change } = analyzed([...BASIC, slice('a', true)]);
    const update = change(slice('a', false));
    expect(update.routes).toEqual([]);
    expect(names(update.warned)).toEqual(['one', 'two']);
  });

  test('with a Service that a route has looked for in vain resolves the route', () => {
    const { change } = analyzed([...BASIC, route('late', 'gw', 'missing')]);
    const { routes, backends } = change(service('missing'));
    expect(names(routes)).toEqual(['late']);
    expect(backends.map(({ id }) => id)).toEqual(['default/missing:80']);
  });

  test('that removes a route counts its listener anew and drops a backend that nobody else names', () => {
    const { remove } = analyzed([...BASIC, service('b'), route('three', 'gw', 'b')]);
    const update = remove(route('three', 'gw', 'b'));
    expect(update.removed).toEqual([refOf(route('three', 'gw', 'b'))]);
    expect(update.removedBackends).toEqual(['default/b:80']);
    expect(update.gateways[0]?.listeners[0]?.attachedRoutes).toBe(2);
  });

  test('of a certificate touches no route', () => {
    const tls = { certificateRefs: [{ name: 'cert' }] };
    const { change } = analyzed([
      ...BASIC,
      gateway('gw', [HTTP, { name: 'https', port: 443, protocol: 'HTTPS', tls }]),
    ]);
    const update = change(object('v1', 'Secret', 'cert', { type: 'kubernetes.io/tls' }));
    expect({ gateways: names(update.gateways), routes: update.routes }).toEqual({ gateways: ['gw'], routes: [] });
  });

  test('of a route to a Gateway of somebody else changes nothing', () => {
    const ours = { ...OPTIONS, controllerNames: ['example.com/one'] };
    const foreign = [gatewayClass('other', 'example.com/two'), gateway('theirs', [HTTP], 'other')];
    const { change } = analyzed([...BASIC, ...foreign], ours);
    expect(change(route('foreign', 'theirs', 'a'))).toMatchObject({ routes: [], gateways: [], backends: [] });
  });
});

describe('a thousand routes', () => {
  test('that come one by one are counted rightly', () => {
    const { change } = analyzed(BASIC.slice(0, 3));
    let attached: number | undefined;
    for (let index = 0; index < 1000; index++)
      attached = change(route(`r${index}`, 'gw', 'a')).gateways[0]?.listeners[0]?.attachedRoutes;
    expect(attached).toBe(1000);
  });
});

const anyName = fc.constantFrom('a', 'b', 'c');
const anyListener = fc.record({
  name: fc.constantFrom('http', 'web', 'tls'),
  port: fc.constantFrom(80, 443),
  protocol: fc.constantFrom('HTTP', 'HTTPS', 'TCP'),
  hostname: fc.constantFrom('*.example.com', 'a.example.com', 'other.org'),
  tls: fc.constantFrom(
    { certificateRefs: [{ name: 'cert' }] },
    { certificateRefs: [{ name: 'cert', namespace: 'shop' }] },
  ),
  allowedRoutes: fc.constantFrom(
    { namespaces: { from: 'All' } },
    { namespaces: { from: 'Selector', selector: { matchLabels: { team: 'x' } } } },
    {},
  ),
});

const anyObject: fc.Arbitrary<KubeObject> = fc.oneof(
  fc.tuple(anyName, fc.constantFrom('example.com/one', 'example.com/two')).map(([name, by]) => gatewayClass(name, by)),
  fc
    .tuple(anyName, fc.uniqueArray(anyListener, { selector: ({ name }) => name, minLength: 1, maxLength: 3 }), anyName)
    .map(([name, listeners, className]) => gateway(name, listeners, className)),
  fc.tuple(anyName, anyName, anyName, fc.nat(3)).map(([name, parent, to, weight]) => route(name, parent, to, weight)),
  fc
    .tuple(anyName, fc.constantFrom('127.0.0.1:80', 'nonsense', ''))
    .map(([name, endpoints]) => service(name, { 'sallyport.dev/endpoints': endpoints })),
  fc.tuple(anyName, fc.boolean()).map(([of, ready]) => slice(of, ready)),
  fc.tuple(anyName, anyName).map(([name, from]) => elsewhere(service(from), name)),
  fc.tuple(anyName, fc.constantFrom('HTTPRoute', 'Gateway')).map(([name, kind]) => {
    const from = [{ group: 'gateway.networking.k8s.io', kind, namespace: 'default' }];
    return elsewhere(
      object(GATEWAY_API, 'ReferenceGrant', 'grant', { spec: { from, to: [{ group: '', kind: 'Service', name }] } }),
    );
  }),
  fc.constantFrom('kubernetes.io/tls', 'Opaque').map((type) => object('v1', 'Secret', 'cert', { type })),
  fc.tuple(anyName, anyName, anyName).map(([name, parent, to]) => {
    const backendRefs = [
      { name: to, namespace: 'shop', port: 80 },
      { name: to, port: 80 },
    ];
    return object(GATEWAY_API, 'HTTPRoute', name, {
      spec: { parentRefs: [{ name: parent }], rules: [{ backendRefs }] },
    });
  }),
  fc.constantFrom('x', 'y').map((team) => {
    const made = object('v1', 'Namespace', 'default');
    return { ...made, metadata: { ...made.metadata, labels: { team } } };
  }),
  fc.tuple(anyName, anyName).map(([name, target]) => {
    const spec = { targetRefs: [{ group: '', kind: 'Service', name: target }] };
    return object(GATEWAY_API, 'BackendTLSPolicy', name, { spec });
  }),
  fc.tuple(anyName, anyName).map(([name, parent]) => {
    return object(GATEWAY_API, 'TCPRoute', name, { spec: { parentRefs: [{ name: parent }] } });
  }),
);

function elsewhere(made: KubeObject, name = made.metadata.name): KubeObject {
  return { ...made, metadata: { ...made.metadata, name, namespace: 'shop' } };
}

const anyEdit = fc.record({ object: anyObject, isRemoval: fc.boolean() });

describe('after any edits', () => {
  test.each([
    { name: 'each Gateway having its own address', options: OPTIONS },
    { name: 'all Gateways sharing one address', options: { ...OPTIONS, sharedAddress: '127.0.0.10' } },
    { name: 'one controller name being ours', options: { ...OPTIONS, controllerNames: ['example.com/one'] } },
  ])('the topology is that of an analysis from scratch, $name', ({ options }) => {
    fc.assert(
      fc.property(fc.array(fc.array(anyEdit, { minLength: 1, maxLength: 3 }), { maxLength: 25 }), (batches) => {
        const store = new ObjectStore();
        const analyzer = new Analyzer(options);
        const mirror = new Mirror();
        let topology = analyzer.update(store, 'Everything').topology;
        for (const batch of batches) {
          for (const edit of batch)
            if (edit.isRemoval) store.remove(refOf(edit.object));
            else store.put(edit.object);
          const update = analyzer.update(
            store,
            batch.map((edit) => refOf(edit.object)),
          );
          mirror.apply(update);
          topology = update.topology;
          expect(mirror.keys()).toEqual(mirrored(topology));
        }
        expect(withoutVersions(topology)).toEqual(withoutVersions(analyze(store, options)));
      }),
      { numRuns: 60 },
    );
  });
});

/** What somebody has who applies updates one by one. */
class Mirror {
  readonly #views = new Map<string, unknown>();

  apply(update: TopologyUpdate): void {
    for (const ref of update.removed) this.#views.delete(JSON.stringify(ref));
    for (const id of update.removedBackends) this.#views.delete(id);
    for (const { source } of [...update.gatewayClasses, ...update.gateways, ...update.routes, ...update.others])
      this.#views.set(JSON.stringify(refOf(source)), source);
    for (const backend of update.backends) this.#views.set(backend.id, backend);
  }

  keys(): readonly string[] {
    return [...this.#views.keys()].sort();
  }
}

function mirrored({
  gatewayClasses,
  gateways,
  routes,
  others,
  backends,
}: TopologyUpdate['topology']): readonly string[] {
  const refs: readonly ObjectRef[] = [...gatewayClasses, ...gateways, ...routes, ...others].map(({ source }) =>
    refOf(source),
  );
  return [...refs.map((ref) => JSON.stringify(ref)), ...backends.map(({ id }) => id)].sort();
}

/** An edit that changes nothing leaves the older of two equal objects in the view. */
function withoutVersions(topology: unknown): unknown {
  return JSON.parse(JSON.stringify(topology, (key, value: unknown) => (key === 'resourceVersion' ? undefined : value)));
}
