import { objectKey } from '../api/object.ts';
import { isAcceptedBy } from './http-routes.ts';
import { SERVICE, sameKind } from './kinds.ts';
import { ReferenceIndex } from './reference-index.ts';
import type { RouteView } from './topology.ts';
import { backendIdsOf } from './warnings.ts';

/** What a change of one route's view touches. */
export interface TouchedUsage {
  readonly gateways: ReadonlySet<string>;
  readonly backends: ReadonlySet<string>;
  /** Keys of Services that backendRefs name, whether or not they resolve. */
  readonly services: ReadonlySet<string>;
}

const NONE: ReadonlySet<string> = new Set();

/** Which routes use which listeners and backends: counted as routes change, never by going through all of them. */
export class RouteUsage {
  readonly #listeners = new ReferenceIndex();
  readonly #backends = new ReferenceIndex();

  readonly #services = new ReferenceIndex();

  /** Takes over a route's view as it is now; undefined: it has none. */
  replace(route: string, view: RouteView | undefined): TouchedUsage {
    const listeners = view === undefined ? NONE : listenersOf(view);
    const backends = view === undefined ? NONE : backendIdsOf(view);
    const touchedListeners = [...this.#listeners.referencesOf(route), ...listeners];
    const touchedBackends = new Set([...this.#backends.referencesOf(route), ...backends]);
    const services = view === undefined ? NONE : servicesOf(view);
    const touchedServices = new Set([...this.#services.referencesOf(route), ...services]);
    this.#listeners.replace(route, listeners);
    this.#backends.replace(route, backends);
    this.#services.replace(route, services);
    return {
      gateways: new Set(touchedListeners.map((listener) => listener.slice(0, listener.indexOf('|')))),
      backends: touchedBackends,
      services: touchedServices,
    };
  }

  /** ListenerStatus.attachedRoutes: how many accepted routes are on a listener. */
  attachedRoutes(gateway: string, listener: string): number {
    return this.#listeners.referrersOf(`${gateway}|${listener}`).size;
  }

  /** The routes that name a backend. */
  routesOf(backend: string): ReadonlySet<string> {
    return this.#backends.referrersOf(backend);
  }

  /** The routes that name a Service, by its key, with any port. */
  routesOfService(service: string): readonly string[] {
    return [...this.#services.referrersOf(service)];
  }
}

function listenersOf(route: RouteView): ReadonlySet<string> {
  const accepting = route.parents.filter((parent) => isAcceptedBy(parent, route));
  return new Set(
    accepting.flatMap(({ gateway, attachments }) =>
      attachments.map(({ listener }) => `${objectKey(gateway)}|${listener}`),
    ),
  );
}

function servicesOf({ ref: route, rules }: RouteView): ReadonlySet<string> {
  const refs = rules.flatMap(({ source: { backendRefs = [], filters = [] } }) => [
    ...backendRefs,
    ...[...filters, ...backendRefs.flatMap((ref) => ref.filters ?? [])].flatMap(
      ({ requestMirror }) => requestMirror?.backendRef ?? [],
    ),
  ]);
  return new Set(
    refs.flatMap(({ group = SERVICE.group, kind = SERVICE.kind, namespace = route.namespace, name }) =>
      sameKind({ group, kind }, SERVICE) ? [objectKey({ ...SERVICE, namespace, name })] : [],
    ),
  );
}
