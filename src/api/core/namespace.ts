import { array, type Infer, object, required, string } from '../schema.ts';
import { ageColumn, builtInKind } from './built-in-kind.ts';
import { condition, kindSchema } from './object-meta.ts';

const schema = kindSchema(
  'A Namespace is a scope for names.',
  object({
    spec: object(
      {
        finalizers: array(string(), {
          description: 'Who must finish before the namespace is removed.',
          'x-kubernetes-list-type': 'atomic',
        }),
      },
      { description: 'The desired behaviour.' },
    ),
    status: object(
      {
        phase: string({ description: 'Active or Terminating.' }),
        conditions: array(required(condition), {
          description: 'What holds up the deletion.',
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

/** A core/v1 Namespace. */
export type Namespace = Infer<typeof schema>;

/** How Namespaces are served. */
export const namespaceKind = builtInKind({
  group: '',
  version: 'v1',
  kind: 'Namespace',
  plural: 'namespaces',
  shortNames: ['ns'],
  scope: 'Cluster',
  schema,
  hasStatus: true,
  printerColumns: [
    { name: 'Status', type: 'string', jsonPath: '.status.phase', description: 'Active or Terminating.' },
    ageColumn,
  ],
});
