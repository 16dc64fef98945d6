import type { Infer, ValidationRule } from '../schema.ts';
import { described, map, object, string } from '../schema.ts';
import { localObjectReference } from './references.ts';

const KEY_PATTERN =
  '^([a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*/)?([A-Za-z0-9][-A-Za-z0-9_.]{0,61})?[A-Za-z0-9]$';

function keyRules(what: 'Annotation' | 'Label'): readonly ValidationRule[] {
  return [
    {
      message:
        `${what} keys must be in the form of an optional DNS subdomain prefix followed by a required name segment ` +
        'of up to 63 characters.',
      rule: `self.all(key, key.matches(r"""${KEY_PATTERN}"""))`,
    },
    {
      message:
        `If specified, the ${what.toLowerCase()} key's prefix must be a DNS subdomain ` +
        'not longer than 253 characters in total.',
      rule: 'self.all(key, key.split("/")[0].size() < 253)',
    },
  ];
}

/** `spec.infrastructure` of a Gateway. */
export const gatewayInfrastructure = object(
  {
    labels: map(string({ minLength: 0, maxLength: 63, pattern: '^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$' }), {
      description: 'Labels for everything that is made to run the Gateway.',
      maxProperties: 8,
      'x-kubernetes-validations': keyRules('Label'),
    }),
    annotations: map(string({ minLength: 0, maxLength: 4096 }), {
      description: 'Annotations for everything that is made to run the Gateway.',
      maxProperties: 16,
      'x-kubernetes-validations': keyRules('Annotation'),
    }),
    parametersRef: described(
      localObjectReference,
      'An object with settings for this Gateway; they go before those of the class.',
    ),
  },
  { description: 'What runs the Gateway, and how it is marked.' },
);

/** What runs a Gateway, and how it is marked. */
export type GatewayInfrastructure = Infer<typeof gatewayInfrastructure>;
