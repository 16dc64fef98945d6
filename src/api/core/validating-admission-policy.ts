import { object, openObject } from '../schema.ts';
import { ageColumn, builtInKind } from './built-in-kind.ts';
import { kindSchema } from './object-meta.ts';

/** How ValidatingAdmissionPolicies are served: stored so that install bundles apply, and not enforced. */
export const validatingAdmissionPolicyKind = builtInKind({
  group: 'admissionregistration.k8s.io',
  version: 'v1',
  kind: 'ValidatingAdmissionPolicy',
  plural: 'validatingadmissionpolicies',
  scope: 'Cluster',
  hasStatus: true,
  hasGeneration: true,
  schema: kindSchema(
    'A ValidatingAdmissionPolicy refuses objects by CEL rules. Here it is stored only.',
    object({
      spec: openObject({ description: 'The rules.' }),
      status: openObject({ description: 'The current state.' }),
    }),
  ),
});

/** How ValidatingAdmissionPolicyBindings are served: stored, and without effect. */
export const validatingAdmissionPolicyBindingKind = builtInKind({
  group: 'admissionregistration.k8s.io',
  version: 'v1',
  kind: 'ValidatingAdmissionPolicyBinding',
  plural: 'validatingadmissionpolicybindings',
  scope: 'Cluster',
  hasGeneration: true,
  schema: kindSchema(
    'A ValidatingAdmissionPolicyBinding says what a policy is for. Here it is stored only.',
    object({ spec: openObject({ description: 'The policy and what it is for.' }) }),
  ),
  printerColumns: [
    { name: 'PolicyName', type: 'string', jsonPath: '.spec.policyName', description: 'The policy.' },
    { name: 'ParamRef', type: 'string', jsonPath: '.spec.paramRef.name', description: 'Its parameters.' },
    ageColumn,
  ],
});
