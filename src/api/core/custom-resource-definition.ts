import { array, boolean, type Infer, integer, object, openObject, required, string } from '../schema.ts';
import { builtInKind } from './built-in-kind.ts';
import { condition, kindSchema } from './object-meta.ts';
import { listByKey } from './pod-template.ts';

const names = object(
  {
    plural: required(string({ description: 'Name in URLs, in lower case.' })),
    singular: string({ description: 'Name for one object; the kind in lower case if not given.' }),
    kind: required(string({ description: 'The kind, in CamelCase.' })),
    listKind: string({ description: 'Kind of lists; the kind with List appended if not given.' }),
    shortNames: array(string(), { description: 'Short names for kubectl.', 'x-kubernetes-list-type': 'atomic' }),
    categories: array(string(), {
      description: 'Groups of kinds for kubectl, such as all.',
      'x-kubernetes-list-type': 'atomic',
    }),
  },
  { description: 'How the kind is called.' },
);

const printerColumn = object({
  name: required(string({ description: 'Head of the column.' })),
  type: required(string({ description: 'string, integer, number, boolean or date.' })),
  jsonPath: required(string({ description: 'Where the value is found.' })),
  description: string({ description: 'What the column shows.' }),
  format: string({ description: 'OpenAPI format of the value.' }),
  priority: integer({ format: 'int32', description: '0 is always shown, above that only with -o wide.' }),
});

const version = object(
  {
    name: required(string({ description: 'Name of the version, such as v1.' })),
    served: required(boolean({ description: 'Whether clients may use it.' })),
    storage: required(boolean({ description: 'Whether objects are stored in it; true for exactly one version.' })),
    deprecated: boolean({ description: 'Whether its use is answered with a warning.' }),
    deprecationWarning: string({ description: 'The warning.' }),
    schema: object(
      { openAPIV3Schema: openObject({ description: 'A structural OpenAPI v3 schema of the objects.' }) },
      { description: 'What the objects look like.' },
    ),
    subresources: object(
      {
        status: openObject({ description: 'If present, status is written separately.' }),
        scale: openObject({ description: 'Stored only.' }),
      },
      { description: 'Parts of the objects that are written separately.' },
    ),
    additionalPrinterColumns: array(printerColumn, {
      description: 'Columns of kubectl get.',
      'x-kubernetes-list-type': 'atomic',
    }),
    selectableFields: array(object({ jsonPath: required(string({ description: 'Where the value is found.' })) }), {
      description: 'Fields that field selectors may use.',
      'x-kubernetes-list-type': 'atomic',
    }),
  },
  { description: 'A version of the kind.' },
);

const schema = kindSchema(
  'A CustomResourceDefinition makes the API serve another kind.',
  object({
    spec: required(
      object(
        {
          group: required(string({ description: 'API group of the kind.' })),
          names: required(names),
          scope: required(string({ description: 'Namespaced or Cluster.' })),
          versions: required(
            array(version, { description: 'Versions of the kind.', 'x-kubernetes-list-type': 'atomic' }),
          ),
          conversion: openObject({ description: 'How versions are converted. Only None has an effect.' }),
          preserveUnknownFields: boolean({ description: 'Must be false.' }),
        },
        { description: 'The kind.' },
      ),
    ),
    status: object(
      {
        acceptedNames: { ...names, required: [] },
        conditions: listByKey(
          'type',
          { ...condition, required: ['type', 'status'] },
          { description: 'Current state.' },
        ),
        storedVersions: array(string(), {
          description: 'Versions that objects were ever stored in.',
          'x-kubernetes-list-type': 'atomic',
        }),
        observedGeneration: integer({ format: 'int64', description: 'The generation that the status is about.' }),
      },
      { description: 'The current state.' },
    ),
  }),
);

/** An apiextensions.k8s.io/v1 CustomResourceDefinition. */
export type CustomResourceDefinition = Infer<typeof schema>;

/** How CustomResourceDefinitions are served. */
export const customResourceDefinitionKind = builtInKind({
  group: 'apiextensions.k8s.io',
  version: 'v1',
  kind: 'CustomResourceDefinition',
  plural: 'customresourcedefinitions',
  shortNames: ['crd', 'crds'],
  categories: ['api-extensions'],
  scope: 'Cluster',
  schema,
  hasStatus: true,
  hasGeneration: true,
  printerColumns: [
    {
      name: 'Created At',
      type: 'string',
      jsonPath: '.metadata.creationTimestamp',
      description: 'When the definition was created.',
    },
  ],
});
