import { object, string } from '../schema.ts';

/** Schema of a core/v1 ObjectReference. */
export const objectReference = object(
  {
    apiVersion: string({ description: 'API version of the object.' }),
    kind: string({ description: 'Kind of the object.' }),
    namespace: string({ description: 'Namespace of the object.' }),
    name: string({ description: 'Name of the object.' }),
    uid: string({ description: 'UID of the object.' }),
    resourceVersion: string({ description: 'Version of the object that was meant.' }),
    fieldPath: string({ description: 'Part of the object that is meant.' }),
  },
  { description: 'Names an object.', 'x-kubernetes-map-type': 'atomic' },
);
