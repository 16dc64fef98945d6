import type { Finding, OtherView } from '../analysis/topology.ts';
import { deepEqual } from '../analysis/structural-sharing.ts';
import type { Condition } from '../api/condition.ts';
import type { RouteStatus } from '../api/parts/route.ts';
import type { ParentReference } from '../api/parts/parent-reference.ts';
import { conditionFromFindings } from './condition-from-findings.ts';
import type { WantedCondition } from './merge-conditions.ts';
import { isOutdated, mergeConditions } from './merge-conditions.ts';
import type { Ownership } from './route-status.ts';
import { replaceOwn } from './replace-own.ts';
import { parentStatuses } from './route-status.ts';
import type { StatusContext } from './status-context.ts';

/** The parts of a status that objects of later issues have: of routes, of policies, of the rest. */
export interface OtherStatus extends Partial<RouteStatus> {
  readonly ancestors?: readonly AncestorStatus[];
  readonly conditions?: readonly Condition[];
}

interface AncestorStatus {
  readonly ancestorRef: ParentReference;
  readonly controllerName: string;
  readonly conditions: readonly Condition[];
}

/** "MaxItems 16" of `status.ancestors`. */
const MAX_ANCESTORS = 16;

/**
 * The status of an object of a kind that is not served; undefined if it has none to write, or a newer one stands there.
 */
export function statusOfOther(
  view: OtherView,
  context: StatusContext<OtherStatus> & Ownership,
): OtherStatus | undefined {
  if (view.ref.kind === 'Ingress') return undefined;
  if (view.parents.length > 0) return routeStatus(view, context);
  if (view.ancestors.length > 0) return ancestorStatus(view, context);
  return objectStatus(view, context);
}

/** The status of an object that does not concern us any more. */
export function statusOfForeign({
  previous,
  owns,
  now,
}: StatusContext<OtherStatus> & Ownership): OtherStatus | undefined {
  if (previous?.parents !== undefined)
    return parentStatuses([], undefined, { previous: { parents: previous.parents }, owns, now });
  if (previous?.ancestors === undefined) return undefined;
  return { ...previous, ancestors: previous.ancestors.filter(({ controllerName }) => !owns(controllerName)) };
}

function routeStatus(
  { source, parents, findings }: OtherView,
  context: StatusContext<OtherStatus> & Ownership,
): RouteStatus | undefined {
  const wanted = parents.map(({ index, parentRef, controllerName }) => ({
    parentRef,
    controllerName,
    conditions: () =>
      accepted(
        findings.filter(({ scope }) => scope.type === 'Parent' && scope.index === index),
        source.metadata.generation,
      ),
  }));
  const previous = context.previous?.parents === undefined ? undefined : { parents: context.previous.parents };
  return parentStatuses(wanted, source.metadata.generation, { ...context, previous });
}

function ancestorStatus(
  { source, ancestors, findings }: OtherView,
  { previous, now, owns }: StatusContext<OtherStatus> & Ownership,
): OtherStatus | undefined {
  const { generation } = source.metadata;
  const entries = previous?.ancestors ?? [];
  const isOurs = ({ controllerName }: AncestorStatus): boolean => owns(controllerName);
  const isSame = (one: AncestorStatus, other: AncestorStatus): boolean =>
    one.controllerName === other.controllerName && deepEqual(one.ancestorRef, other.ancestorRef);
  if (entries.some((entry) => isOurs(entry) && isOutdated(entry.conditions, generation))) return undefined;
  const own = ancestors.map(({ ancestorRef, controllerName }) => {
    const entry = { ancestorRef, controllerName, conditions: [] };
    const before = entries.find((candidate) => isSame(candidate, entry))?.conditions;
    const about = findings.filter(({ scope }) => scope.type === 'Ancestor' && deepEqual(scope.ancestor, ancestorRef));
    return { ...entry, conditions: mergeConditions(before, accepted(about, generation), now) };
  });
  const free = Math.max(0, MAX_ANCESTORS - entries.filter((entry) => !isOurs(entry)).length);
  return { ...previous, ancestors: replaceOwn(entries, own.slice(0, free), { isOurs, isSame }) };
}

function objectStatus(
  { source, findings }: OtherView,
  { previous, now }: StatusContext<OtherStatus>,
): OtherStatus | undefined {
  const { generation } = source.metadata;
  if (isOutdated(previous?.conditions, generation)) return undefined;
  const programmed = findings.filter(({ condition }) => condition === 'Programmed');
  const conditions = [
    ...accepted(findings, generation),
    ...(programmed.length === 0
      ? []
      : [conditionFromFindings(programmed, 'Programmed=True/Programmed', { message: '', generation })]),
  ];
  return { ...previous, conditions: mergeConditions(previous?.conditions, conditions, now) };
}

function accepted(findings: readonly Finding[], generation: number | undefined): readonly WantedCondition[] {
  return [conditionFromFindings(findings, 'Accepted=True/Accepted', { message: 'The object is valid.', generation })];
}
