import type { Condition } from '../api/condition.ts';
import type { KindDefinition } from '../api/kind-definition.ts';
import { storageVersionOf } from './kind-registry.ts';
import { isList, isObject } from './schema/json.ts';

/**
 * What the status of a CustomResourceDefinition says once its kind is served, or (`isClash`) when another definition has
 * taken the kind. Conditions that do not change keep the time of their last transition.
 */
export function crdStatus(
  kind: KindDefinition,
  before: Readonly<Record<string, unknown>>,
  { isClash, now }: { readonly isClash: boolean; readonly now: string },
): Readonly<Record<string, unknown>> {
  const { plural, singular, listKind, shortNames, categories } = kind;
  const stored = isList(before['storedVersions']) ? before['storedVersions'] : [];
  const status = isClash ? 'False' : 'True';
  const conditions = [
    {
      type: 'NamesAccepted',
      status,
      reason: isClash ? 'KindConflict' : 'NoConflicts',
      message: namesMessage(kind, isClash),
    },
    {
      type: 'Established',
      status,
      reason: isClash ? 'NotAccepted' : 'InitialNamesAccepted',
      message: isClash ? 'not all names are accepted' : 'the initial names have been accepted',
    },
  ] as const;
  const earlier = isList(before['conditions']) ? before['conditions'].filter(isObject) : [];
  return {
    conditions: conditions.map((condition) => withTransition(condition, earlier, now)),
    acceptedNames: {
      plural,
      singular,
      kind: kind.kind,
      listKind,
      ...(shortNames.length === 0 ? {} : { shortNames }),
      ...(categories.length === 0 ? {} : { categories }),
    },
    storedVersions: [...new Set([...stored, storageVersionOf(kind).name])],
  };
}

function namesMessage({ kind }: KindDefinition, isClash: boolean): string {
  return isClash ? `"${kind}" is already in use` : 'no conflicts found';
}

function withTransition(
  condition: Omit<Condition, 'lastTransitionTime'>,
  earlier: readonly Readonly<Record<string, unknown>>[],
  now: string,
): Condition {
  const same = earlier.find(({ type, status }) => type === condition.type && status === condition.status);
  const since = same?.['lastTransitionTime'];
  return { ...condition, lastTransitionTime: typeof since === 'string' ? since : now };
}
