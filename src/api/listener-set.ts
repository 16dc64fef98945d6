import { ageColumn, conditionColumn, gatewayApiKind } from './gateway-api-kind.ts';
import type { KubeObject } from './object.ts';
import { conditions, pendingConditions } from './parts/conditions.ts';
import { listener, listenerStatuses, listenerRules, listenersOptions } from './parts/listener.ts';
import { parentGatewayReference } from './parts/parent-reference.ts';
import type { Infer } from './schema.ts';
import { array, object, required } from './schema.ts';

const spec = object(
  {
    parentRef: required(parentGatewayReference),
    listeners: required(
      array(listener, {
        ...listenersOptions,
        description: "What the Gateway listens for besides its own listeners, which go first, as do an older set's.",
        'x-kubernetes-validations': listenerRules({ portMayBeAbsent: true }),
      }),
    ),
  },
  { description: 'The listeners, and the Gateway that they are added to.' },
);

/** The spec of a ListenerSet. */
export type ListenerSetSpec = Infer<typeof spec>;

const pending = pendingConditions('Accepted', 'Programmed');
const status = object(
  {
    conditions: conditions('How the set stands: Accepted, Programmed.', { default: pending, maxItems: 8 }),
    listeners: listenerStatuses,
  },
  {
    description: 'How the listeners stand, written by the controller of the Gateway.',
    default: { conditions: pending },
  },
);

/** The status of a ListenerSet. */
export type ListenerSetStatus = Infer<typeof status>;

/** Adds listeners to a Gateway, also from another namespace. */
export interface ListenerSet extends KubeObject {
  readonly spec: ListenerSetSpec;
  readonly status?: ListenerSetStatus;
}

/** The kind ListenerSet. */
export const listenerSetKind = gatewayApiKind({
  kind: 'ListenerSet',
  plural: 'listenersets',
  shortNames: ['lset'],
  description: 'Adds listeners to a Gateway, also from another namespace.',
  versions: [
    {
      name: 'v1',
      storage: true,
      spec,
      status,
      columns: [conditionColumn('Accepted'), conditionColumn('Programmed'), ageColumn],
    },
  ],
});
