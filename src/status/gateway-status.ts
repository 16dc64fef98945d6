import type { Verdict } from '../analysis/conditions.ts';
import type { Finding, GatewayView, ListenerView } from '../analysis/topology.ts';
import type { Condition } from '../api/condition.ts';
import type { GatewayStatus } from '../api/gateway.ts';
import type { EngineReport, PortReport } from '../engine/engine-report.ts';
import { conditionFromFindings, plainCondition } from './condition-from-findings.ts';
import type { WantedCondition } from './merge-conditions.ts';
import { isOutdated, mergeConditions } from './merge-conditions.ts';
import type { PlanState, StatusContext } from './status-context.ts';

/** What the engine says of a Gateway. */
export interface GatewayProgress {
  /** How far it is with the Gateway's present generation. */
  readonly state: PlanState;
  /** Its newest report. */
  readonly report: EngineReport | undefined;
}

/** The names of the listeners that are served as far as is known: nothing forbids it, and their port has not failed. */
export function servedListeners(
  { accepted, listeners }: GatewayView,
  report: EngineReport | undefined,
): readonly string[] {
  if (!accepted) return [];
  const failed = new Set(report?.ports.flatMap(({ port, state }) => (state === 'Failed' ? [port] : [])));
  return listeners.flatMap(({ programmable, source, name }) =>
    programmable && !failed.has(source.port) ? [name] : [],
  );
}

type ListenerStatus = NonNullable<GatewayStatus['listeners']>[number];
type Context = StatusContext<GatewayStatus> & GatewayProgress;

/** The status of a Gateway of ours; undefined if a newer one stands there. */
export function statusOfGateway(
  view: GatewayView,
  progress: GatewayProgress,
  { previous, now }: StatusContext<GatewayStatus>,
): GatewayStatus | undefined {
  const { generation } = view.source.metadata;
  if (isOutdated(previous?.conditions, generation)) return undefined;
  const context = { previous, now, ...progress };
  const listeners = view.listeners.map((listener) => listenerStatus(listener, view, context));
  const accepted = conditionFromFindings(view.findings, 'Accepted=True/Accepted', {
    message: 'The Gateway is valid.',
    generation,
  });
  const programmed = gatewayProgrammed(view, context);
  return {
    ...previous,
    addresses: addressesOf(view, context),
    conditions: mergeConditions(previous?.conditions, [accepted, programmed], now),
    listeners,
  };
}

function addressesOf(
  { accepted }: GatewayView,
  { previous, report }: Context,
): NonNullable<GatewayStatus['addresses']> {
  if (!accepted) return [];
  return report?.addresses.map(({ type, value }) => ({ type, value })) ?? previous?.addresses ?? [];
}

function listenerStatus(listener: ListenerView, view: GatewayView, context: Context): ListenerStatus {
  const { generation } = view.source.metadata;
  const before = context.previous?.listeners?.find(({ name }) => name === listener.name);
  const fromFindings = (expected: Verdict, message: string): WantedCondition =>
    conditionFromFindings(listener.findings, expected, { message, generation });
  const conditions = [
    fromFindings('Accepted=True/Accepted', 'The listener is valid.'),
    fromFindings('Conflicted=False/NoConflicts', 'No other listener is in its way.'),
    fromFindings('ResolvedRefs=True/ResolvedRefs', 'Every reference resolves.'),
    programmedCondition(listenerProgrammed(listener, view, context), before?.conditions, generation),
  ];
  return {
    name: listener.name,
    supportedKinds: listener.supportedKinds.map(({ group, kind }) => ({ group, kind })),
    attachedRoutes: listener.attachedRoutes,
    conditions: mergeConditions(before?.conditions, conditions, context.now),
  };
}

/** A judgement on `Programmed`; `Wait`: what stands there stays. */
type Programmed = { readonly verdict: Verdict; readonly message: string } | 'Wait';

function programmedCondition(
  programmed: Programmed,
  previous: readonly Condition[] | undefined,
  generation: number | undefined,
): WantedCondition {
  if (programmed !== 'Wait') return plainCondition(programmed.verdict, programmed.message, generation);
  const before = previous?.find(({ type }) => type === 'Programmed');
  return before !== undefined && before.status !== 'Unknown'
    ? before
    : plainCondition('Programmed=Unknown/Pending', 'No worker has reported yet.', generation);
}

/** Why nothing of the Gateway can be in effect, as far as the listener is not to blame. */
function commonObstacle(view: GatewayView, { state }: Context): Programmed | undefined {
  if (!view.accepted) return { verdict: 'Programmed=False/Invalid', message: firstFault(view.findings, 'Accepted') };
  if (state.type === 'Rejected')
    return { verdict: 'Programmed=False/Invalid', message: `A worker has refused the plan: ${state.message}` };
  return undefined;
}

function listenerProgrammed(listener: ListenerView, view: GatewayView, context: Context): Programmed {
  if (!listener.programmable)
    return { verdict: 'Programmed=False/Invalid', message: firstFault(listener.findings, 'Accepted', 'ResolvedRefs') };
  const obstacle = commonObstacle(view, context);
  if (obstacle !== undefined) return obstacle;
  if (context.state.type !== 'Applied') return 'Wait';
  const port = context.report?.ports.find((report) => report.port === listener.source.port);
  if (port === undefined)
    return { verdict: 'Programmed=False/Pending', message: `Port ${listener.source.port} is not open yet.` };
  return port.state === 'Failed'
    ? failedPort(port)
    : { verdict: 'Programmed=True/Programmed', message: openPort(port) };
}

function gatewayProgrammed(view: GatewayView, context: Context): WantedCondition {
  return programmedCondition(
    judgeGateway(view, context),
    context.previous?.conditions,
    view.source.metadata.generation,
  );
}

function judgeGateway(view: GatewayView, context: Context): Programmed {
  const obstacle = commonObstacle(view, context);
  if (obstacle !== undefined) return obstacle;
  if (!view.listeners.some(({ programmable }) => programmable))
    return { verdict: 'Programmed=False/Invalid', message: noListenerMessage(view) };
  if (context.state.type !== 'Applied' || context.report === undefined) return 'Wait';
  return judgePorts(context.report);
}

function noListenerMessage({ listeners }: GatewayView): string {
  const cause = firstFault(listeners[0]?.findings ?? [], 'Accepted', 'ResolvedRefs');
  return `No listener of the Gateway can be served. ${cause}`;
}

/** GatewayReasonAddressNotUsable: one requested address that cannot be used is enough. */
function judgePorts({ ports, addresses }: EngineReport): Programmed {
  const failed = ports.filter(({ state }) => state === 'Failed');
  const unusable = failed.find(({ cause }) => cause === 'AddressNotUsable');
  if (unusable !== undefined) return failedPort(unusable);
  const [first] = failed;
  if (first !== undefined && failed.length === ports.length) return failedPort(first);
  if (addresses.length === 0)
    return { verdict: 'Programmed=False/AddressNotAssigned', message: 'No address could be assigned to the Gateway.' };
  const where = addresses.map(({ value }) => value).join(', ');
  const troubles = failed.map(({ port, message = 'it is not open' }) => ` Port ${port} is not served: ${message}`);
  return { verdict: 'Programmed=True/Programmed', message: `The Gateway is served at ${where}.${troubles.join('')}` };
}

function failedPort({
  port,
  cause = 'PortUnavailable',
  message = `Port ${port} cannot be opened.`,
}: PortReport): Programmed {
  return { verdict: `Programmed=False/${cause}`, message };
}

function openPort({ port, boundPort }: PortReport): string {
  return port === boundPort ? `Port ${port} is open.` : `Port ${port} is open as port ${boundPort}.`;
}

function firstFault(findings: readonly Finding[], ...conditions: readonly string[]): string {
  const fault = findings.find(({ condition, status }) => status === 'False' && conditions.includes(condition));
  return fault?.message ?? 'It is not valid.';
}
