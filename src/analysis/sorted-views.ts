import { compareText } from '../lib/comparator.ts';
import { lowerBound } from '../lib/sorted-array.ts';

/** Values in order of their keys. A change costs a binary search; a list is copied at most once between two changes. */
export class SortedViews<T> {
  readonly #keys: string[] = [];
  readonly #views: T[] = [];
  #list: readonly T[] | undefined;

  /** The views in order. The list does not change when a view does. */
  list(): readonly T[] {
    this.#list ??= this.#views.slice();
    return this.#list;
  }

  /** The view of that key. */
  get(key: string): T | undefined {
    const at = lowerBound(this.#keys, key, compareText);
    return this.#keys[at] === key ? this.#views[at] : undefined;
  }

  /** Replaces the view of that key; undefined takes it out. */
  set(key: string, view: T | undefined): void {
    const at = lowerBound(this.#keys, key, compareText);
    const replaced = this.#keys[at] === key ? 1 : 0;
    this.#list = undefined;
    if (view === undefined) {
      this.#keys.splice(at, replaced);
      this.#views.splice(at, replaced);
    } else {
      this.#keys.splice(at, replaced, key);
      this.#views.splice(at, replaced, view);
    }
  }
}
