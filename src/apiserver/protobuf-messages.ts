/** How a field of a Kubernetes protobuf message is read. A message stands for itself. */
export type ProtobufType =
  | 'string'
  | 'int'
  | 'bool'
  | 'bytes'
  | 'time'
  | 'intOrString'
  | 'map'
  | 'bytesMap'
  | ProtobufMessage;

/** A field: its name in JSON, what it holds, and whether it is a list. */
export interface ProtobufField {
  readonly name: string;
  readonly type: ProtobufType;
  readonly isList?: boolean;
  /** The members of the message belong to the message around it, as Go embeds structs. */
  readonly isInline?: boolean;
}

/** The fields of a message by number, as in Kubernetes' `generated.proto` files. */
export interface ProtobufMessage {
  readonly [number: number]: ProtobufField;
}

const ownerReference: ProtobufMessage = {
  1: { name: 'kind', type: 'string' },
  3: { name: 'name', type: 'string' },
  4: { name: 'uid', type: 'string' },
  5: { name: 'apiVersion', type: 'string' },
  6: { name: 'controller', type: 'bool' },
  7: { name: 'blockOwnerDeletion', type: 'bool' },
};

const metadata: ProtobufField = {
  name: 'metadata',
  type: {
    1: { name: 'name', type: 'string' },
    2: { name: 'generateName', type: 'string' },
    3: { name: 'namespace', type: 'string' },
    5: { name: 'uid', type: 'string' },
    6: { name: 'resourceVersion', type: 'string' },
    7: { name: 'generation', type: 'int' },
    8: { name: 'creationTimestamp', type: 'time' },
    9: { name: 'deletionTimestamp', type: 'time' },
    11: { name: 'labels', type: 'map' },
    12: { name: 'annotations', type: 'map' },
    13: { name: 'ownerReferences', type: ownerReference, isList: true },
    14: { name: 'finalizers', type: 'string', isList: true },
  },
};

const localReference: ProtobufMessage = { 1: { name: 'name', type: 'string' } };

const serviceSpec: ProtobufMessage = {
  1: {
    name: 'ports',
    isList: true,
    type: {
      1: { name: 'name', type: 'string' },
      2: { name: 'protocol', type: 'string' },
      3: { name: 'port', type: 'int' },
      4: { name: 'targetPort', type: 'intOrString' },
      5: { name: 'nodePort', type: 'int' },
      6: { name: 'appProtocol', type: 'string' },
    },
  },
  2: { name: 'selector', type: 'map' },
  3: { name: 'clusterIP', type: 'string' },
  4: { name: 'type', type: 'string' },
  5: { name: 'externalIPs', type: 'string', isList: true },
  7: { name: 'sessionAffinity', type: 'string' },
  8: { name: 'loadBalancerIP', type: 'string' },
  9: { name: 'loadBalancerSourceRanges', type: 'string', isList: true },
  10: { name: 'externalName', type: 'string' },
  11: { name: 'externalTrafficPolicy', type: 'string' },
  12: { name: 'healthCheckNodePort', type: 'int' },
  13: { name: 'publishNotReadyAddresses', type: 'bool' },
  17: { name: 'ipFamilyPolicy', type: 'string' },
  18: { name: 'clusterIPs', type: 'string', isList: true },
  19: { name: 'ipFamilies', type: 'string', isList: true },
  20: { name: 'allocateLoadBalancerNodePorts', type: 'bool' },
  21: { name: 'loadBalancerClass', type: 'string' },
  22: { name: 'internalTrafficPolicy', type: 'string' },
  23: { name: 'trafficDistribution', type: 'string' },
};

const ingressBackend: ProtobufMessage = {
  4: {
    name: 'service',
    type: {
      1: { name: 'name', type: 'string' },
      2: { name: 'port', type: { 1: { name: 'name', type: 'string' }, 2: { name: 'number', type: 'int' } } },
    },
  },
};

const ingressPath: ProtobufMessage = {
  1: { name: 'path', type: 'string' },
  2: { name: 'backend', type: ingressBackend },
  3: { name: 'pathType', type: 'string' },
};

const ingressSpec: ProtobufMessage = {
  1: { name: 'defaultBackend', type: ingressBackend },
  2: {
    name: 'tls',
    isList: true,
    type: { 1: { name: 'hosts', type: 'string', isList: true }, 2: { name: 'secretName', type: 'string' } },
  },
  3: {
    name: 'rules',
    isList: true,
    type: {
      1: { name: 'host', type: 'string' },
      2: {
        name: '',
        isInline: true,
        type: { 1: { name: 'http', type: { 1: { name: 'paths', type: ingressPath, isList: true } } } },
      },
    },
  },
  4: { name: 'ingressClassName', type: 'string' },
};

const container: ProtobufMessage = {
  1: { name: 'name', type: 'string' },
  2: { name: 'image', type: 'string' },
  3: { name: 'command', type: 'string', isList: true },
  4: { name: 'args', type: 'string', isList: true },
  6: {
    name: 'ports',
    isList: true,
    type: {
      1: { name: 'name', type: 'string' },
      3: { name: 'containerPort', type: 'int' },
      4: { name: 'protocol', type: 'string' },
    },
  },
};

const deploymentSpec: ProtobufMessage = {
  1: { name: 'replicas', type: 'int' },
  2: { name: 'selector', type: { 1: { name: 'matchLabels', type: 'map' } } },
  3: {
    name: 'template',
    type: { 1: metadata, 2: { name: 'spec', type: { 2: { name: 'containers', type: container, isList: true } } } },
  },
};

/** The kinds that `kubectl create KIND` sends as protobuf, by `apiVersion` and kind. */
export const PROTOBUF_MESSAGES: ReadonlyMap<string, ProtobufMessage> = new Map<string, ProtobufMessage>([
  [
    'v1 Namespace',
    { 1: metadata, 2: { name: 'spec', type: { 1: { name: 'finalizers', type: 'string', isList: true } } } },
  ],
  [
    'v1 ConfigMap',
    {
      1: metadata,
      2: { name: 'data', type: 'map' },
      3: { name: 'binaryData', type: 'bytesMap' },
      4: { name: 'immutable', type: 'bool' },
    },
  ],
  [
    'v1 Secret',
    {
      1: metadata,
      2: { name: 'data', type: 'bytesMap' },
      3: { name: 'type', type: 'string' },
      4: { name: 'stringData', type: 'map' },
      5: { name: 'immutable', type: 'bool' },
    },
  ],
  [
    'v1 ServiceAccount',
    {
      1: metadata,
      3: { name: 'imagePullSecrets', type: localReference, isList: true },
      4: { name: 'automountServiceAccountToken', type: 'bool' },
    },
  ],
  ['v1 Service', { 1: metadata, 2: { name: 'spec', type: serviceSpec } }],
  ['apps/v1 Deployment', { 1: metadata, 2: { name: 'spec', type: deploymentSpec } }],
  ['networking.k8s.io/v1 Ingress', { 1: metadata, 2: { name: 'spec', type: ingressSpec } }],
]);
