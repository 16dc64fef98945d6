import type { ConditionStatus } from '../api/condition.ts';

/**
 * Every condition that Sallyport writes, as `Type=Status/Reason`, with what it says. `docs/conditions.md` has the same
 * list; a test compares both.
 */
export const CONDITIONS = {
  'Accepted=True/Accepted': 'The object, listener or route is valid and is taken.',
  'Accepted=True/ListenersNotValid': 'The Gateway is taken, but not every listener of it can be served.',
  'Accepted=False/ListenersNotValid': 'No listener of the Gateway is valid.',
  'Accepted=False/GatewayClassNotFound': 'The GatewayClass that the Gateway names does not exist.',
  'Accepted=False/InvalidParameters': 'A parametersRef names parameters, and none are supported.',
  'Accepted=False/UnsupportedAddress': 'An address in spec.addresses is of a type that is not supported.',
  'Accepted=False/UnsupportedProtocol': 'The protocol of the listener is not served.',
  'Accepted=False/UnsupportedValue': 'A field has a value that this version does not support.',
  'Accepted=False/ProtocolConflict': 'Listeners on one port have protocols that exclude each other.',
  'Accepted=False/HostnameConflict': 'Listeners on one port have the same hostname.',
  'Accepted=False/NoMatchingParent': 'The parentRef names no listener that exists.',
  'Accepted=False/NotAllowedByListeners': 'The listeners allow neither the namespace nor the kind of the route.',
  'Accepted=False/NoMatchingListenerHostname': 'No hostname of the route fits a listener.',
  'Accepted=False/IncompatibleFilters': 'Filters of a rule exclude each other.',
  'Accepted=False/NotServed': 'The kind is stored, but not served by this version.',
  'ResolvedRefs=True/ResolvedRefs': 'Every reference resolves. A message warns of what still keeps traffic away.',
  'ResolvedRefs=False/InvalidCertificateRef': 'A certificateRef does not lead to a usable certificate.',
  'ResolvedRefs=False/InvalidRouteKinds': 'allowedRoutes.kinds names kinds that the listener cannot serve.',
  'ResolvedRefs=False/RefNotPermitted': 'A reference to another namespace has no ReferenceGrant there.',
  'ResolvedRefs=False/BackendNotFound': 'A backendRef names a Service, or a port of it, that does not exist.',
  'ResolvedRefs=False/InvalidKind': 'A backendRef names a kind that cannot be a backend.',
  'ResolvedRefs=False/UnsupportedProtocol': 'A backend speaks a protocol that cannot be spoken to it.',
  'PartiallyInvalid=True/UnsupportedValue': 'Some rules cannot be served as written: requests that match them get 500.',
  'PartiallyInvalid=True/IncompatibleFilters': 'Some rules have filters that exclude each other: they answer 500.',
  'Conflicted=False/NoConflicts': 'The listener shares its port with none that excludes it.',
  'Conflicted=True/ProtocolConflict': 'Listeners on one port have protocols that exclude each other.',
  'Conflicted=True/HostnameConflict': 'Listeners on one port have the same hostname.',
  'Programmed=True/Programmed': 'Every worker runs a plan with this generation, and ports are open.',
  'Programmed=Unknown/Pending': 'No worker has reported yet.',
  'Programmed=False/Pending': 'The workers do not run a plan with the listener yet.',
  'Programmed=False/Invalid':
    'What is written cannot be served, or a worker has refused the plan; the message says why.',
  'Programmed=False/AddressNotUsable': 'The address cannot be bound on this machine.',
  'Programmed=False/AddressNotAssigned': 'No address could be assigned.',
  'Programmed=False/PortUnavailable': 'The port is taken or not permitted.',
  'Programmed=False/NotServed': 'The kind is stored, but not served by this version.',
  'sallyport.dev/Programmed=True/Programmed': 'Every worker routes as this generation of the route says.',
  'sallyport.dev/Programmed=False/Pending': 'The workers do not route as the route says yet.',
  'sallyport.dev/Programmed=False/NotAccepted': 'The parent does not accept the route: nothing is routed.',
  'sallyport.dev/Programmed=False/ListenersNotProgrammed': 'None of the listeners that the route is on is served.',
  'sallyport.dev/Programmed=False/Rejected': 'A worker has refused the plan with the route; the message says why.',
} as const satisfies Readonly<Record<string, string>>;

/** One of them. */
export type Verdict = keyof typeof CONDITIONS;

/** The parts of a verdict. */
export interface VerdictParts {
  readonly condition: string;
  readonly status: ConditionStatus;
  readonly reason: string;
}

const parsed = new Map<Verdict, VerdictParts>();

/** The condition type, status and reason that a verdict stands for. */
export function verdictParts(verdict: Verdict): VerdictParts {
  const known = parsed.get(verdict);
  if (known !== undefined) return known;
  const equals = verdict.indexOf('=');
  const slash = verdict.lastIndexOf('/');
  const parts = {
    condition: verdict.slice(0, equals),
    status: parseStatus(verdict.slice(equals + 1, slash)),
    reason: verdict.slice(slash + 1),
  };
  parsed.set(verdict, parts);
  return parts;
}

function parseStatus(text: string): ConditionStatus {
  return text === 'True' || text === 'False' ? text : 'Unknown';
}

/** The condition types that we write; others in an object's status belong to somebody else. */
export const OWN_CONDITION_TYPES: ReadonlySet<string> = new Set(
  Object.keys(CONDITIONS).map((verdict) => verdict.slice(0, verdict.indexOf('='))),
);
