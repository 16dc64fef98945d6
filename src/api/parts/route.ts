import type { Infer, ValidationRule } from '../schema.ts';
import { array, object, oneOf, required } from '../schema.ts';
import { conditions } from './conditions.ts';
import { controllerName, hostname, sectionName } from './names.ts';
import { parentReference, parentRefs } from './parent-reference.ts';

/** What the spec of every route has. */
export const commonRouteProperties = {
  parentRefs,
  useDefaultGateways: oneOf(['All', 'None'], {
    description: 'Whether the route also attaches to the default Gateways of the cluster. None where absent.',
  }),
};

/** `spec.hostnames` of the routes that match HTTP hosts. */
export const routeHostnames = array(hostname('A host name; the first label may be a wildcard, as in *.example.com.'), {
  description:
    'Host names that the route is for; together with those of the listener. All hosts of the listener where absent.',
  maxItems: 16,
  'x-kubernetes-list-type': 'atomic',
});

/** `rules[].name`. */
export const ruleName = sectionName(
  'Name of the rule, by which policies and messages refer to it; unique in the route.',
);

/** No two rules of a route have the same name. */
export const uniqueRuleNames: ValidationRule = {
  message: 'Rule name must be unique within the route',
  rule: 'self.all(l1, !has(l1.name) || self.exists_one(l2, has(l2.name) && l1.name == l2.name))',
};

/** How one parent took a route, in the words of one controller. */
export const routeParentStatus = object(
  {
    parentRef: required(parentReference),
    controllerName: required(controllerName('The controller that wrote this entry.')),
    conditions: required(
      conditions('How the route stands with this parent: Accepted, ResolvedRefs and others.', {
        minItems: 1,
        maxItems: 8,
      }),
    ),
  },
  { description: 'How one parent took the route.' },
);

/** How one parent took a route, in the words of one controller. */
export type RouteParentStatus = Infer<typeof routeParentStatus>;

/** The status of every route. */
export const routeStatus = object(
  {
    parents: required(
      array(routeParentStatus, {
        description: 'How each parent took the route: one entry a parent and controller.',
        maxItems: 32,
        'x-kubernetes-list-type': 'atomic',
      }),
    ),
  },
  { description: 'How the route is taken, written by controllers.' },
);

/** The status of every route. */
export type RouteStatus = Infer<typeof routeStatus>;
