/** One counter's value: an integer that only grows, with the labels that tell it from others of its name. */
export interface CounterSample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** Adds up counters of the same name and labels; labels are told in the same order by every worker. */
export class CounterSums {
  readonly #sums = new Map<string, { name: string; labels: Readonly<Record<string, string>>; value: number }>();

  add(samples: readonly CounterSample[]): void {
    for (const { name, labels, value } of samples) {
      const key = `${name} ${JSON.stringify(labels)}`;
      const sum = this.#sums.get(key);
      if (sum === undefined) this.#sums.set(key, { name, labels, value });
      else sum.value += value;
    }
  }

  /** The sums, in the order in which their counters first came. */
  samples(): readonly CounterSample[] {
    return [...this.#sums.values()];
  }
}
