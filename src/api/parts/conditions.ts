import type { Condition } from '../condition.ts';
import type { Schema, SchemaOptions } from '../schema.ts';
import { array, integer, object, oneOf, required, string } from '../schema.ts';

const condition: Schema<Condition> = object(
  {
    type: required(
      string({
        description: 'What the condition is about, such as Accepted.',
        maxLength: 316,
        pattern:
          '^([a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*/)?(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])$',
      }),
    ),
    status: required(oneOf(['True', 'False', 'Unknown'], { description: 'Whether the condition holds.' })),
    observedGeneration: integer({
      description: 'Generation of the object that was looked at. Older than metadata.generation means out of date.',
      format: 'int64',
      minimum: 0,
    }),
    lastTransitionTime: required(string({ description: 'When the status last changed.', format: 'date-time' })),
    reason: required(
      string({
        description: 'Why the condition has this status, in one word for programs.',
        minLength: 1,
        maxLength: 1024,
        pattern: '^[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?$',
      }),
    ),
    message: required(string({ description: 'Why the condition has this status, for people.', maxLength: 32768 })),
  },
  { description: 'One aspect of how things stand.' },
);

/** Conditions of an object, a listener or a parent, at most one a type. */
export function conditions(description: string, options: SchemaOptions): Schema<readonly Condition[]> {
  return array(condition, {
    description,
    ...options,
    'x-kubernetes-list-type': 'map',
    'x-kubernetes-list-map-keys': ['type'],
  });
}

/** The conditions that an object has from its creation until a controller looks at it. */
export function pendingConditions(...types: readonly string[]): readonly Condition[] {
  return types.map((type) => ({
    type,
    status: 'Unknown',
    reason: 'Pending',
    message: 'Waiting for controller',
    lastTransitionTime: '1970-01-01T00:00:00Z',
  }));
}
