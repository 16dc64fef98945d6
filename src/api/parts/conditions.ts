import type { Condition } from '../condition.ts';
import { condition } from '../core/object-meta.ts';
import type { Schema, SchemaOptions } from '../schema.ts';
import { array } from '../schema.ts';

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
