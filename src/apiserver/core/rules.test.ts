import { describe, expect, test } from 'vitest';
import { coreKinds } from '../../api/core/kinds.ts';
import { kindKey, type KubeObject } from '../../api/object.ts';
import { checkCrdSchema } from '../schema/check-crd-schema.ts';
import { applyDefaults } from '../schema/defaults.ts';
import { renderFieldError } from '../schema/field-error.ts';
import type { JsonObject } from '../schema/json.ts';
import { coreRules } from './rules.ts';

function objectOf(kind: string, body: JsonObject): KubeObject {
  const definition = coreKinds.find((each) => each.kind === kind);
  const version = definition?.versions[0];
  if (definition === undefined || version === undefined) throw new Error(`No kind ${kind}.`);
  const apiVersion = definition.group === '' ? version.name : `${definition.group}/${version.name}`;
  return applyDefaults(version.schema, { apiVersion, kind, metadata: { name: 'x' }, ...body });
}

function rulesOf({ apiVersion, kind }: KubeObject) {
  const group = apiVersion.includes('/') ? apiVersion.slice(0, apiVersion.indexOf('/')) : '';
  return coreRules.get(kindKey({ group, kind })) ?? {};
}

function prepared(object: KubeObject): KubeObject {
  return rulesOf(object).prepare?.(object, undefined) ?? object;
}

const preparations = [
  {
    name: 'a Service gets a type, affinity, protocol and target ports',
    kind: 'Service',
    body: { spec: { ports: [{ port: 80 }, { port: 81, targetPort: 'web' }] } },
    result: {
      spec: {
        type: 'ClusterIP',
        sessionAffinity: 'None',
        internalTrafficPolicy: 'Cluster',
        ports: [
          { port: 80, protocol: 'TCP', targetPort: 80 },
          { port: 81, protocol: 'TCP', targetPort: 'web' },
        ],
      },
    },
  },
  {
    name: 'a headless Service stays headless',
    kind: 'Service',
    body: { spec: { clusterIP: 'None' } },
    result: { spec: { clusterIP: 'None' } },
  },
  {
    name: 'stringData of a Secret becomes data',
    kind: 'Secret',
    body: { data: { a: 'YQ==' }, stringData: { b: 'bä' } },
    result: { type: 'Opaque', data: { a: 'YQ==', b: 'YsOk' } },
  },
  {
    name: 'a Namespace is active and has its name as a label',
    kind: 'Namespace',
    body: {},
    result: { metadata: { labels: { 'kubernetes.io/metadata.name': 'x' } }, status: { phase: 'Active' } },
  },
  {
    name: 'a Deployment gets the usual strategy',
    kind: 'Deployment',
    body: { spec: { selector: {}, template: { metadata: { creationTimestamp: null } }, strategy: {} } },
    result: {
      spec: {
        replicas: 1,
        strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: '25%', maxUnavailable: '25%' } },
      },
    },
  },
  { name: 'a Pod waits', kind: 'Pod', body: { spec: { containers: [] } }, result: { status: { phase: 'Pending' } } },
];

const mistakes: readonly { name: string; kind: string; body: JsonObject; errors: readonly string[] }[] = [
  {
    name: 'a Service without ports',
    kind: 'Service',
    body: { spec: { selector: { a: 'b' } } },
    errors: ['spec.ports: Required value'],
  },
  {
    name: 'a Service with several ports and no names',
    kind: 'Service',
    body: { spec: { ports: [{ port: 80 }, { port: 81 }] } },
    errors: ['spec.ports[0].name: Required value', 'spec.ports[1].name: Required value'],
  },
  {
    name: 'a port out of range and a protocol that does not exist',
    kind: 'Service',
    body: { spec: { ports: [{ port: 70_000, protocol: 'HTTP', targetPort: 80 }] } },
    errors: [
      'spec.ports[0].port: Invalid value: 70000: must be between 1 and 65535, inclusive',
      'spec.ports[0].protocol: Unsupported value: "HTTP": supported values: "SCTP", "TCP", "UDP"',
    ],
  },
  {
    name: 'a port name that is used twice',
    kind: 'Service',
    body: {
      spec: {
        ports: [
          { port: 80, name: 'a' },
          { port: 81, name: 'a' },
        ],
      },
    },
    errors: ['spec.ports[1].name: Duplicate value: "a"'],
  },
  {
    name: 'a Service type that does not exist',
    kind: 'Service',
    body: { spec: { type: 'Cluster', ports: [{ port: 80 }] } },
    errors: [
      'spec.type: Unsupported value: "Cluster": supported values: "ClusterIP", "ExternalName", "LoadBalancer", "NodePort"',
    ],
  },
  {
    name: 'a TLS Secret without its key',
    kind: 'Secret',
    body: { type: 'kubernetes.io/tls', data: { 'tls.crt': '' } },
    errors: ['data[tls.key]: Required value'],
  },
  {
    name: 'an address of the wrong family',
    kind: 'EndpointSlice',
    body: { addressType: 'IPv4', endpoints: [{ addresses: ['::1'] }] },
    errors: ['endpoints[0].addresses[0]: Invalid value: "::1": must be a valid IPv4 address, (e.g. 10.9.8.7)'],
  },
  {
    name: 'loopback endpoints are allowed',
    kind: 'EndpointSlice',
    body: { addressType: 'IPv4', endpoints: [{ addresses: ['127.0.0.1'] }] },
    errors: [],
  },
];

describe('coreRules', () => {
  test.each(preparations)('$name', ({ kind, body, result }) => {
    expect(prepared(objectOf(kind, body))).toMatchObject(result);
  });

  test('preparing again changes nothing', () => {
    for (const { kind, body } of preparations) {
      const once = prepared(objectOf(kind, body));
      expect(prepared(once)).toEqual(once);
    }
  });

  test.each(mistakes)('$name', ({ kind, body, errors }) => {
    const object = prepared(objectOf(kind, body));
    expect((rulesOf(object).validate?.(object, undefined) ?? []).map(renderFieldError)).toEqual(errors);
  });

  test('the data of an immutable ConfigMap cannot be changed', () => {
    const before = objectOf('ConfigMap', { data: { a: 'x' }, immutable: true });
    const after = objectOf('ConfigMap', { data: { a: 'y' }, immutable: true });
    expect((rulesOf(after).validate?.(after, before) ?? []).map(renderFieldError)).toEqual([
      'data: Forbidden: field is immutable when `immutable` is set',
    ]);
  });

  test('the type of a Secret cannot be changed', () => {
    const before = objectOf('Secret', { type: 'Opaque' });
    const after = objectOf('Secret', { type: 'other' });
    expect((rulesOf(after).validate?.(after, before) ?? []).map(renderFieldError)).toEqual([
      'type: Invalid value: "other": field is immutable',
    ]);
  });
});

describe('schemas of core kinds', () => {
  test.each(coreKinds)('$kind is structural', ({ versions }) => {
    for (const { schema } of versions) {
      const { metadata: _metadata, ...properties } = schema.properties ?? {};
      expect(checkCrdSchema({ ...schema, properties }, 'schema').map(renderFieldError)).toEqual([]);
    }
  });
});
