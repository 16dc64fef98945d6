import fc from 'fast-check';
import type { KindDefinition, VersionDefinition } from '../../src/api/kind-definition.ts';
import type { KubeObject } from '../../src/api/object.ts';
import { apiVersionOf } from '../../src/api/object.ts';
import { admissible, ALL_KINDS } from './admissible.ts';
import { bodyOf } from './arbitrary-value.ts';
import type { PemPair } from '../contract/self-signed.ts';

/** A text that stands in every private key that `arbitraryObject` makes and must be found nowhere else. */
export const KEY_MARKER = 'c2VjcmV0IGtleSBtYXRlcmlhbA';

const NAME = fc.constantFrom('a', 'b');
const NAMESPACE = fc.constantFrom('default', 'other');
const CREATED = fc.constantFrom('2026-01-01T00:00:00Z', '2026-01-02T00:00:00Z');

type Fields = Readonly<Record<string, unknown>>;

/** An object as the API server would store it, of one of the kinds that the analysis looks at. */
export function arbitraryObject(
  pair: PemPair,
  kinds: readonly string[] = Object.keys(WEIGHTS),
): fc.Arbitrary<KubeObject> {
  const bodies = kinds.flatMap((name) =>
    kindsNamed(name).flatMap((kind) =>
      kind.versions
        .filter(({ served }) => served)
        .map((version) => ({ weight: WEIGHTS[name] ?? 1, arbitrary: objectOf(kind, version, pair) })),
    ),
  );
  return fc.oneof(...bodies);
}

const WEIGHTS: Readonly<Record<string, number>> = {
  GatewayClass: 2,
  Gateway: 6,
  HTTPRoute: 8,
  ReferenceGrant: 3,
  Namespace: 2,
  Service: 8,
  Secret: 6,
  Pod: 3,
  EndpointSlice: 4,
  GRPCRoute: 1,
  TLSRoute: 1,
  TCPRoute: 1,
  UDPRoute: 1,
  ListenerSet: 1,
  XListenerSet: 1,
  BackendTLSPolicy: 1,
  BackendLBPolicy: 1,
  XBackendTrafficPolicy: 1,
  Ingress: 1,
};

function kindsNamed(name: string): readonly KindDefinition[] {
  return ALL_KINDS.filter(({ kind }) => kind === name);
}

function objectOf(kind: KindDefinition, version: VersionDefinition, pair: PemPair): fc.Arbitrary<KubeObject> {
  const given = fc.record({
    metadata: metadataOf(kind),
    generation: fc.integer({ min: 1, max: 3 }),
    body: BODIES[kind.kind]?.(pair) ?? tamed(kind.kind, bodyOf(version.schema)),
  });
  const apiVersion = apiVersionOf(kind.group, version.name);
  return given
    .map(({ metadata, generation, body }) =>
      admissible(kind, version, {
        apiVersion,
        kind: kind.kind,
        metadata: { ...metadata, ...(kind.hasGeneration ? { generation } : {}) },
        ...body,
      }),
    )
    .filter((object) => object !== undefined);
}

function metadataOf(kind: KindDefinition): fc.Arbitrary<KubeObject['metadata']> {
  const isNamespace = kind.kind === 'Namespace';
  return fc
    .record({
      name: isNamespace ? NAMESPACE : NAME,
      namespace: NAMESPACE,
      creationTimestamp: CREATED,
      uid: fc.constantFrom('1', '2'),
      labels: fc.constantFrom(
        {},
        { a: 'b' },
        { 'kubernetes.io/service-name': 'a' },
        { 'kubernetes.io/service-name': 'b' },
      ),
      annotations: fc.constantFrom({}, {}, { 'sallyport.dev/endpoints': '127.0.0.1:1, x' }),
    })
    .map(({ namespace, ...metadata }) => (kind.scope === 'Namespaced' ? { ...metadata, namespace } : metadata));
}

/** Kinds of which little is looked at, or whose content is more than a schema says. */
const BODIES: Readonly<Record<string, (pair: PemPair) => fc.Arbitrary<Fields>>> = {
  Namespace: () => fc.constant({}),
  Pod: () =>
    fc.record({
      spec: fc.constantFrom({
        containers: [{ name: 'c', image: 'c', ports: [{ name: 'port', containerPort: 8080 }] }],
      }),
      status: fc.record(
        {
          podIP: fc.constantFrom('', '10.0.0.1', '::1', 'nonsense'),
          phase: fc.constantFrom('Running', 'Failed'),
          conditions: fc.constantFrom([], [{ type: 'Ready', status: 'False' }]),
        },
        { requiredKeys: [] },
      ),
    }),
  Secret: ({ certificate, key }) =>
    fc
      .record({
        type: fc.constantFrom('kubernetes.io/tls', 'kubernetes.io/tls', 'Opaque'),
        certificate: fc.constantFrom(certificate, certificate, 'nonsense', ''),
        key: fc.constantFrom(key, key, `-----BEGIN PRIVATE KEY-----\n${KEY_MARKER}\n-----END PRIVATE KEY-----\n`, ''),
      })
      .map((given) => ({
        type: given.type,
        data: { 'tls.crt': base64(given.certificate), 'tls.key': base64(given.key) },
      })),
};

function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}

/** Parts of a spec without which objects seldom have anything to do with each other: most objects get them. */
const TAME: Readonly<Record<string, fc.Arbitrary<Fields>>> = {
  GatewayClass: fc.constant({ parametersRef: undefined }),
  Gateway: fc.record({
    gatewayClassName: fc.constantFrom('a', 'b'),
    addresses: fc.constantFrom(undefined, [{ type: 'IPAddress', value: '127.0.0.9' }]),
    listeners: fc.uniqueArray(
      fc.constantFrom<Fields>(
        { name: 'http', port: 80, protocol: 'HTTP', allowedRoutes: { namespaces: { from: 'All' } } },
        {
          name: 'a',
          port: 80,
          protocol: 'HTTP',
          hostname: '*.example',
          allowedRoutes: { namespaces: { from: 'All' } },
        },
        { name: 'b', port: 443, protocol: 'HTTPS', tls: { certificateRefs: [{ name: 'a' }] } },
        { name: 'c', port: 8080, protocol: 'HTTP' },
        { name: 'd', port: 443, protocol: 'HTTPS', hostname: 'a.example', tls: { certificateRefs: [{ name: 'b' }] } },
      ),
      { minLength: 1 },
    ),
  }),
  HTTPRoute: fc.record({
    parentRefs: fc.subarray<Fields>(
      [{ name: 'a' }, { name: 'b', namespace: 'default' }, { name: 'a', namespace: 'other', sectionName: 'http' }],
      { minLength: 1 },
    ),
    hostnames: fc.constantFrom(undefined, ['a.example'], ['*.example', 'b.example']),
  }),
  Service: fc.record({
    ports: fc.constantFrom<readonly Fields[]>(
      [{ port: 80 }],
      [
        { name: 'a', port: 80 },
        { name: 'b', port: 8080 },
      ],
    ),
    type: fc.constantFrom(undefined, undefined, 'ExternalName'),
  }),
};

function tamed(kind: string, wild: fc.Arbitrary<Fields>): fc.Arbitrary<Fields> {
  const tame = TAME[kind];
  const tidy = wild.map(tidied);
  if (tame === undefined) return tidy;
  const merged = fc.tuple(tidy, tame).map(([body, parts]) => {
    const spec = isFields(body['spec']) ? body['spec'] : {};
    const members = Object.entries({ ...spec, ...parts }).filter(([, value]) => value !== undefined);
    return { ...body, spec: Object.fromEntries(members) };
  });
  return fc.oneof({ weight: 1, arbitrary: tidy }, { weight: 3, arbitrary: merged });
}

/** Listeners need names of their own, and `tls` exactly where the protocol has it: chance seldom gets that right. */
function tidied(body: Fields): Fields {
  const spec = body['spec'];
  if (!isFields(spec) || !Array.isArray(spec['listeners'])) return body;
  const listeners = spec['listeners'].filter(isFields).map(({ tls, ...listener }, index) => ({
    ...listener,
    name: ['http', 'a', 'b'][index],
    ...(['HTTPS', 'TLS'].includes(String(listener['protocol'])) ? { tls: tls ?? {} } : {}),
  }));
  return { ...body, spec: { ...spec, listeners } };
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
