import { ageColumn, gatewayApiKind } from './gateway-api-kind.ts';
import type { KubeObject } from './object.ts';
import { backendTlsValidation } from './parts/backend-tls-validation.ts';
import { tlsOptions } from './parts/listener.ts';
import { policyStatus } from './parts/policy-status.ts';
import type { PolicyStatus } from './parts/policy-status.ts';
import { localPolicyTargetReferenceWithSectionName } from './parts/policy-targets.ts';
import type { Infer } from './schema.ts';
import { array, object, required } from './schema.ts';

const targetRefs = array(localPolicyTargetReferenceWithSectionName, {
  description: 'The backends that the policy applies to, such as Services; sectionName is the name of a port.',
  minItems: 1,
  maxItems: 16,
  'x-kubernetes-list-type': 'atomic',
  'x-kubernetes-validations': [
    {
      message: 'sectionName must be specified when targetRefs includes 2 or more references to the same target',
      rule:
        'self.all(p1, self.all(p2, p1.group == p2.group && p1.kind == p2.kind && p1.name == p2.name ? ' +
        "((!has(p1.sectionName) || p1.sectionName == '') == (!has(p2.sectionName) || p2.sectionName == '')) : true))",
    },
    {
      message: 'sectionName must be unique when targetRefs includes 2 or more references to the same target',
      rule:
        'self.all(p1, self.exists_one(p2, p1.group == p2.group && p1.kind == p2.kind && p1.name == p2.name && ' +
        "(((!has(p1.sectionName) || p1.sectionName == '') && (!has(p2.sectionName) || p2.sectionName == '')) || " +
        '(has(p1.sectionName) && has(p2.sectionName) && p1.sectionName == p2.sectionName))))',
    },
  ],
});

const spec = object(
  {
    targetRefs: required(targetRefs),
    validation: required(backendTlsValidation),
    options: tlsOptions('TLS settings of the implementation, by names with a domain, such as example.com/min-version.'),
  },
  { description: 'Which backends are spoken to with TLS, and how their certificates are checked.' },
);

/** The spec of a BackendTLSPolicy. */
export type BackendTLSPolicySpec = Infer<typeof spec>;

/** Makes Gateways speak TLS to backends. */
export interface BackendTLSPolicy extends KubeObject {
  readonly spec: BackendTLSPolicySpec;
  readonly status?: PolicyStatus;
}

/** The kind BackendTLSPolicy. */
export const backendTlsPolicyKind = gatewayApiKind({
  kind: 'BackendTLSPolicy',
  plural: 'backendtlspolicies',
  shortNames: ['btlspolicy'],
  description: 'Makes Gateways speak TLS to backends, and says how their certificates are checked.',
  versions: [
    { name: 'v1', storage: true, spec, status: policyStatus, columns: [ageColumn] },
    { name: 'v1alpha3', supersededBy: 'v1', spec, status: policyStatus, columns: [] },
  ],
});
