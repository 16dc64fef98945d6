import { ageColumn, conditionColumn, gatewayApiKind } from './gateway-api-kind.ts';
import type { KubeObject } from './object.ts';
import { conditions, pendingConditions } from './parts/conditions.ts';
import { specAddresses, statusAddresses } from './parts/gateway-address.ts';
import { gatewayInfrastructure } from './parts/gateway-infrastructure.ts';
import { gatewayTlsConfig } from './parts/gateway-tls.ts';
import { labelSelector } from './parts/label-selector.ts';
import { listener, listenerStatuses, listenerRules, listenersOptions } from './parts/listener.ts';
import { objectName } from './parts/names.ts';
import type { Infer } from './schema.ts';
import { array, integer, object, oneOf, required } from './schema.ts';

const allowedListeners = object(
  {
    namespaces: object(
      {
        from: oneOf(['All', 'Selector', 'Same', 'None'], {
          description: "All namespaces, those that the selector selects, the Gateway's own, or none.",
          default: 'None',
        }),
        selector: labelSelector,
      },
      { description: 'Namespaces whose ListenerSets may attach.', default: { from: 'None' } },
    ),
  },
  { description: 'Which ListenerSets may add listeners. None where absent.' },
);

/** Which ListenerSets may add listeners to a Gateway; none by default. */
export type AllowedListeners = Infer<typeof allowedListeners>;

const spec = object(
  {
    gatewayClassName: required(objectName('The GatewayClass whose controller runs this Gateway.')),
    listeners: required(
      array(listener, {
        ...listenersOptions,
        description: 'What the Gateway listens for.',
        'x-kubernetes-validations': listenerRules({ portMayBeAbsent: false }),
      }),
    ),
    addresses: specAddresses,
    infrastructure: gatewayInfrastructure,
    allowedListeners,
    tls: gatewayTlsConfig,
    defaultScope: oneOf(['All', 'None'], {
      description: 'Whether routes that use default Gateways attach to this one. No where absent.',
    }),
  },
  { description: 'What the Gateway listens for, and where.' },
);

/** The spec of a Gateway. */
export type GatewaySpec = Infer<typeof spec>;

const pending = pendingConditions('Accepted', 'Programmed');
const status = object(
  {
    addresses: statusAddresses,
    conditions: conditions('How the Gateway stands: Accepted, Programmed.', { default: pending, maxItems: 8 }),
    listeners: listenerStatuses,
    attachedListenerSets: integer({ description: 'How many ListenerSets have attached.', format: 'int32' }),
  },
  { description: 'How the Gateway stands, written by its controller.', default: { conditions: pending } },
);

/** The status of a Gateway. */
export type GatewayStatus = Infer<typeof status>;

/** Where traffic comes in: listeners on addresses. */
export interface Gateway extends KubeObject {
  readonly spec: GatewaySpec;
  readonly status?: GatewayStatus;
}

const version = {
  spec,
  status,
  columns: [
    { name: 'Class', type: 'string', jsonPath: '.spec.gatewayClassName' },
    { name: 'Address', type: 'string', jsonPath: '.status.addresses[*].value' },
    conditionColumn('Programmed'),
    ageColumn,
  ],
} as const;

/** The kind Gateway. */
export const gatewayKind = gatewayApiKind({
  kind: 'Gateway',
  plural: 'gateways',
  shortNames: ['gtw'],
  description: 'Where traffic comes in: listeners on addresses, to which routes attach.',
  versions: [
    { name: 'v1', storage: true, ...version },
    { name: 'v1beta1', ...version },
  ],
});
