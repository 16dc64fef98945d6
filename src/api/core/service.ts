import { array, boolean, type Infer, integer, intOrString, map, object, required, string } from '../schema.ts';
import { builtInKind } from './built-in-kind.ts';
import { condition, kindSchema } from './object-meta.ts';

const port = object(
  {
    name: string({ description: 'Name of the port; needed if there are several.' }),
    port: required(integer({ format: 'int32', description: 'The port that clients use.' })),
    targetPort: intOrString({
      description: 'Number or name of the port on the Pods. The same as `port` if not given.',
    }),
    protocol: string({ description: 'TCP, UDP or SCTP.', default: 'TCP' }),
    appProtocol: string({ description: 'Application protocol, such as kubernetes.io/h2c or kubernetes.io/ws.' }),
    nodePort: integer({ format: 'int32', description: 'Port on every node; stored only.' }),
  },
  { description: 'A port of the service.' },
);

const loadBalancerIngress = object({
  ip: string({ description: 'Address of the load balancer.' }),
  ipMode: string({ description: 'VIP or Proxy.' }),
  hostname: string({ description: 'Host name of the load balancer.' }),
  ports: array(
    object({ port: required(integer({ format: 'int32' })), protocol: required(string()), error: string() }),
    { description: 'State of single ports.', 'x-kubernetes-list-type': 'atomic' },
  ),
});

const spec = object(
  {
    type: string({ description: 'ClusterIP, NodePort, LoadBalancer or ExternalName. ClusterIP if not given.' }),
    selector: map(string(), {
      description: 'Labels of the Pods that serve; without it, endpoints come from EndpointSlices made by others.',
      'x-kubernetes-map-type': 'atomic',
    }),
    ports: array(port, {
      description: 'Ports that the service offers.',
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-list-map-keys': ['port', 'protocol'],
      'x-kubernetes-patch-strategy': 'merge',
      'x-kubernetes-patch-merge-key': 'port',
    }),
    clusterIP: string({ description: 'Virtual address, or None for a headless service.' }),
    clusterIPs: array(string(), { description: 'Virtual addresses.', 'x-kubernetes-list-type': 'atomic' }),
    externalName: string({ description: 'DNS name behind a service of type ExternalName.' }),
    externalIPs: array(string(), { description: 'Addresses that also lead here.', 'x-kubernetes-list-type': 'atomic' }),
    sessionAffinity: string({ description: 'None or ClientIP. None if not given.' }),
    sessionAffinityConfig: object(
      {
        clientIP: object({
          timeoutSeconds: integer({ format: 'int32', description: 'How long a client stays with one endpoint.' }),
        }),
      },
      { description: 'Settings of the session affinity.' },
    ),
    ipFamilies: array(string(), { description: 'IPv4, IPv6 or both.', 'x-kubernetes-list-type': 'atomic' }),
    ipFamilyPolicy: string({ description: 'SingleStack, PreferDualStack or RequireDualStack.' }),
    internalTrafficPolicy: string({ description: 'Cluster or Local.' }),
    externalTrafficPolicy: string({ description: 'Cluster or Local.' }),
    trafficDistribution: string({ description: 'Preference among endpoints, such as PreferClose.' }),
    publishNotReadyAddresses: boolean({ description: 'Whether endpoints count as ready whatever their Pods say.' }),
    allocateLoadBalancerNodePorts: boolean({ description: 'Whether a load balancer needs node ports.' }),
    healthCheckNodePort: integer({ format: 'int32', description: 'Port of the health check on every node.' }),
    loadBalancerClass: string({ description: 'Which implementation provides the load balancer.' }),
    loadBalancerIP: string({ description: 'Address wanted for the load balancer.' }),
    loadBalancerSourceRanges: array(string(), {
      description: 'Networks that may use the load balancer.',
      'x-kubernetes-list-type': 'atomic',
    }),
  },
  { description: 'The desired behaviour.' },
);

const schema = kindSchema(
  'A Service is a name for a set of endpoints.',
  object({
    spec,
    status: object(
      {
        loadBalancer: object({
          ingress: array(loadBalancerIngress, {
            description: 'Where the load balancer is reached.',
            'x-kubernetes-list-type': 'atomic',
          }),
        }),
        conditions: array(required(condition), {
          description: 'Current state.',
          'x-kubernetes-list-type': 'map',
          'x-kubernetes-list-map-keys': ['type'],
          'x-kubernetes-patch-strategy': 'merge',
          'x-kubernetes-patch-merge-key': 'type',
        }),
      },
      { description: 'The current state.' },
    ),
  }),
);

/** A core/v1 Service. */
export type Service = Infer<typeof schema>;

/** How Services are served; the columns are in the API server, because PORT(S) is computed. */
export const serviceKind = builtInKind({
  group: '',
  version: 'v1',
  kind: 'Service',
  plural: 'services',
  shortNames: ['svc'],
  categories: ['all'],
  schema,
  hasStatus: true,
});
