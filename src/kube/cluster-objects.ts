import type { KindDefinition } from '../api/kind-definition.ts';
import { kindKey } from '../api/object.ts';
import type { GroupKind, ObjectRef } from '../api/object.ts';
import type { Clock } from '../lib/clock.ts';
import type { ApiTransport } from './api-transport.ts';
import type { ClusterResource } from './cluster-resource.ts';
import { ObjectMirror } from './object-mirror.ts';
import { Reflector } from './reflector.ts';
import type { KindHealth } from './reflector.ts';

/** Something to tell the user about the cluster. */
export interface ClusterNotice {
  readonly level: 'info' | 'warning';
  /** A sentence. */
  readonly message: string;
}

/** How `ClusterObjects` are made. */
export interface ClusterObjectsOptions {
  readonly transport: ApiTransport;
  readonly clock: Clock;
  /** From 0 to 1. Default `Math.random`. */
  readonly random?: () => number;
  /** The kinds to follow. */
  readonly kinds: readonly KindDefinition[];
  readonly onNotice: (notice: ClusterNotice) => void;
}

/** The objects of a cluster, kind by kind, as they change. */
export class ClusterObjects {
  readonly mirror = new ObjectMirror();
  readonly #onNotice: (notice: ClusterNotice) => void;
  readonly #reflectors: ReadonlyMap<string, Reflector>;
  readonly #health = new Map<string, KindHealth>();
  /** Kinds that the API serves, as it was last heard. */
  readonly #served = new Set<string>();
  /** Kinds of which nothing is known yet. */
  readonly #unsynced: Set<string>;
  #becomeSynced: () => void = () => undefined;

  /** Resolves once every kind was listed, or found not to be served. */
  readonly synced: Promise<void>;

  constructor({ transport, clock, random = Math.random, kinds, onNotice }: ClusterObjectsOptions) {
    this.#onNotice = onNotice;
    this.#unsynced = new Set(kinds.map(kindKey));
    this.synced = new Promise((resolve) => {
      this.#becomeSynced = resolve;
    });
    this.#reflectors = new Map(
      kinds.map((definition) => {
        const onHealth = (health: KindHealth) => this.#take(definition, health);
        const reflector = new Reflector({ transport, clock, random, definition, mirror: this.mirror, onHealth });
        return [kindKey(definition), reflector];
      }),
    );
  }

  /** Follows the cluster from now on; resolves after `close`. */
  async run(): Promise<void> {
    await Promise.all([...this.#reflectors.values()].map((reflector) => reflector.run()));
  }

  /** Ends at once. */
  close(): void {
    for (const reflector of this.#reflectors.values()) reflector.close();
  }

  /** What keeps `synced` waiting, sentences. */
  get pending(): readonly string[] {
    return [...this.#unsynced].map((kind) => {
      const health = this.#health.get(kind);
      return `${kind} has not been listed yet.${health?.type === 'Failing' ? ` ${health.message}` : ''}`;
    });
  }

  /** How the cluster serves the kind of that object; undefined if it does not. */
  resourceOf({ group, kind }: ObjectRef): ClusterResource | undefined {
    return this.#reflectors.get(kindKey({ group, kind }))?.resource;
  }

  #take(kind: GroupKind, health: KindHealth): void {
    const key = kindKey(kind);
    const wasFailing = this.#health.get(key)?.type === 'Failing';
    const isTold = this.#failures.includes(health.type === 'Failing' ? health.message : '');
    this.#health.set(key, health);
    if (health.type === 'Failing') {
      if (!isTold) this.#onNotice({ level: 'warning', message: `${health.message} It will be tried again.` });
      return;
    }
    if (wasFailing && this.#failures.length === 0)
      this.#onNotice({ level: 'info', message: 'The API server answers again.' });
    this.#takeServed(key, health.type === 'Synced');
  }

  get #failures(): readonly string[] {
    return [...this.#health.values()].flatMap((health) => (health.type === 'Failing' ? [health.message] : []));
  }

  #takeServed(key: string, isServed: boolean): void {
    const wasServed = this.#served.has(key);
    if (isServed) this.#served.add(key);
    else this.#served.delete(key);
    if (this.#unsynced.size > 0) return this.#countIn(key);
    if (wasServed && !isServed)
      this.#onNotice({ level: 'warning', message: `The API does not serve ${key} any more; it is waited for.` });
    if (isServed && !wasServed) this.#onNotice({ level: 'info', message: `The API serves ${key} now.` });
  }

  #countIn(key: string): void {
    this.#unsynced.delete(key);
    if (this.#unsynced.size > 0) return;
    const missing = [...this.#reflectors.keys()].filter((kind) => !this.#served.has(kind));
    if (missing.length > 0) {
      const message = `The API does not serve ${missing.sort().join(', ')}; each is used once its definition is installed.`;
      this.#onNotice({ level: 'info', message });
    }
    this.#becomeSynced();
  }
}
