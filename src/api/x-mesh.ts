import { ageColumn, conditionColumn, gatewayApiKind } from './gateway-api-kind.ts';
import type { KubeObject } from './object.ts';
import { conditions, pendingConditions } from './parts/conditions.ts';
import { controllerName, GATEWAY_API_EXPERIMENTAL_GROUP } from './parts/names.ts';
import { parametersReference } from './parts/references.ts';
import { supportedFeatures } from './parts/supported-features.ts';
import type { Infer } from './schema.ts';
import { described, object, required, string } from './schema.ts';

const spec = object(
  {
    controllerName: required(
      controllerName('The controller that runs the mesh. It cannot be changed.', {
        'x-kubernetes-validations': [{ message: 'Value is immutable', rule: 'self == oldSelf' }],
      }),
    ),
    description: string({ description: 'What the mesh is for, in a few words.', maxLength: 64 }),
    parametersRef: described(parametersReference, 'An object with settings for the mesh.'),
  },
  { description: 'Which controller the mesh belongs to, and its settings.' },
);

/** The spec of an XMesh. */
export type XMeshSpec = Infer<typeof spec>;

const status = object(
  {
    conditions: conditions('Whether the controller takes the mesh: Accepted.', {
      default: pendingConditions('Accepted', 'Programmed'),
      maxItems: 8,
    }),
    supportedFeatures,
  },
  {
    description: 'Whether a controller has taken the mesh, and what it can do.',
    default: { conditions: pendingConditions('Accepted') },
  },
);

/** The status of an XMesh. */
export type XMeshStatus = Infer<typeof status>;

/** Describes the service mesh of a cluster. */
export interface XMesh extends KubeObject {
  readonly spec: XMeshSpec;
  readonly status?: XMeshStatus;
}

/** The kind XMesh. */
export const xMeshKind = gatewayApiKind({
  group: GATEWAY_API_EXPERIMENTAL_GROUP,
  kind: 'XMesh',
  plural: 'xmeshes',
  shortNames: ['mesh'],
  scope: 'Cluster',
  description: 'Describes the service mesh of the cluster.',
  versions: [{ name: 'v1alpha1', storage: true, spec, status, columns: [conditionColumn('Accepted'), ageColumn] }],
});
