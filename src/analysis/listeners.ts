import type { Gateway } from '../api/gateway.ts';
import type { GroupKind } from '../api/object.ts';
import { refOf } from '../api/object.ts';
import type { Listener } from '../api/parts/listener.ts';
import { GATEWAY_API_GROUP } from '../api/parts/names.ts';
import type { Lookup } from './derivations.ts';
import type { Fault } from './finding.ts';
import { describeKind, enumerate, finding } from './finding.ts';
import { sameKind } from './kinds.ts';
import { selectorProblem } from './label-selectors.ts';
import type { ResolvedCertificates } from './listener-certificates.ts';
import { resolveCertificates } from './listener-certificates.ts';
import type { Conflict } from './listener-conflicts.ts';
import { routeKindsOf, SERVED_PROTOCOLS } from './listener-protocols.ts';
import type { ListenerView } from './topology.ts';

/** Looks at one listener of a Gateway. `conflict`: what it clashes with. */
export function analyzeListener(
  gateway: Gateway,
  index: number,
  listener: Listener,
  { lookup, conflict }: { readonly lookup: Lookup; readonly conflict: Conflict | undefined },
): ListenerView {
  const at = `spec.listeners[${index}]`;
  const about = refOf(gateway);
  const { supportedKinds, faults: kindFaults } = resolveKinds(listener, at);
  const { certificates, faults: certificateFaults } = certificatesOf(listener, at, gateway, lookup);
  const faults = [
    ...conflictFaults(conflict, at),
    ...protocolFaults(listener, at),
    ...selectorFaults(listener, at),
    ...clientValidationFaults(gateway, listener, at),
    ...kindFaults,
    ...certificateFaults,
  ];
  const accepted = faults.every(({ verdict }) => !verdict.startsWith('Accepted=False'));
  return {
    source: listener,
    name: listener.name,
    ...(listener.hostname === undefined ? {} : { hostname: listener.hostname.toLowerCase() }),
    programmable: accepted && (listener.protocol !== 'HTTPS' || certificates.length > 0),
    supportedKinds,
    certificates,
    findings: faults.map(({ verdict, message, at: path }) =>
      finding({ about, scope: { type: 'Listener', listener: listener.name }, at: path }, verdict, message),
    ),
    attachedRoutes: 0,
  };
}

/** Whether nothing forbids the listener; its certificates are another matter. */
export function isAccepted(listener: ListenerView): boolean {
  return listener.findings.every(({ condition, status }) => condition !== 'Accepted' || status !== 'False');
}

function certificatesOf(listener: Listener, at: string, gateway: Gateway, lookup: Lookup): ResolvedCertificates {
  if (listener.protocol !== 'HTTPS') return { certificates: [], faults: [] };
  return resolveCertificates(listener, refOf(gateway), at, lookup);
}

function conflictFaults(conflict: Conflict | undefined, at: string): readonly Fault[] {
  if (conflict === undefined) return [];
  const { reason, message } = conflict;
  return [
    { at, verdict: `Accepted=False/${reason}`, message },
    { at, verdict: `Conflicted=True/${reason}`, message },
  ];
}

function protocolFaults({ protocol }: Listener, at: string): readonly Fault[] {
  if (routeKindsOf(protocol) !== undefined) return [];
  return [
    {
      at: `${at}.protocol`,
      verdict: 'Accepted=False/UnsupportedProtocol',
      message: `Protocol "${protocol}" is not served by this version; it serves ${enumerate(SERVED_PROTOCOLS)}.`,
    },
  ];
}

function selectorFaults({ allowedRoutes }: Listener, at: string): readonly Fault[] {
  const { from, selector } = allowedRoutes?.namespaces ?? {};
  if (from !== 'Selector') return [];
  const problem =
    selector === undefined
      ? 'allowedRoutes.namespaces.from is Selector, but there is no selector.'
      : selectorProblem(selector);
  if (problem === undefined) return [];
  return [{ at: `${at}.allowedRoutes.namespaces`, verdict: 'Accepted=False/UnsupportedValue', message: problem }];
}

/** GEP-91: a listener that is told to check client certificates must not let anyone in unchecked. */
function clientValidationFaults({ spec }: Gateway, { protocol, port }: Listener, at: string): readonly Fault[] {
  const frontend = spec.tls?.frontend;
  if (protocol !== 'HTTPS' || frontend === undefined) return [];
  const perPort = frontend.perPort?.find((entry) => entry.port === port);
  if ((perPort?.tls ?? frontend.default).validation === undefined) return [];
  return [
    {
      at,
      verdict: 'Accepted=False/UnsupportedValue',
      message:
        'Client certificates are not checked by this version; the listener is not served, because it would let everyone ' +
        'in. Remove the validation from spec.tls.frontend.',
    },
  ];
}

/**
 * AllowedRoutes.kinds: "If this field is empty, the kinds of Routes selected are determined using the Listener
 * protocol." What does not fit the protocol is InvalidRouteKinds and left out of `supportedKinds`.
 */
function resolveKinds(
  { protocol, allowedRoutes }: Listener,
  at: string,
): { readonly supportedKinds: readonly GroupKind[]; readonly faults: readonly Fault[] } {
  const known = routeKindsOf(protocol) ?? [];
  const declared = allowedRoutes?.kinds ?? [];
  if (declared.length === 0) return { supportedKinds: known, faults: [] };
  const kinds = declared.map(({ group = GATEWAY_API_GROUP, kind }) => ({ group, kind }));
  const supportedKinds = kinds.filter((kind) => known.some((other) => sameKind(kind, other)));
  const unknown = kinds.filter((kind) => !supportedKinds.includes(kind));
  if (unknown.length === 0 || known.length === 0) return { supportedKinds, faults: [] };
  const message =
    `Routes of kind ${enumerate(unknown.map(describeKind))} cannot attach to a listener for ${protocol}; ` +
    `it takes ${enumerate(known.map(describeKind))}.`;
  const fault: Fault = { at: `${at}.allowedRoutes.kinds`, verdict: 'ResolvedRefs=False/InvalidRouteKinds', message };
  return { supportedKinds, faults: [fault] };
}
