import { ageColumn, conditionColumn, gatewayApiKind } from './gateway-api-kind.ts';
import type { KubeObject } from './object.ts';
import { conditions, pendingConditions } from './parts/conditions.ts';
import { controllerName } from './parts/names.ts';
import { parametersReference } from './parts/references.ts';
import { supportedFeatures } from './parts/supported-features.ts';
import type { Infer } from './schema.ts';
import { described, object, required, string } from './schema.ts';

const spec = object(
  {
    controllerName: required(
      controllerName('The controller that runs Gateways of this class. It cannot be changed.', {
        'x-kubernetes-validations': [{ message: 'Value is immutable', rule: 'self == oldSelf' }],
      }),
    ),
    description: string({ description: 'What the class is for, in a few words.', maxLength: 64 }),
    parametersRef: described(parametersReference, 'An object with settings for all Gateways of this class.'),
  },
  { description: 'Which controller the class belongs to, and its settings.' },
);

/** The spec of a GatewayClass. */
export type GatewayClassSpec = Infer<typeof spec>;

const pending = pendingConditions('Accepted');
const status = object(
  {
    conditions: conditions('Whether the controller takes the class: Accepted, SupportedVersion.', {
      default: pending,
      maxItems: 8,
    }),
    supportedFeatures,
  },
  { description: 'Whether a controller has taken the class, and what it can do.', default: { conditions: pending } },
);

/** The status of a GatewayClass. */
export type GatewayClassStatus = Infer<typeof status>;

/** Names the controller that runs the Gateways that point to it. */
export interface GatewayClass extends KubeObject {
  readonly spec: GatewayClassSpec;
  readonly status?: GatewayClassStatus;
}

const version = {
  spec,
  status,
  columns: [
    { name: 'Controller', type: 'string', jsonPath: '.spec.controllerName' },
    conditionColumn('Accepted'),
    ageColumn,
    { name: 'Description', type: 'string', jsonPath: '.spec.description', priority: 1 },
  ],
} as const;

/** The kind GatewayClass. */
export const gatewayClassKind = gatewayApiKind({
  kind: 'GatewayClass',
  plural: 'gatewayclasses',
  shortNames: ['gc'],
  scope: 'Cluster',
  description: 'Names the controller that runs the Gateways of this class.',
  versions: [
    { name: 'v1', storage: true, ...version },
    { name: 'v1beta1', ...version },
  ],
});
