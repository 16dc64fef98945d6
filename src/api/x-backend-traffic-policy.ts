import { ageColumn, gatewayApiKind } from './gateway-api-kind.ts';
import type { KubeObject } from './object.ts';
import { duration, GATEWAY_API_EXPERIMENTAL_GROUP } from './parts/names.ts';
import { policyStatus } from './parts/policy-status.ts';
import type { PolicyStatus } from './parts/policy-status.ts';
import { localPolicyTargetReference, targetsByName } from './parts/policy-targets.ts';
import { sessionPersistence } from './parts/session-persistence.ts';
import type { Infer } from './schema.ts';
import { array, integer, object, required } from './schema.ts';

const retryConstraint = object(
  {
    budget: object(
      {
        percent: integer({
          description: 'Share of the requests in the interval that may be retries, in percent.',
          default: 20,
          minimum: 0,
          maximum: 100,
        }),
        interval: duration('Over what time the share is reckoned.', {
          default: '10s',
          'x-kubernetes-validations': [
            {
              message: 'interval cannot be greater than one hour or less than one second',
              rule: "!(duration(self) < duration('1s') || duration(self) > duration('1h'))",
            },
          ],
        }),
      },
      {
        description: 'How many retries there may be for the traffic there is.',
        default: { interval: '10s', percent: 20 },
      },
    ),
    minRetryRate: object(
      {
        count: integer({ description: 'How many retries in the interval.', minimum: 1, maximum: 1000000 }),
        interval: duration('The time in which so many retries are always allowed.', {
          'x-kubernetes-validations': [
            {
              message: 'interval cannot be greater than one hour',
              rule: "!(duration(self) == duration('0s') || duration(self) > duration('1h'))",
            },
          ],
        }),
      },
      { description: 'How many retries are allowed whatever the budget says.', default: { count: 10, interval: '1s' } },
    ),
  },
  { description: 'Limits retries, so that they do not overwhelm a backend that fails.' },
);

/** How many retries a backend may get. */
export type RetryConstraint = Infer<typeof retryConstraint>;

const spec = object(
  {
    targetRefs: required(
      array(localPolicyTargetReference, {
        ...targetsByName,
        description: 'The backends that the policy applies to, such as Services.',
      }),
    ),
    retryConstraint,
    sessionPersistence,
  },
  { description: 'Which backends, and how their traffic is handled.' },
);

/** The spec of an XBackendTrafficPolicy. */
export type XBackendTrafficPolicySpec = Infer<typeof spec>;

/** How Gateways handle the traffic to a backend, whichever route it comes from. */
export interface XBackendTrafficPolicy extends KubeObject {
  readonly spec: XBackendTrafficPolicySpec;
  readonly status?: PolicyStatus;
}

/** The kind XBackendTrafficPolicy. */
export const xBackendTrafficPolicyKind = gatewayApiKind({
  group: GATEWAY_API_EXPERIMENTAL_GROUP,
  kind: 'XBackendTrafficPolicy',
  plural: 'xbackendtrafficpolicies',
  shortNames: ['xbtrafficpolicy'],
  description: 'How Gateways handle the traffic to a backend: retries and sessions, whichever route it comes from.',
  versions: [{ name: 'v1alpha1', storage: true, spec, status: policyStatus, columns: [ageColumn] }],
});
