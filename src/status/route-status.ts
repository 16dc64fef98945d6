import { isAcceptedBy } from '../analysis/http-routes.ts';
import { deepEqual } from '../analysis/structural-sharing.ts';
import type { Finding, ParentView, RouteView } from '../analysis/topology.ts';
import type { Condition } from '../api/condition.ts';
import { GATEWAY_API_GROUP } from '../api/parts/names.ts';
import type { ParentReference } from '../api/parts/parent-reference.ts';
import type { RouteParentStatus, RouteStatus } from '../api/parts/route.ts';
import { conditionFromFindings, plainCondition } from './condition-from-findings.ts';
import type { WantedCondition } from './merge-conditions.ts';
import { isOutdated, mergeConditions } from './merge-conditions.ts';
import { replaceOwn } from './replace-own.ts';
import type { PlanState, StatusContext } from './status-context.ts';

/** What is known of a route besides its view. */
export interface RouteProgress {
  /** How far the engine is with the route's present generation on the Gateway of a parent. */
  readonly stateOf: (parent: ParentView) => PlanState;
  /** Whether a listener that the route is on there is served at all. */
  readonly isServed: (parent: ParentView) => boolean;
  /** Of `warningsOf`. */
  readonly warnings: readonly Finding[];
}

/** Which entries of a status are ours. */
export interface Ownership {
  readonly owns: (controllerName: string) => boolean;
}

/** What one parent is to be written as. */
export interface WantedParent {
  readonly parentRef: ParentReference;
  readonly controllerName: string;
  /** Given the conditions that stand there. */
  readonly conditions: (previous: readonly Condition[] | undefined) => readonly WantedCondition[];
}

const PROGRAMMED = 'sallyport.dev/Programmed';

/** The status of an HTTPRoute with parents of ours; undefined if a newer one stands there. */
export function statusOfHttpRoute(
  view: RouteView,
  progress: RouteProgress,
  context: StatusContext<RouteStatus> & Ownership,
): RouteStatus | undefined {
  const { generation } = view.source.metadata;
  const wanted = view.parents.map((parent) => ({
    parentRef: parent.parentRef,
    controllerName: parent.controllerName,
    conditions: (previous: readonly Condition[] | undefined) => parentConditions(view, parent, progress, previous),
  }));
  return parentStatuses(wanted, generation, context);
}

/**
 * RouteStatus.parents: an entry for each parentRef and controller; "implementations MUST NOT" touch those of other
 * controllers. Entries of ours that are not wanted go.
 */
export function parentStatuses(
  wanted: readonly WantedParent[],
  generation: number | undefined,
  { previous, now, owns }: StatusContext<RouteStatus> & Ownership,
): RouteStatus | undefined {
  const entries = previous?.parents ?? [];
  const isOurs = ({ parentRef, controllerName }: RouteParentStatus): boolean =>
    owns(controllerName) && (parentRef.group ?? GATEWAY_API_GROUP) === GATEWAY_API_GROUP;
  if (entries.some((entry) => isOurs(entry) && isOutdated(entry.conditions, generation))) return undefined;
  const isSame = (one: RouteParentStatus, other: RouteParentStatus): boolean =>
    one.controllerName === other.controllerName &&
    deepEqual(withDefaults(one.parentRef), withDefaults(other.parentRef));
  const own = wanted.map(({ parentRef, controllerName, conditions }) => {
    const entry = { parentRef, controllerName, conditions: [] };
    const before = entries.find((candidate) => isSame(candidate, entry))?.conditions;
    return { ...entry, conditions: mergeConditions(before, conditions(before), now) };
  });
  return { ...previous, parents: replaceOwn(entries, own, { isOurs, isSame }) };
}

function withDefaults(parentRef: ParentReference): ParentReference {
  return { group: GATEWAY_API_GROUP, kind: 'Gateway', ...parentRef };
}

function parentConditions(
  view: RouteView,
  parent: ParentView,
  progress: RouteProgress,
  previous: readonly Condition[] | undefined,
): readonly WantedCondition[] {
  const { generation } = view.source.metadata;
  const findings = [...view.findings, ...progress.warnings].filter(
    ({ scope }) => scope.type === 'Parent' && scope.index === parent.index,
  );
  const partial = findings.filter(({ condition }) => condition === 'PartiallyInvalid');
  return [
    conditionFromFindings(findings, 'Accepted=True/Accepted', { message: acceptedMessage(parent), generation }),
    conditionFromFindings(findings, 'ResolvedRefs=True/ResolvedRefs', {
      message: 'Every reference resolves.',
      generation,
    }),
    ...(partial.length === 0
      ? []
      : [conditionFromFindings(partial, 'PartiallyInvalid=True/UnsupportedValue', { message: '', generation })]),
    programmedCondition(view, parent, progress, previous),
  ];
}

function acceptedMessage({ attachments }: ParentView): string {
  const names = attachments.map(({ listener }) => `"${listener}"`).join(', ');
  return `The route is on ${attachments.length === 1 ? 'listener' : 'listeners'} ${names}.`;
}

/** While a change is under way, what stands there stays, with its generation: that is what is in effect. */
function programmedCondition(
  view: RouteView,
  parent: ParentView,
  { stateOf, isServed }: RouteProgress,
  previous: readonly Condition[] | undefined,
): WantedCondition {
  const { generation } = view.source.metadata;
  const state = stateOf(parent);
  const before = previous?.find(({ type }) => type === PROGRAMMED);
  if (state.type === 'Rejected')
    return plainCondition(
      'sallyport.dev/Programmed=False/Rejected',
      `A worker has refused the plan: ${state.message}`,
      generation,
    );
  if (state.type === 'Pending' && before !== undefined) return before;
  if (!isAcceptedBy(parent, view))
    return plainCondition(
      'sallyport.dev/Programmed=False/NotAccepted',
      'The parent does not accept the route.',
      generation,
    );
  if (!isServed(parent))
    return plainCondition(
      'sallyport.dev/Programmed=False/ListenersNotProgrammed',
      'None of the listeners that the route is on is served; see the status of the Gateway.',
      generation,
    );
  return state.type === 'Applied'
    ? plainCondition('sallyport.dev/Programmed=True/Programmed', 'Every worker routes as the route says.', generation)
    : plainCondition(
        'sallyport.dev/Programmed=False/Pending',
        'The workers do not route as the route says yet.',
        generation,
      );
}
