import { ageColumn, gatewayApiKind } from './gateway-api-kind.ts';
import type { KubeObject } from './object.ts';
import { groupName, kindName, namespaceName, objectName } from './parts/names.ts';
import type { Infer } from './schema.ts';
import { array, object, required } from './schema.ts';

const from = object(
  {
    group: required(groupName('Group of the objects that may refer; empty for core kinds.')),
    kind: required(kindName('Kind of the objects that may refer, such as HTTPRoute.')),
    namespace: required(namespaceName('Namespace of the objects that may refer.')),
  },
  { description: 'Objects that may refer.' },
);

/** Objects that may refer. */
export type ReferenceGrantFrom = Infer<typeof from>;

const to = object(
  {
    group: required(groupName('Group of the objects that may be referred to; empty for core kinds.')),
    kind: required(kindName('Kind of the objects that may be referred to, such as Service.')),
    name: objectName('Name of the one object that may be referred to; all of the kind where absent.'),
  },
  { description: 'Objects that may be referred to.' },
);

/** Objects that may be referred to; all of the kind without `name`. */
export type ReferenceGrantTo = Infer<typeof to>;

const spec = object(
  {
    from: required(
      array(from, {
        description: 'Who may refer. Each entry is enough.',
        minItems: 1,
        maxItems: 16,
        'x-kubernetes-list-type': 'atomic',
      }),
    ),
    to: required(
      array(to, {
        description: 'What may be referred to, in the namespace of this grant. Each entry is enough.',
        minItems: 1,
        maxItems: 16,
        'x-kubernetes-list-type': 'atomic',
      }),
    ),
  },
  { description: 'Who may refer to what.' },
);

/** The spec of a ReferenceGrant. */
export type ReferenceGrantSpec = Infer<typeof spec>;

/** Permits objects of other namespaces to refer to objects of its own. */
export interface ReferenceGrant extends KubeObject {
  readonly spec: ReferenceGrantSpec;
}

const version = { spec, columns: [ageColumn] } as const;

/** The kind ReferenceGrant. It has no status. */
export const referenceGrantKind = gatewayApiKind({
  kind: 'ReferenceGrant',
  plural: 'referencegrants',
  shortNames: ['refgrant'],
  description: 'Permits objects of other namespaces to refer to objects of this namespace.',
  versions: [
    { name: 'v1', ...version },
    { name: 'v1beta1', storage: true, ...version },
    { name: 'v1alpha2', supersededBy: 'v1beta1', ...version },
  ],
});
