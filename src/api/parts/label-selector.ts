import type { Infer } from '../schema.ts';
import { array, map, object, required, string } from '../schema.ts';

const requirement = object(
  {
    key: required(string({ description: 'Key of the label.' })),
    operator: required(
      string({ description: 'How the label relates to the values: In, NotIn, Exists or DoesNotExist.' }),
    ),
    values: array(string(), {
      description: 'The values for In and NotIn; empty for Exists and DoesNotExist.',
      'x-kubernetes-list-type': 'atomic',
    }),
  },
  { description: 'A demand on one label.' },
);

/** Selects objects by their labels. An empty selector selects everything. */
export const labelSelector = object(
  {
    matchLabels: map(string(), { description: 'Labels that must be there with exactly these values.' }),
    matchExpressions: array(requirement, {
      description: 'Further demands; all of them must be met.',
      'x-kubernetes-list-type': 'atomic',
    }),
  },
  { description: 'Selects by labels; all demands must be met.', 'x-kubernetes-map-type': 'atomic' },
);

/** Selects objects by their labels. */
export type LabelSelector = Infer<typeof labelSelector>;
