import type { KubeObject, ObjectRef } from '../api/object.ts';
import { objectKey } from '../api/object.ts';
import type { ObjectIndex } from './object-index.ts';
import { ReferenceIndex } from './reference-index.ts';
import { reuse } from './structural-sharing.ts';

/**
 * Values derived from objects and from each other. Meaning is "derive everything anew"; each derivation's look-ups are
 * recorded, also those of things that do not exist, so that after a change only what has looked at it is derived again.
 * A value that comes out as before ends the chain.
 */

/** How derivations look things up; each look-up is a dependency. */
export interface Lookup {
  object(ref: ObjectRef): KubeObject | undefined;
  /** The objects under a topic, ordered. */
  under(topic: string): readonly KubeObject[];
  /** A value of a table that comes before the reader's own. */
  derived<T>(table: DerivedTable<T>, name: string): T | undefined;
  /** Something outside: whoever changes it calls `Derivations.touch` with the same name. */
  note(fact: string): void;
}

/** The values of one kind, by name. Undefined results are not kept. */
export class DerivedTable<T> {
  readonly name: string;
  readonly values = new Map<string, T>();
  readonly #derive: (name: string, lookup: Lookup) => T | undefined;

  constructor(name: string, derive: (name: string, lookup: Lookup) => T | undefined) {
    this.name = name;
    this.#derive = derive;
  }

  /** Derives one value; true if it differs from before. Parts that are as before keep their identity. */
  refresh(name: string, lookup: Lookup): boolean {
    const previous = this.values.get(name);
    const derived = this.#derive(name, lookup);
    const next = derived === undefined ? undefined : reuse(previous, derived);
    if (next === previous) return false;
    if (next === undefined) this.values.delete(name);
    else this.values.set(name, next);
    return true;
  }
}

/** The dependency on an object, on a topic, on a derived value. */
export const dependency = {
  object: (ref: ObjectRef): string => `object ${objectKey(ref)}`,
  topic: (topic: string): string => `topic ${topic}`,
  derived: (table: string, name: string): string => `${table}|${name}`,
  fact: (fact: string): string => `fact ${fact}`,
};

/** Tables in an order in which each reads only those before it, and what is to be derived anew in them. */
export class Derivations {
  readonly #objects: ObjectIndex;
  readonly #references = new ReferenceIndex();
  readonly #dirty = new Map<string, Set<string>>();

  constructor(objects: ObjectIndex) {
    this.#objects = objects;
  }

  /** Has the value derived at the next `refresh` of its table, whatever it depends on. */
  mark(table: string, name: string): void {
    const names = this.#dirty.get(table);
    if (names === undefined) this.#dirty.set(table, new Set([name]));
    else names.add(name);
  }

  /** Marks all that has looked at a thing which has changed, appeared or gone. */
  touch(changed: string): void {
    for (const reader of this.#references.referrersOf(changed)) {
      const bar = reader.indexOf('|');
      this.mark(reader.slice(0, bar), reader.slice(bar + 1));
    }
  }

  /** Derives what is marked in one table; returns the names of the values that differ from before. */
  refresh<T>(table: DerivedTable<T>): readonly string[] {
    const names = this.#dirty.get(table.name) ?? [];
    this.#dirty.delete(table.name);
    const changed: string[] = [];
    for (const name of names) {
      const self = dependency.derived(table.name, name);
      const seen = new Set<string>();
      if (table.refresh(name, this.#lookup(seen))) {
        changed.push(name);
        this.touch(self);
      }
      this.#references.replace(self, seen);
    }
    return changed;
  }

  /** Drops a value that nobody asks for any more. */
  drop<T>(table: DerivedTable<T>, name: string): void {
    table.values.delete(name);
    this.#references.replace(dependency.derived(table.name, name), new Set());
    this.#dirty.get(table.name)?.delete(name);
  }

  #lookup(seen: Set<string>): Lookup {
    return {
      object: (ref) => {
        seen.add(dependency.object(ref));
        return this.#objects.get(ref);
      },
      under: (topic) => {
        seen.add(dependency.topic(topic));
        return this.#objects.under(topic);
      },
      derived: (table, name) => {
        seen.add(dependency.derived(table.name, name));
        return table.values.get(name);
      },
      note: (fact) => void seen.add(dependency.fact(fact)),
    };
  }
}
