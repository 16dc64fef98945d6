/**
 * Who refers to what, in both directions. What is referred to need not exist: whoever looked for something in vain is
 * found when it appears.
 */
export class ReferenceIndex {
  readonly #references = new Map<string, ReadonlySet<string>>();
  readonly #referrers = new Map<string, Set<string>>();

  /** Sets all that `referrer` refers to, replacing what it referred to before; an empty set forgets it. */
  replace(referrer: string, references: ReadonlySet<string>): void {
    for (const gone of this.referencesOf(referrer)) if (!references.has(gone)) this.#remove(gone, referrer);
    for (const reference of references) this.#add(reference, referrer);
    if (references.size === 0) this.#references.delete(referrer);
    else this.#references.set(referrer, references);
  }

  referencesOf(referrer: string): ReadonlySet<string> {
    return this.#references.get(referrer) ?? NONE;
  }

  referrersOf(reference: string): ReadonlySet<string> {
    return this.#referrers.get(reference) ?? NONE;
  }

  #add(reference: string, referrer: string): void {
    const known = this.#referrers.get(reference);
    if (known === undefined) this.#referrers.set(reference, new Set([referrer]));
    else known.add(referrer);
  }

  #remove(reference: string, referrer: string): void {
    const known = this.#referrers.get(reference);
    known?.delete(referrer);
    if (known?.size === 0) this.#referrers.delete(reference);
  }
}

const NONE: ReadonlySet<string> = new Set();
