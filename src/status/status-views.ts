import type {
  BackendView,
  GatewayClassView,
  GatewayView,
  OtherView,
  RouteView,
  TopologyUpdate,
} from '../analysis/topology.ts';
import type { ObjectRef } from '../api/object.ts';
import { objectKey, refOf } from '../api/object.ts';

/** The newest view of every object, by key. */
export class StatusViews {
  readonly gatewayClasses = new Map<string, GatewayClassView>();
  readonly gateways = new Map<string, GatewayView>();
  readonly routes = new Map<string, RouteView>();
  readonly others = new Map<string, OtherView>();
  /** By id. */
  readonly backends = new Map<string, BackendView>();

  /** Takes in what has changed. */
  update(update: TopologyUpdate): void {
    for (const view of update.gatewayClasses) this.gatewayClasses.set(objectKey(refOf(view.source)), view);
    for (const view of update.gateways) this.gateways.set(objectKey(view.ref), view);
    for (const view of update.routes) this.routes.set(objectKey(view.ref), view);
    for (const view of update.others) this.others.set(objectKey(view.ref), view);
    for (const view of update.backends) this.backends.set(view.id, view);
    for (const ref of update.removed) this.#remove(objectKey(ref));
    for (const id of update.removedBackends) this.backends.delete(id);
  }

  /** The Gateway or route of that key. */
  refOf(key: string): ObjectRef | undefined {
    return this.gateways.get(key)?.ref ?? this.routes.get(key)?.ref;
  }

  /** The routes with a parentRef to the Gateway of that key. Goes through all routes: for rare events. */
  routesOn(gateway: string): readonly ObjectRef[] {
    return [...this.routes.values()].flatMap(({ ref, parents }) =>
      parents.some((parent) => objectKey(parent.gateway) === gateway) ? [ref] : [],
    );
  }

  #remove(key: string): void {
    for (const views of [this.gatewayClasses, this.gateways, this.routes, this.others]) views.delete(key);
  }
}
