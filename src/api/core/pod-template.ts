import type { ObjectMeta } from '../object.ts';
import {
  array,
  boolean,
  integer,
  intOrString,
  map,
  object,
  required,
  type Schema,
  type SchemaOptions,
  string,
} from '../schema.ts';
import { objectMeta } from './object-meta.ts';

const keepUnknown = { 'x-kubernetes-preserve-unknown-fields': true } as const;

/** A list that server-side apply and strategic merge patches match by one key. */
export function listByKey<T>(key: string, items: Schema<T>, options: SchemaOptions = {}): Schema<readonly T[]> {
  return array(items, {
    ...options,
    'x-kubernetes-list-type': 'map',
    'x-kubernetes-list-map-keys': [key],
    'x-kubernetes-patch-strategy': 'merge',
    'x-kubernetes-patch-merge-key': key,
  });
}

const containerPort = object(
  {
    name: string({ description: 'Name that a Service may use as targetPort.' }),
    containerPort: required(integer({ format: 'int32', description: 'The port that the container listens on.' })),
    protocol: string({ description: 'TCP, UDP or SCTP.', default: 'TCP' }),
    hostPort: integer({ format: 'int32', description: 'Port on the node.' }),
    hostIP: string({ description: 'Address on the node.' }),
  },
  { description: 'A port of a container.' },
);

const container = object(
  {
    name: required(string({ description: 'Name, unique within the Pod.' })),
    image: string({ description: 'Image to run.' }),
    imagePullPolicy: string({ description: 'Always, IfNotPresent or Never.' }),
    command: array(string(), { description: 'Replaces the entry point.', 'x-kubernetes-list-type': 'atomic' }),
    args: array(string(), { description: 'Arguments of the entry point.', 'x-kubernetes-list-type': 'atomic' }),
    workingDir: string({ description: 'Directory to start in.' }),
    ports: array(containerPort, {
      description: 'Ports that the container listens on.',
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-list-map-keys': ['containerPort', 'protocol'],
      'x-kubernetes-patch-strategy': 'merge',
      'x-kubernetes-patch-merge-key': 'containerPort',
    }),
    env: listByKey('name', object({ name: required(string()), value: string() }, keepUnknown), {
      description: 'Environment variables.',
    }),
    volumeMounts: listByKey(
      'mountPath',
      object({ mountPath: required(string()), name: required(string()) }, keepUnknown),
      {
        description: 'Volumes and where they are mounted.',
      },
    ),
  },
  { description: 'A container of the Pod. Fields that are not listed are kept as they are.', ...keepUnknown },
);

/** Schema of a Pod's `spec`. Fields that nothing here reads are kept as they are. */
export const podSpec = object(
  {
    containers: required(listByKey('name', container, { description: 'The containers.' })),
    initContainers: listByKey('name', container, { description: 'Containers that run first.' }),
    volumes: listByKey('name', object({ name: required(string()) }, keepUnknown), { description: 'Volumes to mount.' }),
    imagePullSecrets: listByKey('name', object({ name: string({ default: '' }) }), {
      description: 'Secrets with which images are pulled.',
    }),
    hostNetwork: boolean({ description: 'Whether the Pod uses the network of its node.' }),
    nodeName: string({ description: 'The node that the Pod runs on.' }),
    nodeSelector: map(string(), { description: 'Labels that the node must have.', 'x-kubernetes-map-type': 'atomic' }),
    restartPolicy: string({ description: 'Always, OnFailure or Never.' }),
    serviceAccountName: string({ description: 'The ServiceAccount that the Pod runs as.' }),
    terminationGracePeriodSeconds: integer({ format: 'int64', description: 'Seconds that the Pod is given to stop.' }),
    hostname: string({ description: 'Host name of the Pod.' }),
    subdomain: string({ description: 'Subdomain of the Pod.' }),
  },
  { description: 'What to run. Fields that are not listed are kept as they are.', ...keepUnknown },
);

/** Schema of the Pod template in a workload. */
export const podTemplate = object(
  {
    metadata: objectMeta as Schema<Partial<ObjectMeta>>,
    spec: podSpec,
  },
  { description: 'The Pods to make.' },
);

/** Schema of a label selector. */
export const labelSelector = object(
  {
    matchLabels: map(string(), { description: 'Labels with exactly these values.' }),
    matchExpressions: array(
      object({
        key: required(string({ description: 'Label key.' })),
        operator: required(string({ description: 'In, NotIn, Exists or DoesNotExist.' })),
        values: array(string(), { description: 'Values of In and NotIn.', 'x-kubernetes-list-type': 'atomic' }),
      }),
      { description: 'Requirements, all of which must hold.', 'x-kubernetes-list-type': 'atomic' },
    ),
  },
  { description: 'Selects objects by label.', 'x-kubernetes-map-type': 'atomic' },
);

/** Schema of a number or percentage. */
export const countOrPercent = intOrString({ description: 'A count or a percentage.' });
