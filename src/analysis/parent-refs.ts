import type { KubeObject, ObjectRef } from '../api/object.ts';
import { namespacedName, objectKey } from '../api/object.ts';
import { GATEWAY_API_GROUP } from '../api/parts/names.ts';
import type { ParentReference } from '../api/parts/parent-reference.ts';
import type { AttachableGateway } from './attachable-gateway.ts';
import { missingParent } from './attachable-gateway.ts';
import type { DerivedTable, Lookup } from './derivations.ts';
import { gatewayRef } from './gateways.ts';
import { GATEWAY, LISTENER_SET, sameKind } from './kinds.ts';
import type { AnalysisOptions } from './options.ts';

/** How parentRefs are looked up. */
export interface ParentContext {
  readonly options: AnalysisOptions;
  readonly lookup: Lookup;
  readonly gateways: DerivedTable<AttachableGateway>;
}

/** A parentRef that leads to a Gateway of ours. */
export interface OwnParent {
  /** In `spec.parentRefs`. */
  readonly index: number;
  /** Defaults filled in. */
  readonly parentRef: ParentReference;
  readonly gateway: AttachableGateway;
}

/** A route of any kind. */
interface RouteObject extends KubeObject {
  readonly spec: { readonly parentRefs?: readonly ParentReference[] };
}

/** The ListenerSet of a parentRef, as far as it matters here. */
interface ListenerSetObject extends KubeObject {
  readonly spec?: { readonly parentRef?: { readonly name: string; readonly namespace?: string } };
}

/** The parentRefs of a route that lead to Gateways of ours, in their order. */
export function ownParents(route: RouteObject, context: ParentContext): readonly OwnParent[] {
  const namespace = route.metadata.namespace ?? '';
  return (route.spec.parentRefs ?? []).flatMap((ref, index) => {
    const parentRef = { ...ref, group: ref.group ?? GATEWAY_API_GROUP, kind: ref.kind ?? GATEWAY.kind };
    const gateway = gatewayOf({ ...parentRef, namespace: ref.namespace ?? namespace }, context);
    return gateway === undefined ? [] : [{ index, parentRef, gateway }];
  });
}

function gatewayOf(parent: ObjectRef, context: ParentContext): AttachableGateway | undefined {
  const { group, kind, namespace, name } = parent;
  if (sameKind({ group, kind }, GATEWAY)) return existingOrMissing(gatewayRef(namespace, name), context);
  if (!sameKind({ group, kind }, LISTENER_SET)) return undefined;
  return gatewayOfListenerSet({ group, kind, namespace, name }, context);
}

function existingOrMissing(
  ref: ObjectRef,
  { gateways, lookup, options }: ParentContext,
): AttachableGateway | undefined {
  const known = lookup.derived(gateways, objectKey(ref));
  if (known !== undefined) return known;
  return lookup.object(ref) === undefined ? missingParent(ref, options) : undefined;
}

/** ListenerSets are not served: a route that attaches to one of a Gateway of ours finds no listener there. */
function gatewayOfListenerSet(
  ref: ObjectRef,
  { gateways, lookup, options }: ParentContext,
): AttachableGateway | undefined {
  const set: ListenerSetObject | undefined = lookup.object(ref);
  if (set === undefined) return missingParent(ref, options);
  const parent = set.spec?.parentRef;
  if (parent === undefined) return undefined;
  const gateway = lookup.derived(gateways, objectKey(gatewayRef(parent.namespace ?? ref.namespace, parent.name)));
  if (gateway === undefined) return undefined;
  const problem = `${ref.kind}s are not served by this version; attach the route to Gateway "${namespacedName(gateway.ref)}".`;
  return { ...gateway, listeners: [], problem };
}
