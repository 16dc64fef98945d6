import type { HTTPRoute } from '../api/http-route.ts';
import { refOf } from '../api/object.ts';
import type { Attachment } from './attachment.ts';
import { attach } from './attachment.ts';
import type { Fault } from './finding.ts';
import { finding } from './finding.ts';
import type { OwnParent, ParentContext } from './parent-refs.ts';
import { ownParents } from './parent-refs.ts';
import type { AnalyzedRule } from './rules.ts';
import { analyzeRule } from './rules.ts';
import type { Finding, ParentView, RouteView } from './topology.ts';

/** Looks at an HTTPRoute; undefined if no parent of it is ours. */
export function analyzeHttpRoute(source: HTTPRoute, context: ParentContext): RouteView | undefined {
  const own = ownParents(source, context);
  if (own.length === 0) return undefined;
  const ref = refOf(source);
  const rules = (source.spec.rules ?? []).map((rule, index) => analyzeRule(rule, index, { ...context, route: ref }));
  const ofRoute = routeFaults(rules);
  const hostnames = source.spec.hostnames;
  const route = { ...ref, ...(hostnames === undefined ? {} : { hostnames }) };
  const attached = own.map((parent) => ({ parent, attachment: attach(route, parent, context.lookup) }));
  const aboutParent = ({ index }: OwnParent, { at, verdict, message }: Fault): Finding =>
    finding({ about: ref, scope: { type: 'Parent', index }, at }, verdict, message);
  return {
    source,
    ref,
    parents: attached.map(({ parent, attachment }) => parentView(parent, attachment)),
    rules: rules.map(({ view }) => view),
    findings: attached.flatMap(({ parent, attachment }) => [
      ...(attachment.type === 'Refused' ? [aboutParent(parent, attachment.fault)] : []),
      ...ofRoute.map((fault) => aboutParent(parent, fault)),
      ...rules.flatMap(({ unresolved }) => unresolved.map((each) => toParent(each, parent.index))),
    ]),
  };
}

function toParent(unresolved: Finding, index: number): Finding {
  return { ...unresolved, scope: { type: 'Parent', index } };
}

function parentView({ index, parentRef, gateway }: OwnParent, attachment: Attachment): ParentView {
  return {
    index,
    parentRef,
    gateway: gateway.ref,
    controllerName: gateway.controllerName,
    accepted: attachment.type === 'Attached',
    attachments: attachment.type === 'Attached' ? attachment.attachments : [],
  };
}

/**
 * What concerns every parent. RouteConditionPartiallyInvalid: some rules are valid and some are not; if none is, the
 * route is not accepted.
 */
function routeFaults(rules: readonly AnalyzedRule[]): readonly Fault[] {
  const isWhollyInvalid = rules.length > 0 && rules.every(({ faults }) => faults.length > 0);
  return rules.flatMap(({ view: { index }, faults, shareFaults, notes }) => [
    ...faults.map((fault) => (isWhollyInvalid ? rejection(fault, index) : dropped(fault, index))),
    ...shareFaults.map((fault) => prefixed(fault, `A share of Rule ${index} answers 500: `)),
    ...notes,
  ]);
}

function rejection({ at, verdict, message }: Fault, rule: number): Fault {
  const reason = verdict === 'PartiallyInvalid=True/IncompatibleFilters' ? 'IncompatibleFilters' : 'UnsupportedValue';
  return { at, verdict: `Accepted=False/${reason}`, message: `Rule ${rule} answers 500: ${message}` };
}

function dropped(fault: Fault, rule: number): Fault {
  return prefixed(fault, `Dropped Rule ${rule}, which answers 500: `);
}

function prefixed(fault: Fault, prefix: string): Fault {
  return { ...fault, message: `${prefix}${fault.message}` };
}

/** Whether a parent takes the route: a listener does, and nothing is wrong with the route as a whole. */
export function isAcceptedBy({ index, accepted }: ParentView, { findings }: RouteView): boolean {
  return (
    accepted &&
    findings.every(
      ({ scope, condition, status }) =>
        scope.type !== 'Parent' || scope.index !== index || condition !== 'Accepted' || status !== 'False',
    )
  );
}
