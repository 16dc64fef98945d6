import type { KubeObject, ObjectRef } from '../api/object.ts';
import { kindKey, objectKey, refOf } from '../api/object.ts';
import type { ResourceSnapshot } from '../store/snapshot.ts';
import type { AnalysisTables } from './analysis-tables.ts';
import { ALL_GATEWAYS, analysisTables } from './analysis-tables.ts';
import { Derivations, dependency } from './derivations.ts';
import { ANALYSED_KINDS, GATEWAY, GATEWAY_CLASS, HTTP_ROUTE, OTHER_KINDS } from './kinds.ts';
import { ObjectIndex } from './object-index.ts';
import type { AnalysisOptions } from './options.ts';
import { usersFact } from './other-kinds.ts';
import { RouteUsage } from './route-usage.ts';
import { sameMeaning } from './same-meaning.ts';
import type { Topology, TopologyUpdate } from './topology.ts';
import { TopologyViews } from './topology-views.ts';

/** Everything the Gateway API says about a snapshot, from scratch. */
export function analyze(snapshot: ResourceSnapshot, options: AnalysisOptions): Topology {
  return new Analyzer(options).update(snapshot, 'Everything').topology;
}

const ANALYSED = new Set(ANALYSED_KINDS.map(kindKey));
const TABLES_OF_KIND: ReadonlyMap<string, readonly (keyof AnalysisTables)[]> = new Map([
  [kindKey(GATEWAY_CLASS), ['gatewayClasses']],
  [kindKey(GATEWAY), ['clashes', 'gateways', 'attachables']],
  [kindKey(HTTP_ROUTE), ['routes']],
  ...OTHER_KINDS.map((kind): [string, readonly (keyof AnalysisTables)[]] => [kindKey(kind), ['others']]),
]);

/**
 * Keeps a topology up to date. The result is always that of `analyze`; the cost of an update follows what it changes.
 * One update ends before the next begins, and the snapshot does not change meanwhile.
 */
export class Analyzer {
  readonly #objects = new ObjectIndex();
  readonly #derivations = new Derivations(this.#objects);
  readonly #usage = new RouteUsage();
  readonly #tables: AnalysisTables;
  readonly #views: TopologyViews;

  constructor(options: AnalysisOptions) {
    this.#tables = analysisTables(options, this.#objects, (service) => this.#usersOf(service));
    this.#views = new TopologyViews(this.#tables, this.#usage);
    this.#derivations.mark(this.#tables.conflicts.name, ALL_GATEWAYS);
  }

  /**
   * Takes over what has changed: the objects named (which may be new, or gone), or whatever differs in the snapshot.
   */
  update(snapshot: ResourceSnapshot, changed: Iterable<ObjectRef> | 'Everything'): TopologyUpdate {
    const refs = changed === 'Everything' ? this.#allRefs(snapshot) : changed;
    for (const ref of refs) if (ANALYSED.has(kindKey(ref))) this.#take(ref, snapshot.get(ref));
    return this.#derive();
  }

  *#allRefs(snapshot: ResourceSnapshot): Iterable<ObjectRef> {
    yield* [...this.#objects.all()].map(refOf).filter((ref) => snapshot.get(ref) === undefined);
    for (const kind of ANALYSED_KINDS) yield* snapshot.list(kind).map(refOf);
  }

  #take(ref: ObjectRef, object: KubeObject | undefined): void {
    const known = this.#objects.get(ref);
    if (known === object || (known !== undefined && object !== undefined && sameMeaning(known, object))) return;
    const topics = this.#objects.set(ref, object);
    this.#derivations.touch(dependency.object(ref));
    for (const topic of topics) this.#derivations.touch(dependency.topic(topic));
    for (const table of TABLES_OF_KIND.get(kindKey(ref)) ?? []) this.#derivations.mark(table, objectKey(ref));
  }

  #derive(): TopologyUpdate {
    const { gatewayClasses, conflicts, clashes, gateways, attachables, routes, backends, others } = this.#tables;
    const changedClasses = this.#derivations.refresh(gatewayClasses);
    this.#derivations.refresh(conflicts);
    this.#derivations.refresh(clashes);
    const changedGateways = new Set(this.#derivations.refresh(gateways));
    this.#derivations.refresh(attachables);
    const changedRoutes = this.#derivations.refresh(routes);
    const named = this.#count(changedRoutes, changedGateways);
    const unnamed = [...named].filter((id) => this.#usage.routesOf(id).size === 0);
    for (const id of unnamed) this.#derivations.drop(backends, id);
    const changedBackends = [...this.#derivations.refresh(backends), ...unnamed];
    const changedOthers = this.#derivations.refresh(others);
    return this.#views.update({
      gatewayClasses: changedClasses,
      gateways: [...changedGateways],
      routes: changedRoutes,
      backends: changedBackends,
      others: changedOthers,
    });
  }

  /** Counts anew what changed routes use; returns the backends that they name or named. */
  #count(changedRoutes: readonly string[], changedGateways: Set<string>): ReadonlySet<string> {
    const named = new Set<string>();
    for (const route of changedRoutes) {
      const touched = this.#usage.replace(route, this.#tables.routes.values.get(route));
      for (const gateway of touched.gateways) changedGateways.add(gateway);
      for (const service of touched.services) this.#derivations.touch(dependency.fact(usersFact(service)));
      for (const id of touched.backends) {
        named.add(id);
        if (!this.#tables.backends.values.has(id)) this.#derivations.mark(this.#tables.backends.name, id);
      }
    }
    return named;
  }

  #usersOf(service: string): readonly { readonly gateway: ObjectRef; readonly controllerName: string }[] {
    return this.#usage
      .routesOfService(service)
      .flatMap((route) => this.#tables.routes.values.get(route)?.parents ?? []);
  }
}
