import type { Infer } from '../schema.ts';
import { array, described, object, required } from '../schema.ts';
import { conditions } from './conditions.ts';
import { controllerName } from './names.ts';
import { parentReference } from './parent-reference.ts';

const policyAncestorStatus = object(
  {
    ancestorRef: required(
      described(
        parentReference,
        'The object that the entry is about; mostly the Gateway through which the policy takes effect.',
      ),
    ),
    controllerName: required(controllerName('The controller that wrote this entry.')),
    conditions: required(
      conditions('How the policy stands there: Accepted, ResolvedRefs and others.', { minItems: 1, maxItems: 8 }),
    ),
  },
  { description: 'How the policy stands at one Gateway.' },
);

/** How a policy stands at one Gateway. */
export type PolicyAncestorStatus = Infer<typeof policyAncestorStatus>;

/** The status of every policy. */
export const policyStatus = object(
  {
    ancestors: required(
      array(policyAncestorStatus, {
        description: 'How the policy stands: one entry a Gateway and controller.',
        maxItems: 16,
        'x-kubernetes-list-type': 'atomic',
      }),
    ),
  },
  { description: 'How the policy is taken, written by controllers.' },
);

/** The status of every policy. */
export type PolicyStatus = Infer<typeof policyStatus>;
