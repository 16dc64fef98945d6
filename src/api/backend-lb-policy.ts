import { ageColumn, gatewayApiKind } from './gateway-api-kind.ts';
import type { KubeObject } from './object.ts';
import { duration } from './parts/names.ts';
import { policyStatus } from './parts/policy-status.ts';
import type { PolicyStatus } from './parts/policy-status.ts';
import { localPolicyTargetReference, targetsByName } from './parts/policy-targets.ts';
import { permanentCookieHasTimeout, sessionPersistenceProperties } from './parts/session-persistence.ts';
import type { Infer } from './schema.ts';
import { array, described, object } from './schema.ts';

const spec = object(
  {
    targetRefs: array(localPolicyTargetReference, {
      ...targetsByName,
      description: 'The backends that the policy applies to, such as Services.',
    }),
    targetRef: described(
      localPolicyTargetReference,
      'The one backend that the policy applies to, as it was written at first.',
    ),
    sessionPersistence: object(
      { ...sessionPersistenceProperties, idleTimeout: duration('How long a session lasts when it is not used.') },
      {
        description: 'Keeps the requests of one session on one backend.',
        'x-kubernetes-validations': [permanentCookieHasTimeout],
      },
    ),
  },
  {
    description: 'Which backends, and how their traffic is handled.',
    'x-kubernetes-validations': [
      { message: 'targetRefs must be specified', rule: 'has(self.targetRefs) || has(self.targetRef)' },
    ],
  },
);

/** The spec of a BackendLBPolicy. */
export type BackendLBPolicySpec = Infer<typeof spec>;

/** What XBackendTrafficPolicy was called before release 1.3. */
export interface BackendLBPolicy extends KubeObject {
  readonly spec: BackendLBPolicySpec;
  readonly status?: PolicyStatus;
}

/** The kind BackendLBPolicy. */
export const backendLbPolicyKind = gatewayApiKind({
  kind: 'BackendLBPolicy',
  plural: 'backendlbpolicies',
  shortNames: ['blbpolicy'],
  description: 'What XBackendTrafficPolicy was called before release 1.3: sessions of a backend.',
  versions: [{ name: 'v1alpha2', storage: true, spec, status: policyStatus, columns: [ageColumn] }],
});
