/** Collects one answer from each of several workers. A worker that exits is not waited for. */
export class Answers<Worker, Answer> {
  readonly #waiting: Set<Worker>;
  readonly #given = new Map<Worker, Answer>();
  readonly #onChange: (answers: Answers<Worker, Answer>) => void;

  /** @param onChange Called after every answer and exit. */
  constructor(workers: Iterable<Worker>, onChange: (answers: Answers<Worker, Answer>) => void) {
    this.#waiting = new Set(workers);
    this.#onChange = onChange;
  }

  /** Nobody is waited for. */
  get complete(): boolean {
    return this.#waiting.size === 0;
  }

  /** Who has answered what. */
  get given(): ReadonlyMap<Worker, Answer> {
    return this.#given;
  }

  /** Who has not answered. */
  get waiting(): ReadonlySet<Worker> {
    return this.#waiting;
  }

  /** Waits for one more. */
  expect(worker: Worker): void {
    this.#waiting.add(worker);
  }

  answer(worker: Worker, answer: Answer): void {
    if (!this.#waiting.delete(worker)) return;
    this.#given.set(worker, answer);
    this.#onChange(this);
  }

  /** The worker is gone, its answer with it. */
  forget(worker: Worker): void {
    const had = this.#waiting.delete(worker) || this.#given.has(worker);
    this.#given.delete(worker);
    if (had) this.#onChange(this);
  }
}
