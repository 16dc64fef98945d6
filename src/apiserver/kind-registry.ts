import type { KindDefinition, VersionDefinition } from '../api/kind-definition.ts';
import { apiVersionOf, kindKey } from '../api/object.ts';
import type { GroupKind } from '../api/object.ts';
import { compareVersions } from './version-order.ts';

/** A kind in one of its versions: what a path such as `/apis/GROUP/VERSION/PLURAL` names. */
export interface ServedResource {
  readonly kind: KindDefinition;
  readonly version: VersionDefinition;
  /** `GROUP/VERSION`, or `v1` for core kinds. */
  readonly apiVersion: string;
}

/** Every kind that is served now. Applied CRDs come and go. */
export class KindRegistry {
  readonly #kinds = new Map<string, KindDefinition>();
  readonly #resources = new Map<string, ServedResource>();
  #generation = 0;

  /** Grows when a kind comes, changes or goes: what discovery and OpenAPI are cached by. */
  get generation(): number {
    return this.#generation;
  }

  /** Serves the kind from now on, in place of an earlier definition of it. */
  register(kind: KindDefinition): void {
    this.#kinds.set(kindKey(kind), kind);
    this.#index();
  }

  /** Stops serving the kind. */
  unregister(kind: GroupKind): void {
    this.#kinds.delete(kindKey(kind));
    this.#index();
  }

  /** The kind of that name, in any version. */
  kind(kind: GroupKind): KindDefinition | undefined {
    return this.#kinds.get(kindKey(kind));
  }

  /** The resource at that place of the API, if it is served. */
  resource(group: string, version: string, plural: string): ServedResource | undefined {
    return this.#resources.get(`${group}/${version}/${plural}`);
  }

  /** The resource of a kind in that version, or in the storage version if none is named. */
  resourceOfKind(groupKind: GroupKind, version?: string): ServedResource | undefined {
    const kind = this.kind(groupKind);
    if (kind === undefined) return undefined;
    const name = version ?? storageVersionOf(kind).name;
    return this.resource(kind.group, name, kind.plural);
  }

  /** Every kind, ordered by group and plural. */
  all(): readonly KindDefinition[] {
    return [...this.#kinds.values()].sort((one, other) =>
      one.group === other.group ? compareText(one.plural, other.plural) : compareText(one.group, other.group),
    );
  }

  /** Group names in order, each with its served versions, the preferred one first. */
  groups(): ReadonlyMap<string, readonly string[]> {
    const groups = new Map<string, Set<string>>();
    for (const { kind, version } of this.#resources.values()) {
      const versions = groups.get(kind.group) ?? new Set();
      groups.set(kind.group, versions.add(version.name));
    }
    const ordered = [...groups].sort(([one], [other]) => compareText(one, other));
    return new Map(ordered.map(([group, versions]) => [group, [...versions].sort(compareVersions)]));
  }

  /** The resources of one group and version, ordered by plural. */
  resourcesIn(group: string, version: string): readonly ServedResource[] {
    return [...this.#resources.values()]
      .filter(({ kind, version: { name } }) => kind.group === group && name === version)
      .sort((one, other) => compareText(one.kind.plural, other.kind.plural));
  }

  #index(): void {
    this.#generation++;
    this.#resources.clear();
    for (const kind of this.#kinds.values()) {
      for (const version of kind.versions.filter(({ served }) => served)) {
        const apiVersion = apiVersionOf(kind.group, version.name);
        this.#resources.set(`${kind.group}/${version.name}/${kind.plural}`, { kind, version, apiVersion });
      }
    }
  }
}

/** The version in which objects of the kind are stored. */
export function storageVersionOf(kind: KindDefinition): VersionDefinition {
  const version = kind.versions.find(({ storage }) => storage) ?? kind.versions[0];
  if (version === undefined) throw new Error(`The kind ${kindKey(kind)} has no version.`);
  return version;
}

function compareText(one: string, other: string): number {
  return one < other ? -1 : Number(one > other);
}
