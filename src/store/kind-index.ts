import type { KubeObject } from '../api/object.ts';

/**
 * The objects of one kind, kept in order of namespace and name. A write moves memory but sorts nothing, and a list is copied
 * at most once between two writes.
 */
export class KindIndex {
  readonly #sorted: KubeObject[] = [];
  readonly #lists = new Map<string | undefined, readonly KubeObject[]>();

  /** The object of that name; `namespace` is `''` for cluster-scoped kinds. */
  get(namespace: string, name: string): KubeObject | undefined {
    const found = this.#sorted[this.#position(namespace, name)];
    return found !== undefined && compare(found, namespace, name) === 0 ? found : undefined;
  }

  /** All objects in order, or those of one namespace. The list does not change when the index does. */
  list(namespace?: string): readonly KubeObject[] {
    const cached = this.#lists.get(namespace);
    if (cached !== undefined) return cached;
    const list = namespace === undefined ? this.#sorted.slice() : this.#sorted.slice(...this.#range(namespace));
    this.#lists.set(namespace, list);
    return list;
  }

  /** Adds the object, or replaces the one of the same name. */
  put(object: KubeObject): void {
    const namespace = object.metadata.namespace ?? '';
    const position = this.#position(namespace, object.metadata.name);
    const found = this.#sorted[position];
    const replaces = found !== undefined && compare(found, namespace, object.metadata.name) === 0;
    this.#sorted.splice(position, replaces ? 1 : 0, object);
    this.#forgetLists(namespace);
  }

  /** Takes the object of that name out, if there is one. */
  remove(namespace: string, name: string): void {
    const position = this.#position(namespace, name);
    const found = this.#sorted[position];
    if (found === undefined || compare(found, namespace, name) !== 0) return;
    this.#sorted.splice(position, 1);
    this.#forgetLists(namespace);
  }

  #forgetLists(namespace: string): void {
    this.#lists.delete(undefined);
    this.#lists.delete(namespace);
  }

  #range(namespace: string): [start: number, end: number] {
    const start = this.#position(namespace, '');
    let end = start;
    while ((this.#sorted[end]?.metadata.namespace ?? '') === namespace && end < this.#sorted.length) end++;
    return [start, end];
  }

  /** Where the object of that name is, or would be inserted. */
  #position(namespace: string, name: string): number {
    let low = 0;
    let high = this.#sorted.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const candidate = this.#sorted[middle];
      if (candidate !== undefined && compare(candidate, namespace, name) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

function compare({ metadata }: KubeObject, namespace: string, name: string): number {
  const own = metadata.namespace ?? '';
  if (own !== namespace) return own < namespace ? -1 : 1;
  if (metadata.name === name) return 0;
  return metadata.name < name ? -1 : 1;
}
