/**
 * Values by hostname: exact names, wildcards (`*.suffix` stands for one or more labels, never for the suffix itself) and
 * `*` for every host. A search goes from the most to the least specific and costs as much as the host has labels.
 */
export class HostnameIndex<T> {
  readonly #exact = new Map<string, T>();
  /** By the suffix with its leading dot. */
  readonly #wildcards = new Map<string, T>();
  #any: T | undefined;
  /** An upper bound, so that a host of a thousand labels costs no thousand look-ups. */
  #longestSuffix = 0;

  /** The value set for exactly this hostname, wildcards as written. */
  get(hostname: string): T | undefined {
    if (hostname === '*') return this.#any;
    return hostname.startsWith('*.') ? this.#wildcards.get(hostname.slice(1)) : this.#exact.get(hostname);
  }

  set(hostname: string, value: T): void {
    if (hostname === '*') {
      this.#any = value;
    } else if (hostname.startsWith('*.')) {
      this.#wildcards.set(hostname.slice(1), value);
      this.#longestSuffix = Math.max(this.#longestSuffix, hostname.length - 1);
    } else {
      this.#exact.set(hostname, value);
    }
  }

  delete(hostname: string): void {
    if (hostname === '*') this.#any = undefined;
    else if (hostname.startsWith('*.')) this.#wildcards.delete(hostname.slice(1));
    else this.#exact.delete(hostname);
  }

  /**
   * Offers the values whose hostname covers `host`, the most specific first, until `accept` gives a result.
   *
   * @param context Handed to `accept`, so that a search needs no closure.
   */
  search<C, R>(host: string, context: C, accept: (value: T, context: C) => R | undefined): R | undefined {
    const exact = this.#exact.get(host);
    const found = exact === undefined ? undefined : accept(exact, context);
    if (found !== undefined) return found;
    const first = Math.max(1, host.length - this.#longestSuffix);
    for (let dot = host.indexOf('.', first); dot !== -1; dot = host.indexOf('.', dot + 1)) {
      const value = this.#wildcards.get(host.slice(dot));
      const accepted = value === undefined ? undefined : accept(value, context);
      if (accepted !== undefined) return accepted;
    }
    return this.#any === undefined ? undefined : accept(this.#any, context);
  }
}
