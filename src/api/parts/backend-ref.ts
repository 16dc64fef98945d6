import type { Infer, ValidationRule } from '../schema.ts';
import { array, integer, object, required } from '../schema.ts';
import { groupName, kindName, namespaceName, objectName, portNumber } from './names.ts';

const backendObjectReferenceProperties = {
  group: groupName('Group of the backend; empty, the default, for Service.', { default: '' }),
  kind: kindName('Kind of the backend.', { default: 'Service' }),
  name: required(objectName('Name of the backend.')),
  namespace: namespaceName(
    'Namespace of the backend; the same namespace where absent. Another one needs a ReferenceGrant.',
  ),
  port: portNumber("Port of the backend: for a Service the Service's port, not the pod's. Needed for Services."),
};

/** The rule that a reference to a Service must name a port. */
export const servicePortRule: ValidationRule = {
  message: 'Must have port for Service reference',
  rule: "(size(self.group) == 0 && self.kind == 'Service') ? has(self.port) : true",
};

/** Names a backend, without a weight. */
export const backendObjectReference = object(backendObjectReferenceProperties, {
  description: 'A Service or another kind that takes traffic.',
  'x-kubernetes-validations': [servicePortRule],
});

/** A reference to a backend, by default to a Service. */
export type BackendObjectReference = Infer<typeof backendObjectReference>;

/** Properties of a weighted backend; kinds whose backends have filters add those. */
export const backendRefProperties = {
  ...backendObjectReferenceProperties,
  weight: integer({
    description: 'Share of the traffic, relative to the sum of the weights of the rule. 0 sends nothing here.',
    format: 'int32',
    default: 1,
    minimum: 0,
    maximum: 1000000,
  }),
};

/** Names a backend and its share of the traffic. */
export const backendRef = object(backendRefProperties, {
  description: 'A backend and its share of the traffic.',
  'x-kubernetes-validations': [servicePortRule],
});

/** A reference to a backend, with its share of the traffic: `weight`, 1 by default. */
export type BackendRef = Infer<typeof backendRef>;

/** `rules[].backendRefs` of routes that forward connections or datagrams. */
export const backendRefs = array(backendRef, {
  description: 'Where the traffic goes. The share of a backend that cannot be used is refused.',
  minItems: 1,
  maxItems: 16,
  'x-kubernetes-list-type': 'atomic',
});
