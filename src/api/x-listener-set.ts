import { ageColumn, conditionColumn, gatewayApiKind } from './gateway-api-kind.ts';
import type { KubeObject } from './object.ts';
import { conditions, pendingConditions } from './parts/conditions.ts';
import {
  listenerProperties,
  listenerStatusProperties,
  listenerStatusesOptions,
  listenerRules,
  listenersOptions,
} from './parts/listener.ts';
import { GATEWAY_API_EXPERIMENTAL_GROUP, portNumber } from './parts/names.ts';
import { parentGatewayReference } from './parts/parent-reference.ts';
import type { Infer } from './schema.ts';
import { array, integer, object, required } from './schema.ts';

const listener = object(
  {
    ...listenerProperties,
    port: integer({
      description: 'Port to listen on; 0 or absent leaves the choice to the implementation.',
      format: 'int32',
      default: 0,
      minimum: 0,
      maximum: 65535,
    }),
  },
  { description: 'One protocol on one port, for one or all host names.' },
);

const spec = object(
  {
    parentRef: required(parentGatewayReference),
    listeners: required(
      array(listener, {
        ...listenersOptions,
        description: 'What the Gateway listens for besides its own listeners.',
        'x-kubernetes-validations': listenerRules({ portMayBeAbsent: true, tlsNeedsMode: false }),
      }),
    ),
  },
  { description: 'The listeners, and the Gateway that they are added to.' },
);

/** The spec of an XListenerSet. */
export type XListenerSetSpec = Infer<typeof spec>;

const listenerStatus = object(
  { ...listenerStatusProperties, port: required(portNumber('The port that the listener has.')) },
  { description: 'How one listener stands.' },
);

const pending = pendingConditions('Accepted', 'Programmed');
const status = object(
  {
    conditions: conditions('How the set stands: Accepted, Programmed.', { default: pending, maxItems: 8 }),
    listeners: array(listenerStatus, listenerStatusesOptions),
  },
  {
    description: 'How the listeners stand, written by the controller of the Gateway.',
    default: { conditions: pending },
  },
);

/** The status of an XListenerSet. */
export type XListenerSetStatus = Infer<typeof status>;

/** What ListenerSet was called before release 1.5. */
export interface XListenerSet extends KubeObject {
  readonly spec: XListenerSetSpec;
  readonly status?: XListenerSetStatus;
}

/** The kind XListenerSet. */
export const xListenerSetKind = gatewayApiKind({
  group: GATEWAY_API_EXPERIMENTAL_GROUP,
  kind: 'XListenerSet',
  plural: 'xlistenersets',
  shortNames: ['lset'],
  description: 'What ListenerSet was called before release 1.5: adds listeners to a Gateway.',
  versions: [
    {
      name: 'v1alpha1',
      storage: true,
      spec,
      status,
      columns: [conditionColumn('Accepted'), conditionColumn('Programmed'), ageColumn],
    },
  ],
});
