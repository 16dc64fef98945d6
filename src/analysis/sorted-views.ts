/** Values in order of their keys. A change costs one binary search; a list is copied at most once between two changes. */
export class SortedViews<T> {
  readonly #keys: string[] = [];
  readonly #views: T[] = [];
  #list: readonly T[] | undefined;

  /** The views in order. The list does not change when a view does. */
  list(): readonly T[] {
    this.#list ??= this.#views.slice();
    return this.#list;
  }

  get(key: string): T | undefined {
    const at = this.#position(key);
    return this.#keys[at] === key ? this.#views[at] : undefined;
  }

  /** Replaces the view of that key; undefined takes it out. */
  set(key: string, view: T | undefined): void {
    const at = this.#position(key);
    const found = this.#keys[at] === key ? 1 : 0;
    this.#list = undefined;
    if (view === undefined) {
      this.#keys.splice(at, found);
      this.#views.splice(at, found);
      return;
    }
    this.#keys.splice(at, found, key);
    this.#views.splice(at, found, view);
  }

  #position(key: string): number {
    let low = 0;
    let high = this.#keys.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#keys[middle] ?? '') < key) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
