import { type Infer, integer, object, string } from '../schema.ts';
import { ageColumn, builtInKind } from './built-in-kind.ts';
import { kindSchema } from './object-meta.ts';

const schema = kindSchema(
  'A Lease says who holds something, and until when.',
  object({
    spec: object(
      {
        holderIdentity: string({ description: 'Who holds it.' }),
        leaseDurationSeconds: integer({
          format: 'int32',
          description: 'Seconds for which it is held after a renewal.',
        }),
        acquireTime: string({ format: 'date-time', nullable: true, description: 'When it was taken.' }),
        renewTime: string({ format: 'date-time', nullable: true, description: 'When it was last renewed.' }),
        leaseTransitions: integer({ format: 'int32', description: 'How often the holder changed.' }),
        strategy: string({ description: 'How the holder is chosen.' }),
        preferredHolder: string({ description: 'Who should hold it next.' }),
      },
      { description: 'The lease.' },
    ),
  }),
);

/** A coordination.k8s.io/v1 Lease. */
export type Lease = Infer<typeof schema>;

/** How Leases are served. */
export const leaseKind = builtInKind({
  group: 'coordination.k8s.io',
  version: 'v1',
  kind: 'Lease',
  plural: 'leases',
  schema,
  printerColumns: [
    { name: 'Holder', type: 'string', jsonPath: '.spec.holderIdentity', description: 'Who holds it.' },
    ageColumn,
  ],
});
