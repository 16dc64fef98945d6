import { ageColumn, builtInKind } from './core/built-in-kind.ts';
import { kindSchema } from './core/object-meta.ts';
import type { Infer, ValidationRule } from './schema.ts';
import { array, integer, object, oneOf, required, string } from './schema.ts';

const GROUP = 'networking.k8s.io';

const serviceBackend = object(
  {
    name: required(string({ description: 'Name of the Service, in the namespace of the Ingress.' })),
    port: object(
      {
        name: string({ description: 'Name of the port.' }),
        number: integer({ description: 'Number of the port.', format: 'int32' }),
      },
      { description: 'Port of the Service, by name or by number.' },
    ),
  },
  { description: 'A Service.' },
);

const resourceBackend = object(
  {
    apiGroup: string({ description: 'Group of the object; empty for core kinds.' }),
    kind: required(string({ description: 'Kind of the object.' })),
    name: required(string({ description: 'Name of the object.' })),
  },
  { description: 'Another object than a Service, in the same namespace.', 'x-kubernetes-map-type': 'atomic' },
);

const oneBackend: ValidationRule = {
  message: 'exactly one of service and resource must be set',
  rule: 'has(self.service) != has(self.resource)',
};

const backend = object(
  { service: serviceBackend, resource: resourceBackend },
  { description: 'Where requests go.', 'x-kubernetes-validations': [oneBackend] },
);
/** Where an Ingress sends requests. */
export type IngressBackend = Infer<typeof backend>;

const absolutePath: ValidationRule = {
  message: 'must be an absolute path',
  rule: "self.pathType == 'ImplementationSpecific' || (has(self.path) && self.path.startsWith('/'))",
};

const path = object(
  {
    path: string({ description: 'What the path of a request is compared with.' }),
    pathType: required(
      oneOf(['Exact', 'Prefix', 'ImplementationSpecific'], {
        description: 'How the path is compared. A prefix is compared element by element.',
      }),
    ),
    backend: required(backend),
  },
  { description: 'A path and where its requests go.', 'x-kubernetes-validations': [absolutePath] },
);
/** A path of an Ingress. */
export type IngressPath = Infer<typeof path>;

const rule = object(
  {
    host: string({ description: 'Host name that the rule is for; the first label may be *. Every host where absent.' }),
    http: object(
      {
        paths: required(
          array(path, {
            description: 'Paths and where their requests go; the longest that fits is applied.',
            'x-kubernetes-list-type': 'atomic',
          }),
        ),
      },
      { description: 'What becomes of HTTP requests.' },
    ),
  },
  { description: 'What becomes of the requests to a host.' },
);
/** A rule of an Ingress. */
export type IngressRule = Infer<typeof rule>;

const tls = object(
  {
    hosts: array(string(), { description: 'Hosts that the certificate is for.', 'x-kubernetes-list-type': 'atomic' }),
    secretName: string({ description: 'The Secret with the certificate and its key.' }),
  },
  { description: 'A certificate and its hosts.' },
);

const spec = object(
  {
    ingressClassName: string({ description: 'The IngressClass whose controller serves this Ingress.' }),
    defaultBackend: backend,
    rules: array(rule, { description: 'What becomes of requests, by host.', 'x-kubernetes-list-type': 'atomic' }),
    tls: array(tls, { description: 'Certificates, by host.', 'x-kubernetes-list-type': 'atomic' }),
  },
  { description: 'What becomes of requests.' },
);

const loadBalancerIngress = object(
  {
    ip: string({ description: 'An IP address.' }),
    hostname: string({ description: 'A host name.' }),
    ports: array(
      object(
        {
          port: required(integer({ description: 'The port.', format: 'int32' })),
          protocol: required(string({ description: 'Its protocol: TCP, UDP or SCTP.' })),
          error: string({ description: 'Why the port does not work.' }),
        },
        { description: 'A port and how it stands.' },
      ),
      { description: 'Ports at this address.', 'x-kubernetes-list-type': 'atomic' },
    ),
  },
  { description: 'An address.' },
);

const status = object(
  {
    loadBalancer: object(
      {
        ingress: array(loadBalancerIngress, {
          description: 'Addresses at which the Ingress can be reached.',
          'x-kubernetes-list-type': 'atomic',
        }),
      },
      { description: 'Where the Ingress can be reached.' },
    ),
  },
  { description: 'How the Ingress stands, written by its controller.' },
);

const ingress = kindSchema('Routes HTTP requests; the predecessor of Gateway and HTTPRoute.', object({ spec, status }));
/** An Ingress. It is kept and converted, never served. */
export type Ingress = Infer<typeof ingress>;

/** The kind Ingress. */
export const ingressKind = builtInKind({
  group: GROUP,
  version: 'v1',
  kind: 'Ingress',
  plural: 'ingresses',
  shortNames: ['ing'],
  schema: ingress,
  hasStatus: true,
  hasGeneration: true,
  printerColumns: [
    { name: 'Class', type: 'string', jsonPath: '.spec.ingressClassName' },
    { name: 'Hosts', type: 'string', jsonPath: '.spec.rules[*].host' },
    { name: 'Address', type: 'string', jsonPath: '.status.loadBalancer.ingress[*].ip' },
    ageColumn,
  ],
});

const classParameters = object(
  {
    apiGroup: string({ description: 'Group of the object; empty for core kinds.' }),
    kind: required(string({ description: 'Kind of the object.' })),
    name: required(string({ description: 'Name of the object.' })),
    scope: oneOf(['Cluster', 'Namespace'], {
      description: 'Whether the object is in a namespace.',
      default: 'Cluster',
    }),
    namespace: string({ description: 'Namespace of the object; only for the scope Namespace.' }),
  },
  { description: 'An object with settings of the class.' },
);

const ingressClass = kindSchema(
  'Names the controller that serves the Ingresses of this class.',
  object({
    spec: object(
      {
        controller: string({ description: 'The controller. It cannot be changed.', maxLength: 250 }),
        parameters: classParameters,
      },
      { description: 'The controller and its settings.' },
    ),
  }),
);
/** An IngressClass. It is kept, never served. */
export type IngressClass = Infer<typeof ingressClass>;

/** The kind IngressClass. */
export const ingressClassKind = builtInKind({
  group: GROUP,
  version: 'v1',
  kind: 'IngressClass',
  plural: 'ingressclasses',
  scope: 'Cluster',
  schema: ingressClass,
  hasGeneration: true,
  printerColumns: [
    { name: 'Controller', type: 'string', jsonPath: '.spec.controller' },
    { name: 'Parameters', type: 'string', jsonPath: '.spec.parameters.name' },
    ageColumn,
  ],
});
