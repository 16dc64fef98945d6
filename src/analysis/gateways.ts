import type { Gateway } from '../api/gateway.ts';
import type { GatewayClass } from '../api/gateway-class.ts';
import type { ObjectRef } from '../api/object.ts';
import { namespacedName, refOf } from '../api/object.ts';
import type { Lookup } from './derivations.ts';
import type { Fault } from './finding.ts';
import { enumerate, finding } from './finding.ts';
import { GATEWAY, GATEWAY_CLASS, typed } from './kinds.ts';
import { conflictsAmong } from './listener-conflicts.ts';
import { analyzeListener, isAccepted } from './listeners.ts';
import type { AnalysisOptions } from './options.ts';
import { owns } from './options.ts';
import type { ListenerConflicts } from './shared-address.ts';
import type { Finding, GatewayView, ListenerView } from './topology.ts';

/**
 * Looks at a Gateway; undefined if it is not ours. `clashes`: conflicts of its listeners with other Gateways, by name.
 */
export function analyzeGateway(
  source: Gateway,
  options: AnalysisOptions,
  lookup: Lookup,
  clashes: ListenerConflicts,
): GatewayView | undefined {
  const gatewayClass = classOf(source, lookup);
  if (gatewayClass === undefined) return options.controllerNames === undefined ? withoutClass(source) : undefined;
  const { controllerName } = gatewayClass.spec;
  if (!owns(options, controllerName)) return undefined;
  const among = conflictsAmong(source.spec.listeners);
  const listeners = source.spec.listeners.map((listener, index) =>
    analyzeListener(source, index, listener, {
      lookup,
      conflict: among.get(listener.name) ?? clashes[listener.name],
    }),
  );
  const findings = [...parameterFaults(source), ...addressFaults(source), ...listenerFaults(listeners)].map(
    ({ at, verdict, message }) => finding({ about: refOf(source), scope: { type: 'Object' }, at }, verdict, message),
  );
  return { source, ref: refOf(source), controllerName, accepted: !rejects(findings), listeners, findings };
}

/** The GatewayClass that a Gateway names, ours or not. */
export function classOf({ spec }: Gateway, lookup: Lookup): GatewayClass | undefined {
  const object = lookup.object({ ...GATEWAY_CLASS, namespace: '', name: spec.gatewayClassName });
  return object === undefined ? undefined : typed<GatewayClass>(object);
}

/** The reference to a Gateway. */
export function gatewayRef(namespace: string, name: string): ObjectRef {
  return { ...GATEWAY, namespace, name };
}

/** Whether nothing of a Gateway is served, whatever its listeners are. */
export function isRefused(gateway: Gateway): boolean {
  return parameterFaults(gateway).length > 0 || addressFaults(gateway).length > 0;
}

function rejects(findings: readonly Finding[]): boolean {
  return findings.some(({ condition, status }) => condition === 'Accepted' && status === 'False');
}

function withoutClass(source: Gateway): GatewayView {
  const about = refOf(source);
  const message =
    `GatewayClass "${source.spec.gatewayClassName}", which Gateway "${namespacedName(source.metadata)}" names, does not ` +
    'exist; create it, or correct spec.gatewayClassName.';
  const place = { about, scope: { type: 'Object' }, at: 'spec.gatewayClassName' } as const;
  return {
    source,
    ref: about,
    accepted: false,
    listeners: [],
    findings: [finding(place, 'Accepted=False/GatewayClassNotFound', message)],
  };
}

function parameterFaults({ spec }: Gateway): readonly Fault[] {
  const ref = spec.infrastructure?.parametersRef;
  if (ref === undefined) return [];
  return [
    {
      at: 'spec.infrastructure.parametersRef',
      verdict: 'Accepted=False/InvalidParameters',
      message: `Parameters of kind "${ref.kind}" are not supported by this version; remove spec.infrastructure.parametersRef.`,
    },
  ];
}

/** An empty value of a supported type asks for any address; whether a value can be bound is for the engine to say. */
function addressFaults({ spec }: Gateway): readonly Fault[] {
  return (spec.addresses ?? []).flatMap(({ type = 'IPAddress' }, index): readonly Fault[] =>
    type === 'IPAddress'
      ? []
      : [
          {
            at: `spec.addresses[${index}].type`,
            verdict: 'Accepted=False/UnsupportedAddress',
            message: `Addresses of type "${type}" are not supported; use type "IPAddress".`,
          },
        ],
  );
}

/** GatewayReasonListenersNotValid: the status says whether the whole Gateway is refused because of its listeners. */
function listenerFaults(listeners: readonly ListenerView[]): readonly Fault[] {
  const unusable = listeners.filter(({ programmable }) => !programmable);
  if (unusable.length === 0) return [];
  const names = enumerate(unusable.map(({ name }) => name));
  const message = `${unusable.length === 1 ? 'Listener' : 'Listeners'} ${names} cannot be served; see status.listeners.`;
  const status = listeners.some(isAccepted) ? 'True' : 'False';
  return [{ at: 'spec.listeners', verdict: `Accepted=${status}/ListenersNotValid`, message }];
}
