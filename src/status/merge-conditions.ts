import { OWN_CONDITION_TYPES } from '../analysis/conditions.ts';
import type { Condition } from '../api/condition.ts';

/** A condition as it is to be written; or as it stands, if it is to stay with its generation and time. */
export type WantedCondition = Omit<Condition, 'lastTransitionTime'> & Partial<Pick<Condition, 'lastTransitionTime'>>;

/** "MaxItems 8" of every list of conditions in the Gateway API. */
const MAX_CONDITIONS = 8;

/**
 * Puts `wanted` in the place of all conditions of ours. Those of types that are not ours stay. The time of a condition
 * is that of the last change of its status.
 */
export function mergeConditions(
  previous: readonly Condition[] | undefined,
  wanted: readonly WantedCondition[],
  now: string,
): readonly Condition[] {
  const own = wanted.map((condition): Condition => {
    const before = previous?.find(({ type }) => type === condition.type);
    const lastTransitionTime = before?.status === condition.status ? before.lastTransitionTime : now;
    return { ...condition, lastTransitionTime: condition.lastTransitionTime ?? lastTransitionTime };
  });
  const foreign = (previous ?? []).filter(({ type }) => !OWN_CONDITION_TYPES.has(type));
  return [...own, ...foreign].slice(0, Math.max(own.length, MAX_CONDITIONS));
}

/** Whether conditions of ours speak of a newer generation than `generation`: then somebody knows more than we do. */
export function isOutdated(previous: readonly Condition[] | undefined, generation: number | undefined): boolean {
  if (generation === undefined) return false;
  return (previous ?? []).some(
    ({ type, observedGeneration = 0 }) => OWN_CONDITION_TYPES.has(type) && observedGeneration > generation,
  );
}
