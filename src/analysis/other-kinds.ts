import type { KubeObject, ObjectRef } from '../api/object.ts';
import { namespacedName, objectKey, refOf } from '../api/object.ts';
import type { ParentReference } from '../api/parts/parent-reference.ts';
import { earlier } from '../lib/comparator.ts';
import { attach } from './attachment.ts';
import type { Fault } from './finding.ts';
import { finding } from './finding.ts';
import { gatewayRef } from './gateways.ts';
import { GATEWAY, INGRESS, isOf, OTHER_POLICIES, OTHER_ROUTES, SERVICE } from './kinds.ts';
import type { ParentContext } from './parent-refs.ts';
import { ownParents } from './parent-refs.ts';
import { policyTargets } from './policy-targets.ts';
import type { OtherView } from './topology.ts';

/** How kinds that are not served are looked at. */
export interface OtherContext extends ParentContext {
  /** The Gateways of ours with a route to the Service of that key, with their controllers. */
  readonly usersOf: (service: string) => readonly { readonly gateway: ObjectRef; readonly controllerName: string }[];
}

/** The dependency on who uses a Service, given by its key. */
export function usersFact(service: string): string {
  return `users of ${service}`;
}

/** Looks at an object of a kind that is stored and not served; undefined if it does not concern us. */
export function analyzeOther(source: KubeObject, context: OtherContext): OtherView | undefined {
  if (OTHER_ROUTES.some((kind) => isOf(source, kind))) return analyzeRoute(source, context);
  if (OTHER_POLICIES.some((kind) => isOf(source, kind))) return analyzePolicy(source, context);
  return isOf(source, INGRESS) ? analyzeIngress(source, context) : analyzeListenerSet(source, context);
}

function analyzeRoute(source: KubeObject, context: ParentContext): OtherView | undefined {
  const ref = refOf(source);
  const own = ownParents({ spec: {}, ...source }, context);
  if (own.length === 0) return undefined;
  const findings = own.map((parent) => {
    const attachment = attach(ref, parent, context.lookup);
    const fault =
      attachment.type === 'Refused' ? attachment.fault : notServed(source, `spec.parentRefs[${parent.index}]`);
    const message = `${plural(source.kind)} are not served by this version. ${fault.message}`;
    const isPlain = attachment.type !== 'Refused';
    const place = { about: ref, scope: { type: 'Parent', index: parent.index }, at: fault.at } as const;
    return finding(place, fault.verdict, isPlain ? fault.message : message);
  });
  const parents = own.map(({ index, parentRef, gateway }) => ({
    index,
    parentRef,
    controllerName: gateway.controllerName,
  }));
  return { source, ref, parents, ancestors: [], findings };
}

function notServed(source: KubeObject, at: string): Fault {
  return { at, verdict: 'Accepted=False/NotServed', message: `${plural(source.kind)} are not served by this version.` };
}

function plural(kind: string): string {
  return kind.endsWith('y') ? `${kind.slice(0, -1)}ies` : `${kind}s`;
}

/** Policies speak to the Gateways that use what they target. */
function analyzePolicy(source: KubeObject, { lookup, usersOf }: OtherContext): OtherView | undefined {
  const ref = refOf(source);
  const services = policyTargets(source).map((name) => objectKey({ ...SERVICE, namespace: ref.namespace, name }));
  for (const service of services) lookup.note(usersFact(service));
  const users = new Map(services.flatMap(usersOf).map((user) => [objectKey(user.gateway), user]));
  if (users.size === 0) return undefined;
  const ancestors = [...users.values()].map(({ gateway, controllerName }) => ({
    ancestorRef: ancestorRef(gateway),
    controllerName,
  }));
  ancestors.sort(earlier(({ ancestorRef: { namespace = '', name } }) => `${namespace}/${name}`));
  const { at, verdict, message } = notServed(source, 'spec');
  const findings = ancestors.map(({ ancestorRef: ancestor }) =>
    finding({ about: ref, scope: { type: 'Ancestor', ancestor }, at }, verdict, message),
  );
  return { source, ref, parents: [], ancestors, findings };
}

function ancestorRef({ namespace, name }: ObjectRef): ParentReference {
  return { group: GATEWAY.group, kind: GATEWAY.kind, namespace, name };
}

/** An Ingress has no conditions: what is found is told on the terminal and in an Event. */
function analyzeIngress(source: KubeObject, { options }: ParentContext): OtherView | undefined {
  if (options.controllerNames !== undefined) return undefined;
  const ref = refOf(source);
  const message = `Ingress "${namespacedName(ref)}" is stored, but Ingresses are not served by this version; write an HTTPRoute instead.`;
  const place = { about: ref, scope: { type: 'Object' }, at: 'spec' } as const;
  return { source, ref, parents: [], ancestors: [], findings: [finding(place, 'Accepted=False/NotServed', message)] };
}

interface ListenerSetObject extends KubeObject {
  readonly spec?: { readonly parentRef?: { readonly name: string; readonly namespace?: string } };
}

function analyzeListenerSet(source: ListenerSetObject, { gateways, lookup }: ParentContext): OtherView | undefined {
  const ref = refOf(source);
  const parent = source.spec?.parentRef;
  if (parent === undefined) return undefined;
  const gateway = lookup.derived(gateways, objectKey(gatewayRef(parent.namespace ?? ref.namespace, parent.name)));
  if (gateway === undefined) return undefined;
  const message = `${source.kind}s are not served by this version; put the listeners into Gateway "${namespacedName(gateway.ref)}".`;
  const place = { about: ref, scope: { type: 'Object' }, at: 'spec.parentRef' } as const;
  return {
    source,
    ref,
    parents: [],
    ancestors: [],
    findings: [
      finding(place, 'Accepted=False/NotServed', message),
      finding(place, 'Programmed=False/NotServed', message),
    ],
  };
}
