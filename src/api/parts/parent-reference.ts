import type { Infer } from '../schema.ts';
import { array, object, required } from '../schema.ts';
import { GATEWAY_API_GROUP, groupName, kindName, namespaceName, objectName, portNumber, sectionName } from './names.ts';

const parentGatewayProperties = {
  group: groupName('Group of the parent; empty for Service.', { default: GATEWAY_API_GROUP }),
  kind: kindName('Kind of the parent: Gateway, ListenerSet, or Service for routing within a mesh.', {
    default: 'Gateway',
  }),
  name: required(objectName('Name of the parent.')),
  namespace: namespaceName('Namespace of the parent; the same namespace where absent.'),
};

/** Names the Gateway, ListenerSet or Service that a route attaches to, or the listener or port of it. */
export const parentReference = object(
  {
    ...parentGatewayProperties,
    sectionName: sectionName(
      'Name of the listener, or of the Service port, to attach to; all that allow it where absent.',
    ),
    port: portNumber('Port to attach to: only listeners, or the Service port, with this number.'),
  },
  { description: 'What the route attaches to.' },
);

/** A reference from a route to what it attaches to, by default a Gateway in its own namespace. */
export type ParentReference = Infer<typeof parentReference>;

/** Names the Gateway that a ListenerSet adds listeners to. */
export const parentGatewayReference = object(parentGatewayProperties, {
  description: 'The Gateway to add listeners to.',
});

/** A reference from a ListenerSet to its Gateway. */
export type ParentGatewayReference = Infer<typeof parentGatewayReference>;

const sameNamespace =
  "(((!has(p1.__namespace__) || p1.__namespace__ == '') && (!has(p2.__namespace__) || p2.__namespace__ == '')) || " +
  '(has(p1.__namespace__) && has(p2.__namespace__) && p1.__namespace__ == p2.__namespace__';
const sameParent = `p1.group == p2.group && p1.kind == p2.kind && p1.name == p2.name && ${sameNamespace}`;

/** `spec.parentRefs` of every route. */
export const parentRefs = array(parentReference, {
  description:
    'The Gateways, ListenerSets or Services to attach to. Each of them decides whether it accepts the route.',
  maxItems: 32,
  'x-kubernetes-list-type': 'atomic',
  'x-kubernetes-validations': [
    {
      message: 'sectionName or port must be specified when parentRefs includes 2 or more references to the same parent',
      rule:
        `self.all(p1, self.all(p2, ${sameParent})) ? ` +
        "((!has(p1.sectionName) || p1.sectionName == '') == (!has(p2.sectionName) || p2.sectionName == '') && " +
        '(!has(p1.port) || p1.port == 0) == (!has(p2.port) || p2.port == 0)): true))',
    },
    {
      message: 'sectionName or port must be unique when parentRefs includes 2 or more references to the same parent',
      rule:
        `self.all(p1, self.exists_one(p2, ${sameParent} )) && ` +
        "(((!has(p1.sectionName) || p1.sectionName == '') && (!has(p2.sectionName) || p2.sectionName == '')) || " +
        '( has(p1.sectionName) && has(p2.sectionName) && p1.sectionName == p2.sectionName)) && ' +
        '(((!has(p1.port) || p1.port == 0) && (!has(p2.port) || p2.port == 0)) || ' +
        '(has(p1.port) && has(p2.port) && p1.port == p2.port))))',
    },
  ],
});
