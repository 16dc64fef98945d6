import { anything, boolean, type Infer, integer, object, openObject, required, string } from '../schema.ts';
import { builtInKind } from './built-in-kind.ts';
import { kindSchema } from './object-meta.ts';
import { countOrPercent, labelSelector, listByKey, podTemplate } from './pod-template.ts';

const conditions = listByKey(
  'type',
  object({
    type: required(string({ description: 'What the condition is about.' })),
    status: required(string({ description: 'True, False or Unknown.' })),
    reason: string({ description: 'Why, as one word.' }),
    message: string({ description: 'Why, for people.' }),
    lastUpdateTime: string({ format: 'date-time', nullable: true, description: 'When it was last written.' }),
    lastTransitionTime: string({ format: 'date-time', nullable: true, description: 'When the status last changed.' }),
  }),
  { description: 'Current state.' },
);

const count = (description: string) => integer({ format: 'int32', description });

const deployment = kindSchema(
  'A Deployment keeps Pods running in a cluster. Here it is stored only: nothing starts Pods.',
  object({
    spec: object(
      {
        replicas: integer({ format: 'int32', description: 'How many Pods are wanted.', default: 1 }),
        selector: required(labelSelector),
        template: required(podTemplate),
        strategy: object(
          {
            type: string({ description: 'Recreate or RollingUpdate.' }),
            rollingUpdate: object({ maxSurge: countOrPercent, maxUnavailable: countOrPercent }),
          },
          { description: 'How old Pods are replaced.', 'x-kubernetes-patch-strategy': 'retainKeys' },
        ),
        minReadySeconds: count('Seconds that a Pod must be ready to count as available.'),
        revisionHistoryLimit: integer({ format: 'int32', description: 'How many old sets are kept.', default: 10 }),
        progressDeadlineSeconds: integer({
          format: 'int32',
          description: 'Seconds after which a stuck rollout counts as failed.',
          default: 600,
        }),
        paused: boolean({ description: 'Whether changes are held back.' }),
      },
      { description: 'The desired state.' },
    ),
    status: object(
      {
        replicas: count('Pods that exist.'),
        readyReplicas: count('Pods that are ready.'),
        updatedReplicas: count('Pods of the newest template.'),
        availableReplicas: count('Pods that are available.'),
        unavailableReplicas: count('Pods that are missing.'),
        observedGeneration: integer({ format: 'int64', description: 'The generation that the status is about.' }),
        collisionCount: count('Name collisions so far.'),
        conditions,
      },
      { description: 'The current state.' },
    ),
  }),
);

/** An apps/v1 Deployment. */
export type Deployment = Infer<typeof deployment>;

/** How Deployments are served: stored, and nothing more. */
export const deploymentKind = builtInKind({
  group: 'apps',
  version: 'v1',
  kind: 'Deployment',
  plural: 'deployments',
  shortNames: ['deploy'],
  categories: ['all'],
  schema: deployment,
  hasStatus: true,
  hasGeneration: true,
});

const replicaSet = kindSchema(
  'A ReplicaSet keeps Pods of one template running in a cluster. Here it is stored only.',
  object({
    spec: object(
      {
        replicas: integer({ format: 'int32', description: 'How many Pods are wanted.', default: 1 }),
        minReadySeconds: count('Seconds that a Pod must be ready to count as available.'),
        selector: required(labelSelector),
        template: podTemplate,
      },
      { description: 'The desired state.' },
    ),
    status: object(
      {
        replicas: count('Pods that exist.'),
        fullyLabeledReplicas: count('Pods with the labels of the template.'),
        readyReplicas: count('Pods that are ready.'),
        availableReplicas: count('Pods that are available.'),
        observedGeneration: integer({ format: 'int64', description: 'The generation that the status is about.' }),
        conditions,
      },
      { description: 'The current state.' },
    ),
  }),
);

/** An apps/v1 ReplicaSet. */
export type ReplicaSet = Infer<typeof replicaSet>;

/** How ReplicaSets are served: stored, and nothing more. */
export const replicaSetKind = builtInKind({
  group: 'apps',
  version: 'v1',
  kind: 'ReplicaSet',
  plural: 'replicasets',
  shortNames: ['rs'],
  categories: ['all'],
  schema: replicaSet,
  hasStatus: true,
  hasGeneration: true,
});

/** How ServiceAccounts are served: stored, and nothing more. */
export const serviceAccountKind = builtInKind({
  group: '',
  version: 'v1',
  kind: 'ServiceAccount',
  plural: 'serviceaccounts',
  shortNames: ['sa'],
  schema: kindSchema(
    'A ServiceAccount is an identity for Pods. Here it is stored only.',
    object({
      secrets: listByKey(
        'name',
        object({ name: required(string()) }, { 'x-kubernetes-preserve-unknown-fields': true }),
        {
          description: 'Secrets that Pods may use.',
        },
      ),
      imagePullSecrets: anything({ description: 'Secrets with which images are pulled.' }),
      automountServiceAccountToken: boolean({ description: 'Whether Pods are given a token.' }),
    }),
  ),
});

/** How Nodes are served: stored, and nothing more. */
export const nodeKind = builtInKind({
  group: '',
  version: 'v1',
  kind: 'Node',
  plural: 'nodes',
  shortNames: ['no'],
  scope: 'Cluster',
  hasStatus: true,
  schema: kindSchema(
    'A Node is a machine of a cluster. Here it is stored only.',
    object({
      spec: openObject({ description: 'The desired state.' }),
      status: openObject({ description: 'The current state.' }),
    }),
  ),
});
