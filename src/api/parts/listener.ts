import type { Infer, ValidationRule } from '../schema.ts';
import { array, integer, map, object, oneOf, required, string } from '../schema.ts';
import { conditions } from './conditions.ts';
import { labelSelector } from './label-selector.ts';
import { GATEWAY_API_GROUP, groupName, hostname, kindName, portNumber, protocolName, sectionName } from './names.ts';
import { secretObjectReference } from './references.ts';

const routeGroupKind = object(
  {
    group: groupName('Group of the route.', { default: GATEWAY_API_GROUP }),
    kind: required(kindName('Kind of the route, such as HTTPRoute.')),
  },
  { description: 'A kind of route.' },
);

/** A kind of route, of the Gateway API by default. */
export type RouteGroupKind = Infer<typeof routeGroupKind>;

const routeNamespaces = object(
  {
    from: oneOf(['All', 'Selector', 'Same'], {
      description: "All namespaces, those that the selector selects, or the Gateway's own.",
      default: 'Same',
    }),
    selector: labelSelector,
  },
  { description: 'Namespaces whose routes may attach.', default: { from: 'Same' } },
);

const allowedRoutes = object(
  {
    namespaces: routeNamespaces,
    kinds: array(routeGroupKind, {
      description: 'Kinds of routes that may attach; where empty, those that fit the protocol.',
      maxItems: 8,
      'x-kubernetes-list-type': 'atomic',
    }),
  },
  { description: 'Which routes may attach to the listener.', default: { namespaces: { from: 'Same' } } },
);

/** Which routes may attach to a listener: by default those of the Gateway's namespace. */
export type AllowedRoutes = Infer<typeof allowedRoutes>;

/** Settings of an implementation's own, by names with a domain. */
export function tlsOptions(description: string) {
  return map(string({ minLength: 0, maxLength: 4096 }), { description, maxProperties: 16 });
}

const listenerTlsConfig = object(
  {
    mode: oneOf(['Terminate', 'Passthrough'], {
      description: 'Whether TLS ends at the Gateway or is passed through to the backend as it is.',
      default: 'Terminate',
    }),
    certificateRefs: array(secretObjectReference, {
      description: 'The certificates to show to clients; needed to terminate TLS.',
      maxItems: 64,
      'x-kubernetes-list-type': 'atomic',
    }),
    options: tlsOptions('TLS settings of the implementation, by names with a domain, such as example.com/min-version.'),
  },
  {
    description: 'How the listener speaks TLS. Only for the protocols HTTPS and TLS.',
    'x-kubernetes-validations': [
      {
        message: 'certificateRefs or options must be specified when mode is Terminate',
        rule: "self.mode == 'Terminate' ? size(self.certificateRefs) > 0 || size(self.options) > 0 : true",
      },
    ],
  },
);

/** How a listener speaks TLS; by default it terminates it. */
export type ListenerTLSConfig = Infer<typeof listenerTlsConfig>;

/** Properties of a listener other than its port. */
export const listenerProperties = {
  name: required(sectionName('Name of the listener, unique among its siblings. Routes refer to it as sectionName.')),
  hostname: hostname('Host name that the listener is for; the first label may be a wildcard. Every host where absent.'),
  protocol: required(protocolName('What is spoken on the port: HTTP, HTTPS, TLS, TCP or UDP.')),
  tls: listenerTlsConfig,
  allowedRoutes,
};

/** A listener of a Gateway or of a ListenerSet. */
export const listener = object(
  { ...listenerProperties, port: required(portNumber('Port to listen on. Listeners may share one.')) },
  { description: 'One protocol on one port, for one or all host names.' },
);

/** A listener of a Gateway or of a ListenerSet. */
export type Listener = Infer<typeof listener>;

const noTlsWithoutTlsProtocol: ValidationRule = {
  message: "tls must not be specified for protocols ['HTTP', 'TCP', 'UDP']",
  rule: "self.all(l, l.protocol in ['HTTP', 'TCP', 'UDP'] ? !has(l.tls) : true)",
};

const httpsTerminates: ValidationRule = {
  message: 'tls mode must be Terminate for protocol HTTPS',
  rule: "self.all(l, (l.protocol == 'HTTPS' && has(l.tls)) ? (l.tls.mode == '' || l.tls.mode == 'Terminate') : true)",
};

const tlsHasMode: ValidationRule = {
  message: 'tls mode must be set for protocol TLS',
  rule: "self.all(l, (l.protocol == 'TLS' ? has(l.tls) && has(l.tls.mode) && l.tls.mode != '' : true))",
};

const noHostnameWithoutHosts: ValidationRule = {
  message: "hostname must not be specified for protocols ['TCP', 'UDP']",
  rule: "self.all(l, l.protocol in ['TCP', 'UDP']  ? (!has(l.hostname) || l.hostname == '') : true)",
};

const uniqueListenerNames: ValidationRule = {
  message: 'Listener name must be unique within the Gateway',
  rule: 'self.all(l1, self.exists_one(l2, l1.name == l2.name))',
};

/** In which ways the rules about listeners differ between kinds. */
interface ListenerRulesOptions {
  /** Whether listeners without a port are left out when places are compared. */
  readonly portMayBeAbsent: boolean;
  /** Whether a listener for TLS must say whether it terminates. Default true. */
  readonly tlsNeedsMode?: boolean;
}

/** What the listeners of a Gateway or ListenerSet must keep. */
export function listenerRules({
  portMayBeAbsent,
  tlsNeedsMode = true,
}: ListenerRulesOptions): readonly ValidationRule[] {
  return [
    noTlsWithoutTlsProtocol,
    httpsTerminates,
    ...(tlsNeedsMode ? [tlsHasMode] : []),
    noHostnameWithoutHosts,
    uniqueListenerNames,
    uniquePlaces(portMayBeAbsent),
  ];
}

function uniquePlaces(portMayBeAbsent: boolean): ValidationRule {
  const [guard, otherHas] = portMayBeAbsent ? ['!has(l1.port) || ', 'has(l2.port) && '] : ['', ''];
  return {
    message: 'Combination of port, protocol and hostname must be unique for each listener',
    rule:
      `self.all(l1, ${guard}self.exists_one(l2, ${otherHas}l1.port == l2.port && l1.protocol == l2.protocol && ` +
      '(has(l1.hostname) && has(l2.hostname) ? l1.hostname == l2.hostname : !has(l1.hostname) && !has(l2.hostname))))',
  };
}

/** How the listeners of a Gateway or ListenerSet are listed. */
export const listenersOptions = {
  minItems: 1,
  maxItems: 64,
  'x-kubernetes-list-type': 'map',
  'x-kubernetes-list-map-keys': ['name'],
} as const;

const supportedKinds = array(routeGroupKind, {
  description: 'Kinds of routes that can attach: what is allowed and also known to the controller.',
  maxItems: 8,
  'x-kubernetes-list-type': 'atomic',
});

/** Properties of the status of a listener. */
export const listenerStatusProperties = {
  name: required(sectionName('Name of the listener.')),
  supportedKinds,
  attachedRoutes: required(integer({ description: 'How many routes have attached to the listener.', format: 'int32' })),
  conditions: required(
    conditions('How the listener stands: Accepted, Programmed, ResolvedRefs, Conflicted.', { maxItems: 8 }),
  ),
};

const listenerStatus = object(listenerStatusProperties, { description: 'How one listener stands.' });

/** How one listener stands. */
export type ListenerStatus = Infer<typeof listenerStatus>;

/** How the status of listeners is listed. */
export const listenerStatusesOptions = {
  description: 'How each listener stands.',
  maxItems: 64,
  'x-kubernetes-list-type': 'map',
  'x-kubernetes-list-map-keys': ['name'],
} as const;

/** `status.listeners`. */
export const listenerStatuses = array(listenerStatus, listenerStatusesOptions);
