import type { Infer, SchemaOptions } from '../schema.ts';
import { array, object, required, string } from '../schema.ts';
import { addressType } from './names.ts';

const HOSTNAME_PATTERN = '^(\\*\\.)?[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$';

const ipAddressHasIp: SchemaOptions = {
  oneOf: [
    { properties: { type: { enum: ['IPAddress'] }, value: { anyOf: [{ format: 'ipv4' }, { format: 'ipv6' }] } } },
    { properties: { type: { not: { enum: ['IPAddress'] } } } },
  ],
};

const gatewaySpecAddress = object(
  {
    type: addressType('What the value is: IPAddress, Hostname, NamedAddress or a type of the implementation.'),
    value: string({ description: 'The address; one of that type is picked where it is absent.', maxLength: 253 }),
  },
  {
    description: 'An address that the Gateway asks for.',
    ...ipAddressHasIp,
    'x-kubernetes-validations': [
      {
        message: `Hostname value must be empty or contain only valid characters (matching ${HOSTNAME_PATTERN})`,
        rule: `self.type == 'Hostname' ? (!has(self.value) || self.value.matches(r"""${HOSTNAME_PATTERN}""")): true`,
      },
    ],
  },
);

/** An address that a Gateway asks for, by default an `IPAddress`. */
export type GatewaySpecAddress = Infer<typeof gatewaySpecAddress>;

const gatewayStatusAddress = object(
  {
    type: addressType('What the value is: IPAddress, Hostname or a type of the implementation.'),
    value: required(string({ description: 'The address.', minLength: 1, maxLength: 253 })),
  },
  {
    description: 'An address that the Gateway has.',
    ...ipAddressHasIp,
    'x-kubernetes-validations': [
      {
        message: `Hostname value must only contain valid characters (matching ${HOSTNAME_PATTERN})`,
        rule: `self.type == 'Hostname' ? self.value.matches(r"""${HOSTNAME_PATTERN}"""): true`,
      },
    ],
  },
);

/** An address that a Gateway has, by default an `IPAddress`. */
export type GatewayStatusAddress = Infer<typeof gatewayStatusAddress>;

/** `spec.addresses` of a Gateway. */
export const specAddresses = array(gatewaySpecAddress, {
  description: 'Addresses to listen on. Where absent, the controller picks one.',
  maxItems: 16,
  'x-kubernetes-list-type': 'atomic',
  'x-kubernetes-validations': [
    {
      message: 'IPAddress values must be unique',
      rule:
        "self.all(a1, a1.type == 'IPAddress' && has(a1.value) ? " +
        'self.exists_one(a2, a2.type == a1.type && has(a2.value) && a2.value == a1.value) : true )',
    },
    {
      message: 'Hostname values must be unique',
      rule:
        "self.all(a1, a1.type == 'Hostname'  && has(a1.value) ? " +
        'self.exists_one(a2, a2.type == a1.type && has(a2.value) && a2.value == a1.value) : true )',
    },
  ],
});

/** `status.addresses` of a Gateway. */
export const statusAddresses = array(gatewayStatusAddress, {
  description: 'Addresses at which the Gateway can be reached.',
  maxItems: 16,
  'x-kubernetes-list-type': 'atomic',
});
