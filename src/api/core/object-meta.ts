import type { Condition } from '../condition.ts';
import type { KubeObject, ObjectMeta } from '../object.ts';
import { array, boolean, integer, map, object, oneOf, openObject, required, type Schema, string } from '../schema.ts';

const ownerReference = object(
  {
    apiVersion: required(string({ description: 'API version of the owner.' })),
    kind: required(string({ description: 'Kind of the owner.' })),
    name: required(string({ description: 'Name of the owner.' })),
    uid: required(string({ description: 'UID of the owner.' })),
    controller: boolean({ description: 'Whether the owner manages this object.' }),
    blockOwnerDeletion: boolean({ description: 'Whether this object holds up a foreground deletion of the owner.' }),
  },
  { description: 'Names an object whose deletion takes this one along.', 'x-kubernetes-map-type': 'atomic' },
);

const managedFieldsEntry = object(
  {
    manager: string({ description: 'Who owns the fields.' }),
    operation: string({ description: 'How they came to be owned: Apply or Update.' }),
    apiVersion: string({ description: 'The version that the field names belong to.' }),
    time: string({ format: 'date-time', description: 'When the set of fields or their values last changed.' }),
    fieldsType: string({ description: 'The format of the field set; only FieldsV1 exists.' }),
    fieldsV1: openObject({ description: 'The owned fields, as server-side apply writes them.' }),
    subresource: string({ description: 'The subresource through which the fields were written.' }),
  },
  { description: 'The fields that one manager owns.' },
);

/**
 * Schema of `metadata`. It is the same for every kind; an embedded resource's metadata follows it as well. `name` is not
 * `required`, because the server may make one from `generateName`.
 */
export const objectMeta: Schema<ObjectMeta> = object(
  {
    name: string({ description: 'Name, unique within the namespace and kind. It cannot be changed.' }),
    generateName: string({ description: 'Prefix of a name that the server completes when `name` is empty.' }),
    namespace: string({
      description: 'Namespace of the object; empty for cluster-scoped kinds. It cannot be changed.',
    }),
    uid: string({ description: 'Identity in time and space, given by the server.' }),
    resourceVersion: string({ description: 'Opaque version of the object, for watches and against lost updates.' }),
    generation: integer({ format: 'int64', description: 'Counts changes of the desired state.' }),
    creationTimestamp: string({ format: 'date-time', nullable: true, description: 'When the object was created.' }),
    deletionTimestamp: string({ format: 'date-time', nullable: true, description: 'When deletion was asked for.' }),
    deletionGracePeriodSeconds: integer({ format: 'int64', description: 'Seconds until the deletion takes place.' }),
    labels: map(string(), { description: 'Keys and values by which objects are selected.' }),
    annotations: map(string(), { description: 'Keys and values for tools; they cannot be selected by.' }),
    finalizers: array(string(), {
      description: 'Who must finish before the object is removed.',
      'x-kubernetes-list-type': 'set',
      'x-kubernetes-patch-strategy': 'merge',
    }),
    ownerReferences: array(ownerReference, {
      description: 'Objects that this one belongs to.',
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-list-map-keys': ['uid'],
      'x-kubernetes-patch-strategy': 'merge',
      'x-kubernetes-patch-merge-key': 'uid',
    }),
    managedFields: array(managedFieldsEntry, {
      description: 'Who owns which field.',
      'x-kubernetes-list-type': 'atomic',
    }),
    selfLink: string({ description: 'Kept for old clients; always empty.' }),
  },
  { description: 'Standard metadata.' },
) as Schema<ObjectMeta>;

/** Schema of an entry of `status.conditions` as most kinds have it (`metav1.Condition`). */
export const condition: Schema<Condition> = object(
  {
    type: required(
      string({
        description: 'What the condition is about.',
        maxLength: 316,
        pattern:
          '^([a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*/)?(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])$',
      }),
    ),
    status: required(oneOf(['True', 'False', 'Unknown'], { description: 'Whether it holds.' })),
    observedGeneration: integer({
      format: 'int64',
      minimum: 0,
      description: 'The `metadata.generation` that the condition was set for.',
    }),
    lastTransitionTime: required(
      string({ format: 'date-time', description: 'When the condition last went from one status to another.' }),
    ),
    reason: required(
      string({
        description: 'Why, as one CamelCase word for programs.',
        minLength: 1,
        maxLength: 1024,
        pattern: '^[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?$',
      }),
    ),
    message: required(string({ description: 'Why, for people. It may be empty.', maxLength: 32768 })),
  },
  { description: 'One aspect of the current state of the object.' },
);

/**
 * Schema of a whole object: `body` with `apiVersion`, `kind` and `metadata` in front. These are present in the static type
 * but not `required` in the schema, because the server fills them in or checks them itself.
 */
export function kindSchema<T>(description: string, body: Schema<T>): Schema<KubeObject & T> {
  const typeMeta = {
    apiVersion: string({ description: 'Group and version of the schema that this object follows.' }),
    kind: string({ description: 'Kind of this object.' }),
    metadata: objectMeta,
  };
  return { ...body, description, properties: { ...typeMeta, ...body.properties } } as Schema<KubeObject & T>;
}
