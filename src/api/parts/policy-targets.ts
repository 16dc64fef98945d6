import type { Infer } from '../schema.ts';
import { object, required } from '../schema.ts';
import { groupName, kindName, objectName, sectionName } from './names.ts';

const targetProperties = {
  group: required(groupName('Group of the target; empty for Service.')),
  kind: required(kindName('Kind of the target.')),
  name: required(objectName('Name of the target.')),
};

/** Names what a policy applies to, in its own namespace. */
export const localPolicyTargetReference = object(targetProperties, { description: 'What the policy applies to.' });

/** A reference from a policy to what it applies to. */
export type LocalPolicyTargetReference = Infer<typeof localPolicyTargetReference>;

/** The same, or a part of it. */
export const localPolicyTargetReferenceWithSectionName = object(
  {
    ...targetProperties,
    sectionName: sectionName(
      'The part that the policy applies to, such as a port of a Service; all of it where absent.',
    ),
  },
  { description: 'What the policy applies to, or the part of it.' },
);

/** A reference from a policy to what it applies to, or to a part of it. */
export type LocalPolicyTargetReferenceWithSectionName = Infer<typeof localPolicyTargetReferenceWithSectionName>;

/** How targets are listed that are told apart by kind and name. */
export const targetsByName = {
  minItems: 1,
  maxItems: 16,
  'x-kubernetes-list-type': 'map',
  'x-kubernetes-list-map-keys': ['group', 'kind', 'name'],
} as const;
