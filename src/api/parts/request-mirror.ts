import type { Infer } from '../schema.ts';
import { described, integer, object, required } from '../schema.ts';
import { backendObjectReference } from './backend-ref.ts';

const fraction = object(
  {
    numerator: required(integer({ description: 'How many out of the denominator.', format: 'int32', minimum: 0 })),
    denominator: integer({ description: 'Out of how many.', format: 'int32', default: 100, minimum: 1 }),
  },
  {
    description: 'Share of the requests to mirror, as a fraction.',
    'x-kubernetes-validations': [
      { message: 'numerator must be less than or equal to denominator', rule: 'self.numerator <= self.denominator' },
    ],
  },
);

/** Sends a copy of requests to another backend. */
export const httpRequestMirrorFilter = object(
  {
    backendRef: required(described(backendObjectReference, 'Where the copies go. What it answers is thrown away.')),
    percent: integer({
      description: 'Share of the requests to mirror, in percent. All of them where neither this nor fraction is given.',
      format: 'int32',
      minimum: 0,
      maximum: 100,
    }),
    fraction,
  },
  {
    description: 'Sends a copy of requests to another backend.',
    'x-kubernetes-validations': [
      {
        message: 'Only one of percent or fraction may be specified in HTTPRequestMirrorFilter',
        rule: '!(has(self.percent) && has(self.fraction))',
      },
    ],
  },
);

/** Settings of a `RequestMirror` filter; without a share all requests are mirrored. */
export type HTTPRequestMirrorFilter = Infer<typeof httpRequestMirrorFilter>;
