import { describe, expect, test } from 'vitest';
import type { KubeObject } from '../../api/object.ts';
import type { JsonObject } from '../schema/json.ts';
import { computedColumns } from './columns.ts';

const NOW = Date.parse('2030-01-01T00:05:00Z');
const metadata = { name: 'x', creationTimestamp: '2030-01-01T00:00:00Z' };

function row(key: string, body: JsonObject): Readonly<Record<string, unknown>> {
  const columns = computedColumns.get(key);
  if (columns === undefined) throw new Error(`No columns for ${key}.`);
  const object: KubeObject = { apiVersion: 'v1', kind: 'K', metadata, ...body };
  const cells = columns.cells(object, NOW);
  expect(cells).toHaveLength(columns.definitions.length);
  return Object.fromEntries(columns.definitions.map(({ name }, index) => [name, cells[index]]));
}

const cases = [
  {
    name: 'a Service',
    key: 'Service',
    body: {
      spec: {
        type: 'ClusterIP',
        selector: { b: '2', a: '1' },
        ports: [
          { port: 80, protocol: 'TCP' },
          { port: 53, protocol: 'UDP' },
        ],
      },
    },
    row: {
      Name: 'x',
      Type: 'ClusterIP',
      'Cluster-IP': '<none>',
      'External-IP': '<none>',
      'Port(s)': '80/TCP,53/UDP',
      Age: '5m',
      Selector: 'a=1,b=2',
    },
  },
  {
    name: 'a load balancer that waits for its address',
    key: 'Service',
    body: { spec: { type: 'LoadBalancer', ports: [{ port: 80, nodePort: 30080 }] } },
    row: { 'External-IP': '<pending>', 'Port(s)': '80:30080/TCP', Selector: '<none>' },
  },
  {
    name: 'an external name',
    key: 'Service',
    body: { spec: { type: 'ExternalName', externalName: 'example.com' } },
    row: { 'External-IP': 'example.com', 'Port(s)': '<none>' },
  },
  {
    name: 'a Pod',
    key: 'Pod',
    body: {
      spec: { containers: [{ name: 'a' }, { name: 'b' }] },
      status: { phase: 'Running', podIP: '10.0.0.1', containerStatuses: [{ name: 'a', ready: true, restartCount: 2 }] },
    },
    row: { Name: 'x', Ready: '1/2', Status: 'Running', Restarts: 2, Age: '5m', IP: '10.0.0.1', Node: '<none>' },
  },
  {
    name: 'a Secret',
    key: 'Secret',
    body: { type: 'Opaque', data: { a: '', b: '' } },
    row: { Name: 'x', Type: 'Opaque', Data: 2, Age: '5m' },
  },
  {
    name: 'a ConfigMap',
    key: 'ConfigMap',
    body: { data: { a: '' }, binaryData: { b: '' } },
    row: { Name: 'x', Data: 2, Age: '5m' },
  },
  {
    name: 'an EndpointSlice with many endpoints',
    key: 'EndpointSlice.discovery.k8s.io',
    body: {
      addressType: 'IPv4',
      ports: [{ port: 80 }],
      endpoints: ['1', '2', '3', '4'].map((ip) => ({ addresses: [ip] })),
    },
    row: { Name: 'x', AddressType: 'IPv4', Ports: '80', Endpoints: '1,2,3 + 1 more...', Age: '5m' },
  },
  {
    name: 'an Event',
    key: 'Event',
    body: {
      involvedObject: { kind: 'Gateway', name: 'gw' },
      type: 'Warning',
      reason: 'Bad',
      message: 'it is\n',
      count: 3,
      firstTimestamp: '2030-01-01T00:00:00Z',
      lastTimestamp: '2030-01-01T00:04:30Z',
    },
    row: {
      'Last Seen': '30s',
      Type: 'Warning',
      Reason: 'Bad',
      Object: 'gateway/gw',
      Message: 'it is',
      Count: 3,
      'First Seen': '5m',
    },
  },
  {
    name: 'a Deployment',
    key: 'Deployment.apps',
    body: {
      spec: {
        replicas: 2,
        selector: { matchLabels: { app: 'x' } },
        template: { spec: { containers: [{ name: 'c', image: 'i' }] } },
      },
    },
    row: { Ready: '0/2', 'Up-to-date': 0, Available: 0, Containers: 'c', Images: 'i', Selector: 'app=x' },
  },
];

describe('computedColumns', () => {
  test.each(cases)('$name', ({ key, body, row: expected }) => {
    expect(row(key, body)).toMatchObject(expected);
  });
});
