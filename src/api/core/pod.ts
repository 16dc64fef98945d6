import { array, boolean, type Infer, integer, object, required, string } from '../schema.ts';
import { builtInKind } from './built-in-kind.ts';
import { kindSchema } from './object-meta.ts';
import { listByKey, podSpec } from './pod-template.ts';

const keepUnknown = { 'x-kubernetes-preserve-unknown-fields': true } as const;

// Not `metav1.Condition`: reason and message may be absent here.
const condition = object(
  {
    type: required(string({ description: 'What the condition is about, such as Ready.' })),
    status: required(string({ description: 'True, False or Unknown.' })),
    reason: string({ description: 'Why, as one word.' }),
    message: string({ description: 'Why, for people.' }),
    lastTransitionTime: string({ format: 'date-time', nullable: true, description: 'When the status last changed.' }),
    lastProbeTime: string({ format: 'date-time', nullable: true, description: 'When it was last looked at.' }),
  },
  keepUnknown,
);

const containerStatus = object(
  {
    name: required(string({ description: 'Name of the container.' })),
    ready: boolean({ description: 'Whether it passes its readiness check.' }),
    restartCount: integer({ format: 'int32', description: 'How often it was restarted.' }),
    image: string({ description: 'The image that runs.' }),
  },
  keepUnknown,
);

const status = object(
  {
    phase: string({ description: 'Pending, Running, Succeeded, Failed or Unknown.' }),
    conditions: listByKey('type', condition, { description: 'Current state.' }),
    podIP: string({ description: 'Address of the Pod.' }),
    podIPs: array(object({ ip: required(string({ description: 'An address of the Pod.' })) }), {
      description: 'Addresses of the Pod.',
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-list-map-keys': ['ip'],
      'x-kubernetes-patch-strategy': 'merge',
      'x-kubernetes-patch-merge-key': 'ip',
    }),
    hostIP: string({ description: 'Address of the node.' }),
    startTime: string({ format: 'date-time', description: 'When the Pod was started.' }),
    reason: string({ description: 'Why the Pod is in this phase.' }),
    message: string({ description: 'Why the Pod is in this phase, for people.' }),
    containerStatuses: array(containerStatus, {
      description: 'State of each container.',
      'x-kubernetes-list-type': 'atomic',
    }),
  },
  { description: 'The current state. Fields that are not listed are kept as they are.', ...keepUnknown },
);

const schema = kindSchema('A Pod is a group of containers with one address.', object({ spec: podSpec, status }));

/** A core/v1 Pod, with the fields that Sallyport reads; others are kept but not typed. */
export type Pod = Infer<typeof schema>;

/** How Pods are served; the columns are in the API server, because READY is computed. */
export const podKind = builtInKind({
  group: '',
  version: 'v1',
  kind: 'Pod',
  plural: 'pods',
  shortNames: ['po'],
  categories: ['all'],
  schema,
  hasStatus: true,
  hasGeneration: true,
});
