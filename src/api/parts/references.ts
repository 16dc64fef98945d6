import type { Infer } from '../schema.ts';
import { object, required } from '../schema.ts';
import { groupName, kindName, namespaceName, objectName } from './names.ts';

const localReferenceProperties = {
  group: required(groupName('Group of the object; empty for core kinds.')),
  kind: required(kindName('Kind of the object.')),
  name: required(objectName('Name of the object.')),
};

/** Names an object in the namespace of the one that refers to it. */
export const localObjectReference = object(localReferenceProperties, {
  description: 'An object in the same namespace.',
});

/** A reference to an object in the same namespace. */
export type LocalObjectReference = Infer<typeof localObjectReference>;

/** Names an object in any namespace. Another namespace must permit it with a ReferenceGrant. */
export const objectReference = object(
  {
    ...localReferenceProperties,
    namespace: namespaceName(
      'Namespace of the object; the same namespace where absent. Another one needs a ReferenceGrant.',
    ),
  },
  { description: 'An object in this or another namespace.' },
);

/** A reference to an object in any namespace. */
export type ObjectReference = Infer<typeof objectReference>;

/** Names an object with the settings of a class or mesh. `namespace` is given for namespaced kinds and for them only. */
export const parametersReference = object(
  {
    ...localReferenceProperties,
    namespace: namespaceName('Namespace of the object; needed for namespaced kinds, absent for the others.'),
  },
  { description: 'The object that holds the settings.' },
);

/** A reference to an object with settings. */
export type ParametersReference = Infer<typeof parametersReference>;

/** Names a Secret, or another kind that holds a certificate. */
export const secretObjectReference = object(
  {
    group: groupName('Group of the object; empty, the default, for Secret.', { default: '' }),
    kind: kindName('Kind of the object.', { default: 'Secret' }),
    name: required(objectName('Name of the object.')),
    namespace: namespaceName(
      'Namespace of the object; the same namespace where absent. Another one needs a ReferenceGrant.',
    ),
  },
  { description: 'A Secret or another object that holds a certificate.' },
);

/** A reference to a certificate, by default to a Secret in the same namespace. */
export type SecretObjectReference = Infer<typeof secretObjectReference>;
