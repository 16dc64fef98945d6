import type { ObjectRef } from '../api/object.ts';
import { kindKey } from '../api/object.ts';
import type { AnalysisTables } from './analysis-tables.ts';
import { GATEWAY_CLASS } from './kinds.ts';
import type { RouteUsage } from './route-usage.ts';
import { SortedViews } from './sorted-views.ts';
import { reuse } from './structural-sharing.ts';
import type { BackendView, GatewayClassView, GatewayView, OtherView, RouteView, TopologyUpdate } from './topology.ts';
import { backendWarning } from './warnings.ts';

/** Names in the analysis tables whose values differ from before. */
export interface ChangedNames {
  readonly gatewayClasses: readonly string[];
  readonly gateways: readonly string[];
  readonly routes: readonly string[];
  readonly backends: readonly string[];
  readonly others: readonly string[];
}

/** Keeps the views of a topology in order and tells what has changed in them. */
export class TopologyViews {
  readonly #tables: AnalysisTables;
  readonly #usage: RouteUsage;
  readonly #gatewayClasses = new ViewList<GatewayClassView>(({ source }) => ({
    ...GATEWAY_CLASS,
    namespace: '',
    name: source.metadata.name,
  }));
  readonly #gateways = new ViewList<GatewayView>(({ ref }) => ref);
  readonly #routes = new ViewList<RouteView>(({ ref }) => ref);
  readonly #others = new ViewList<OtherView>(({ ref }) => ref);
  readonly #backends = new SortedViews<BackendView>();
  readonly #warnings = new Map<string, string>();

  constructor(tables: AnalysisTables, usage: RouteUsage) {
    this.#tables = tables;
    this.#usage = usage;
  }

  /** Takes over the values of the changed names. */
  update(changed: ChangedNames): TopologyUpdate {
    const tables = this.#tables;
    const removed: ObjectRef[] = [];
    const gatewayClasses = this.#gatewayClasses.take(changed.gatewayClasses, tables.gatewayClasses, removed);
    const gateways = this.#gateways.take(changed.gateways, { values: this.#counted(changed.gateways) }, removed);
    const routes = this.#routes.take(changed.routes, tables.routes, removed);
    const others = this.#others.take(changed.others, tables.others, removed);
    const { backends, removedBackends } = this.#takeBackends(changed.backends);
    return {
      topology: {
        gatewayClasses: this.#gatewayClasses.list(),
        gateways: this.#gateways.list(),
        routes: this.#routes.list(),
        backends: this.#backends.list(),
        others: this.#others.list(),
      },
      gatewayClasses,
      gateways,
      routes,
      backends,
      others,
      warned: this.#warned(changed),
      removed,
      removedBackends,
    };
  }

  /** The Gateways with the routes of their listeners counted. */
  #counted(names: readonly string[]): ReadonlyMap<string, GatewayView> {
    const counted = new Map<string, GatewayView>();
    for (const name of names) {
      const base = this.#tables.gateways.values.get(name);
      if (base === undefined) continue;
      const listeners = base.listeners.map((listener) => ({
        ...listener,
        attachedRoutes: this.#usage.attachedRoutes(name, listener.name),
      }));
      counted.set(name, reuse(this.#gateways.get(name), { ...base, listeners }));
    }
    return counted;
  }

  #takeBackends(names: readonly string[]): Pick<TopologyUpdate, 'backends' | 'removedBackends'> {
    const removedBackends: string[] = [];
    const backends: BackendView[] = [];
    for (const id of names) {
      const view = this.#tables.backends.values.get(id);
      if (view === undefined && this.#backends.get(id) !== undefined) removedBackends.push(id);
      if (view !== undefined) backends.push(view);
      this.#backends.set(id, view);
    }
    return { backends, removedBackends };
  }

  /** The routes that are to be told something else of a backend. */
  #warned({ backends, routes: changedRoutes }: ChangedNames): readonly RouteView[] {
    const warned = new Set<string>();
    for (const id of backends) {
      const view = this.#tables.backends.values.get(id);
      const warning = view === undefined ? undefined : backendWarning(view);
      if (warning === this.#warnings.get(id)) continue;
      if (warning === undefined) this.#warnings.delete(id);
      else this.#warnings.set(id, warning);
      for (const route of this.#usage.routesOf(id)) warned.add(route);
    }
    for (const route of changedRoutes) warned.delete(route);
    return [...warned].flatMap((route) => this.#tables.routes.values.get(route) ?? []);
  }
}

/** The views of one kind of object, by object key and in order of namespace and name. */
class ViewList<T> {
  readonly #refOf: (view: T) => ObjectRef;
  readonly #byName = new Map<string, T>();
  readonly #sorted = new SortedViews<T>();

  constructor(referTo: (view: T) => ObjectRef) {
    this.#refOf = referTo;
  }

  get(name: string): T | undefined {
    return this.#byName.get(name);
  }

  list(): readonly T[] {
    return this.#sorted.list();
  }

  /** Takes over changed values; returns those that exist, and adds those that are gone to `removed`. */
  take(names: readonly string[], { values }: ReadonlyValues<T>, removed: ObjectRef[]): T[] {
    const changed: T[] = [];
    for (const name of names) {
      const previous = this.#byName.get(name);
      const view = values.get(name);
      if (view === previous) continue;
      if (view !== undefined) {
        this.#byName.set(name, view);
        this.#sorted.set(sortKey(this.#refOf(view)), view);
        changed.push(view);
      } else if (previous !== undefined) {
        this.#byName.delete(name);
        this.#sorted.set(sortKey(this.#refOf(previous)), undefined);
        removed.push(this.#refOf(previous));
      }
    }
    return changed;
  }
}

interface ReadonlyValues<T> {
  readonly values: ReadonlyMap<string, T>;
}

/** Orders by kind, namespace and name; NUL comes before every character of a name. */
function sortKey(ref: ObjectRef): string {
  return [kindKey(ref), ref.namespace, ref.name].join('\0');
}
