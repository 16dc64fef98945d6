import type { GroupKind, ObjectRef } from '../api/object.ts';
import { namespacedName } from '../api/object.ts';
import type { ReferenceGrant } from '../api/reference-grant.ts';
import type { Lookup } from './derivations.ts';
import { sameKind, typed } from './kinds.ts';
import { grantsIn } from './topics.ts';

/** Who refers. */
export interface Referrer extends GroupKind {
  readonly namespace: string;
}

/**
 * Whether `from` may refer to `to`. ReferenceGrant: lives in the namespace that is referred to; "from" needs group,
 * kind and namespace, "to" group and kind and, if given, the name. One grant is enough.
 */
export function isPermitted(from: Referrer, to: ObjectRef, lookup: Lookup): boolean {
  if (from.namespace === to.namespace) return true;
  return lookup.under(grantsIn(to.namespace)).some((object) => {
    const { spec } = typed<ReferenceGrant>(object);
    return (
      spec.from.some((entry) => sameKind(entry, from) && entry.namespace === from.namespace) &&
      spec.to.some((entry) => sameKind(entry, to) && (entry.name === undefined || entry.name === to.name))
    );
  });
}

/** What to tell when it may not. */
export function notPermittedMessage(from: Referrer, to: ObjectRef): string {
  return (
    `No ReferenceGrant in namespace "${to.namespace}" allows ${from.kind}s of namespace "${from.namespace}" to refer to ` +
    `${to.kind} "${namespacedName(to)}"; create one there.`
  );
}
