import type { GroupKind, KubeObject } from '../api/object.ts';
import { namespacedName } from '../api/object.ts';
import type { AttachableListener } from './attachable-gateway.ts';
import type { Lookup } from './derivations.ts';
import type { Fault } from './finding.ts';
import { describeKind, enumerate } from './finding.ts';
import { commonHostnames } from './hostnames.ts';
import { NAMESPACE, sameKind } from './kinds.ts';
import { selects } from './label-selectors.ts';
import type { OwnParent } from './parent-refs.ts';
import type { AttachmentView } from './topology.ts';

/** The route that wants to attach. */
export interface AttachingRoute extends GroupKind {
  readonly namespace: string;
  readonly hostnames?: readonly string[];
}

/** Where a route attaches, or why nowhere. */
export type Attachment =
  | { readonly type: 'Attached'; readonly attachments: readonly AttachmentView[] }
  | { readonly type: 'Refused'; readonly fault: Fault };

/**
 * Finds the listeners that a parentRef selects and that take the route. RouteConditionAccepted: no listener with that
 * name and port is NoMatchingParent; namespace or kind not allowed is NotAllowedByListeners; no common hostname is
 * NoMatchingListenerHostname. Whether the listener itself is valid does not matter.
 */
export function attach(route: AttachingRoute, parent: OwnParent, lookup: Lookup): Attachment {
  const at = `spec.parentRefs[${parent.index}]`;
  const selected = parent.gateway.listeners.filter((listener) => isSelected(listener, parent));
  if (selected.length === 0)
    return refused({ at, verdict: 'Accepted=False/NoMatchingParent', message: noMatchMessage(parent) });
  const allowing = selected.filter(
    (listener) => allowsKind(listener, route) && allowsNamespace(listener, route, parent, lookup),
  );
  if (allowing.length === 0)
    return refused({
      at,
      verdict: 'Accepted=False/NotAllowedByListeners',
      message: notAllowedMessage(route, selected, parent),
    });
  const attachments = allowing.flatMap(({ name, hostname }) => {
    const hostnames = commonHostnames(route.hostnames, hostname);
    return hostnames.length === 0 ? [] : [{ listener: name, hostnames }];
  });
  if (attachments.length > 0) return { type: 'Attached', attachments };
  const message = noHostnameMessage(route, allowing);
  return refused({ at: 'spec.hostnames', verdict: 'Accepted=False/NoMatchingListenerHostname', message });
}

function refused(fault: Fault): Attachment {
  return { type: 'Refused', fault };
}

function isSelected({ name, port }: AttachableListener, { parentRef }: OwnParent): boolean {
  return (
    (parentRef.sectionName === undefined || parentRef.sectionName === name) &&
    (parentRef.port === undefined || parentRef.port === port)
  );
}

function allowsKind({ supportedKinds }: AttachableListener, route: GroupKind): boolean {
  return supportedKinds.some((kind) => sameKind(kind, route));
}

function allowsNamespace(
  { allowedRoutes }: AttachableListener,
  { namespace }: AttachingRoute,
  { gateway }: OwnParent,
  lookup: Lookup,
): boolean {
  const { from = 'Same', selector } = allowedRoutes.namespaces ?? {};
  if (from === 'All') return true;
  if (from === 'Same') return namespace === gateway.ref.namespace;
  const object: KubeObject | undefined = lookup.object({ ...NAMESPACE, namespace: '', name: namespace });
  // A namespace carries its own name as a label in every cluster; without a Namespace object that is all that is known.
  const labels = { 'kubernetes.io/metadata.name': namespace, ...object?.metadata.labels };
  return selector !== undefined && selects(selector, labels);
}

function noMatchMessage({ parentRef, gateway }: OwnParent): string {
  if (gateway.problem !== undefined) return gateway.problem;
  const wanted = [
    ...(parentRef.sectionName === undefined ? [] : [`named "${parentRef.sectionName}"`]),
    ...(parentRef.port === undefined ? [] : [`on port ${parentRef.port}`]),
  ].join(' ');
  const existing = enumerate(
    gateway.listeners.map(({ name, port }) => `"${name}" on port ${port}`),
    '',
  );
  return `Gateway "${namespacedName(gateway.ref)}" has no listener ${wanted}; it has ${existing}.`;
}

function notAllowedMessage(route: AttachingRoute, selected: readonly AttachableListener[], parent: OwnParent): string {
  const where = `Gateway "${namespacedName(parent.gateway.ref)}"`;
  const ofKind = selected.filter((listener) => allowsKind(listener, route));
  if (ofKind.length === 0) {
    const kinds = [...new Set(selected.flatMap(({ supportedKinds }) => supportedKinds.map(describeKind)))];
    const taken = kinds.length === 0 ? 'no routes' : `only ${enumerate(kinds)}`;
    return `${describe(selected)} of ${where} ${verb(selected, 'takes', 'take')} ${taken}, not ${describeKind(route)}.`;
  }
  const from = ofKind.map(({ allowedRoutes }) => allowedRoutes.namespaces?.from ?? 'Same');
  const rule = from.includes('Selector')
    ? 'those that its selector selects; label the namespace accordingly, or change allowedRoutes.namespaces'
    : `"${parent.gateway.ref.namespace}"; set allowedRoutes.namespaces.from to All or Selector`;
  return `${describe(ofKind)} of ${where} ${verb(ofKind, 'takes', 'take')} no routes from namespace "${route.namespace}", only from ${rule}.`;
}

function noHostnameMessage({ hostnames = [] }: AttachingRoute, listeners: readonly AttachableListener[]): string {
  const hosts = enumerate(listeners.map(({ hostname }) => hostname ?? '*'));
  return (
    `None of the route's hostnames (${enumerate(hostnames)}) fits ${describe(listeners)}, ` +
    `which ${verb(listeners, 'is', 'are')} for ${hosts}.`
  );
}

function describe(listeners: readonly AttachableListener[]): string {
  const names = enumerate(listeners.map(({ name }) => name));
  return `${verb(listeners, 'Listener', 'Listeners')} ${names}`;
}

function verb(listeners: readonly unknown[], one: string, several: string): string {
  return listeners.length === 1 ? one : several;
}
