import { array, boolean, type Infer, integer, map, object, required, string } from '../schema.ts';
import { builtInKind } from './built-in-kind.ts';
import { objectReference } from './object-reference.ts';
import { kindSchema } from './object-meta.ts';

const endpoint = object(
  {
    addresses: required(
      array(string(), {
        description: 'Addresses of the endpoint; the first is used.',
        'x-kubernetes-list-type': 'set',
      }),
    ),
    conditions: object(
      {
        ready: boolean({ description: 'Whether it takes traffic. Absent means yes.' }),
        serving: boolean({ description: 'Like ready, but not false while terminating.' }),
        terminating: boolean({ description: 'Whether it is going away.' }),
      },
      { description: 'The current state of the endpoint.' },
    ),
    hostname: string({ description: 'Host name of the endpoint.' }),
    nodeName: string({ description: 'Node that the endpoint runs on.' }),
    zone: string({ description: 'Zone that the endpoint runs in.' }),
    targetRef: objectReference,
    hints: object(
      {
        forZones: array(object({ name: required(string({ description: 'Name of the zone.' })) }), {
          description: 'Zones that should use the endpoint.',
          'x-kubernetes-list-type': 'atomic',
        }),
        forNodes: array(object({ name: required(string({ description: 'Name of the node.' })) }), {
          description: 'Nodes that should use the endpoint.',
          'x-kubernetes-list-type': 'atomic',
        }),
      },
      { description: 'Who should use the endpoint.' },
    ),
    deprecatedTopology: map(string(), { description: 'Kept from older versions of the API.' }),
  },
  { description: 'One endpoint of a service.' },
);

const port = object(
  {
    name: string({ description: 'Name of the service port; empty for a service with one unnamed port.', default: '' }),
    port: integer({ format: 'int32', description: 'The port on the endpoint.' }),
    protocol: string({ description: 'TCP, UDP or SCTP.', default: 'TCP' }),
    appProtocol: string({ description: 'Application protocol, such as kubernetes.io/h2c.' }),
  },
  { description: 'A port that all endpoints of the slice have.', 'x-kubernetes-map-type': 'atomic' },
);

const schema = kindSchema(
  'An EndpointSlice holds endpoints of the Service that its label kubernetes.io/service-name names.',
  object({
    addressType: required(string({ description: 'IPv4, IPv6 or FQDN. It cannot be changed.' })),
    endpoints: array(endpoint, { description: 'The endpoints.', 'x-kubernetes-list-type': 'atomic' }),
    ports: array(port, { description: 'Ports of the endpoints.', 'x-kubernetes-list-type': 'atomic' }),
  }),
);

/** A discovery.k8s.io/v1 EndpointSlice. */
export type EndpointSlice = Infer<typeof schema>;

/** How EndpointSlices are served; the columns are in the API server, because ENDPOINTS is computed. */
export const endpointSliceKind = builtInKind({
  group: 'discovery.k8s.io',
  version: 'v1',
  kind: 'EndpointSlice',
  plural: 'endpointslices',
  schema,
  hasGeneration: true,
});
