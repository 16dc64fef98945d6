import type { AnalysisOptions } from '../analysis/options.ts';
import { owns } from '../analysis/options.ts';
import { deepEqual } from '../analysis/structural-sharing.ts';
import type { GatewayView, ParentView, RouteView } from '../analysis/topology.ts';
import { warningsOf } from '../analysis/warnings.ts';
import type { GatewayClassStatus } from '../api/gateway-class.ts';
import type { GatewayStatus } from '../api/gateway.ts';
import type { KubeObject } from '../api/object.ts';
import { objectKey, refOf } from '../api/object.ts';
import type { EngineReport } from '../engine/engine-report.ts';
import { statusOfGatewayClass } from './gateway-class-status.ts';
import type { GatewayProgress } from './gateway-status.ts';
import { servedListeners, statusOfGateway } from './gateway-status.ts';
import type { OtherStatus } from './other-status.ts';
import { statusOfForeign, statusOfOther } from './other-status.ts';
import type { PlanProgress, VersionedObject } from './plan-progress.ts';
import { previousStatus } from './previous-status.ts';
import type { RouteProgress } from './route-status.ts';
import { statusOfHttpRoute } from './route-status.ts';
import type { StatusViews } from './status-views.ts';

/** Everything that status is made from. */
export interface StatusSources {
  readonly analysis: Pick<AnalysisOptions, 'controllerNames' | 'features'>;
  readonly views: StatusViews;
  /** The newest report of each Gateway, by key. */
  readonly reports: ReadonlyMap<string, EngineReport>;
  readonly progress: PlanProgress;
}

/** The status that an object is to have; undefined if it has it already, or if it is not ours to write. */
export function statusOfObject(object: KubeObject, sources: StatusSources, now: string): unknown {
  const wanted = wantedStatus(object, sources, now);
  return wanted === undefined || deepEqual(wanted, previousStatus(object)) ? undefined : wanted;
}

/** The object in its generation. */
export function versioned(source: KubeObject): VersionedObject {
  return { key: objectKey(refOf(source)), generation: source.metadata.generation ?? 0 };
}

function wantedStatus(object: KubeObject, sources: StatusSources, now: string): unknown {
  const key = objectKey(refOf(object));
  const { analysis, views } = sources;
  const gatewayClass = views.gatewayClasses.get(key);
  if (gatewayClass !== undefined) {
    const previous = previousStatus<GatewayClassStatus>(object);
    return statusOfGatewayClass(gatewayClass, analysis.features, { previous, now });
  }
  const gateway = views.gateways.get(key);
  if (gateway !== undefined) {
    const previous = previousStatus<GatewayStatus>(object);
    return statusOfGateway(gateway, gatewayProgress(gateway, key, sources), { previous, now });
  }
  const context = {
    previous: previousStatus<OtherStatus>(object),
    now,
    owns: (controllerName: string) => owns(analysis, controllerName),
  };
  const route = views.routes.get(key);
  if (route !== undefined) {
    const previous = context.previous?.parents === undefined ? undefined : { parents: context.previous.parents };
    return statusOfHttpRoute(route, routeProgress(route, sources), { ...context, previous });
  }
  const other = views.others.get(key);
  return other === undefined ? statusOfForeign(context) : statusOfOther(other, context);
}

function gatewayProgress(
  { ref, source }: GatewayView,
  key: string,
  { progress, reports }: StatusSources,
): GatewayProgress {
  return { state: progress.stateOf(ref, versioned(source)), report: reports.get(key) };
}

function routeProgress(route: RouteView, { progress, views, reports }: StatusSources): RouteProgress {
  return {
    stateOf: ({ gateway }: ParentView) => progress.stateOf(gateway, versioned(route.source)),
    isServed({ gateway, attachments }: ParentView) {
      const key = objectKey(gateway);
      const view = views.gateways.get(key);
      const served = view === undefined ? [] : servedListeners(view, reports.get(key));
      return attachments.some(({ listener }) => served.includes(listener));
    },
    warnings: warningsOf(route, (id) => views.backends.get(id)),
  };
}
