import type { HTTPRoute } from '../api/http-route.ts';
import type { Gateway } from '../api/gateway.ts';
import type { GatewayClass } from '../api/gateway-class.ts';
import type { KubeObject } from '../api/object.ts';
import { namespacedName } from '../api/object.ts';
import type { AttachableGateway } from './attachable-gateway.ts';
import { attachable } from './attachable-gateway.ts';
import { analyzeBackend } from './backends.ts';
import type { Lookup } from './derivations.ts';
import { DerivedTable } from './derivations.ts';
import { analyzeGatewayClass } from './gateway-classes.ts';
import { analyzeGateway, classOf, isRefused } from './gateways.ts';
import { analyzeHttpRoute } from './http-routes.ts';
import { GATEWAY, typed } from './kinds.ts';
import type { ObjectIndex } from './object-index.ts';
import type { AnalysisOptions } from './options.ts';
import { owns } from './options.ts';
import type { OtherContext } from './other-kinds.ts';
import { analyzeOther } from './other-kinds.ts';
import type { ListenerConflicts } from './shared-address.ts';
import { conflictsBetween } from './shared-address.ts';
import type { BackendView, GatewayClassView, GatewayView, OtherView, RouteView } from './topology.ts';
import { allOf } from './topics.ts';

/** The one name in the table of conflicts between Gateways. */
export const ALL_GATEWAYS = 'all';

/** Everything that is derived, in the order in which one reads the other. */
export interface AnalysisTables {
  readonly gatewayClasses: DerivedTable<GatewayClassView>;
  /** Conflicts between all Gateways that share an address. */
  readonly conflicts: DerivedTable<Readonly<Record<string, ListenerConflicts>>>;
  /** The part of them that concerns one Gateway. */
  readonly clashes: DerivedTable<ListenerConflicts>;
  /** Without `attachedRoutes`, which are counted. */
  readonly gateways: DerivedTable<GatewayView>;
  readonly attachables: DerivedTable<AttachableGateway>;
  readonly routes: DerivedTable<RouteView>;
  readonly backends: DerivedTable<BackendView>;
  readonly others: DerivedTable<OtherView>;
}

/** Makes the tables; names in them are object keys, in `backends` they are backend ids. */
export function analysisTables(
  options: AnalysisOptions,
  objects: ObjectIndex,
  usersOf: OtherContext['usersOf'],
): AnalysisTables {
  function ofObject<T, K extends KubeObject>(
    name: string,
    derive: (object: K, lookup: Lookup, key: string) => T | undefined,
  ) {
    return new DerivedTable<T>(name, (key, lookup) => {
      const object = objects.byKey(key);
      return object === undefined ? undefined : derive(typed<K>(object), lookup, key);
    });
  }
  const gatewayClasses = ofObject('gatewayClasses', (source: GatewayClass) =>
    owns(options, source.spec.controllerName) ? analyzeGatewayClass(source) : undefined,
  );
  const conflicts = new DerivedTable('conflicts', (_, lookup) =>
    conflictsBetween(ownGateways(options, lookup), options.sharedAddress),
  );
  const clashes = ofObject('clashes', (source: Gateway, lookup) => {
    return lookup.derived(conflicts, ALL_GATEWAYS)?.[namespacedName(source.metadata)];
  });
  const gateways = ofObject('gateways', (source: Gateway, lookup, key) =>
    analyzeGateway(source, options, lookup, lookup.derived(clashes, key) ?? {}),
  );
  const attachables = new DerivedTable('attachables', (key, lookup) => {
    const gateway = lookup.derived(gateways, key);
    return gateway === undefined ? undefined : attachable(gateway);
  });
  const routes = ofObject('routes', (source: HTTPRoute, lookup) =>
    analyzeHttpRoute(source, { options, lookup, gateways: attachables }),
  );
  const backends = new DerivedTable('backends', (id, lookup) => analyzeBackend(id, options, lookup));
  const others = ofObject('others', (source: KubeObject, lookup) =>
    analyzeOther(source, { options, lookup, gateways: attachables, usersOf }),
  );
  return { gatewayClasses, conflicts, clashes, gateways, attachables, routes, backends, others };
}

function ownGateways(options: AnalysisOptions, lookup: Lookup): readonly Gateway[] {
  return lookup
    .under(allOf(GATEWAY))
    .map((object) => typed<Gateway>(object))
    .filter((gateway) => {
      const gatewayClass = classOf(gateway, lookup);
      return gatewayClass !== undefined && owns(options, gatewayClass.spec.controllerName) && !isRefused(gateway);
    });
}
