/** Work that follows from a write: done in order, after the writer has its result and before new requests are read. */
export class WorkQueue {
  #isClosed = false;

  /** Calls `run` soon; never while the caller is still running. */
  add(run: () => void): void {
    queueMicrotask(() => {
      if (!this.#isClosed) run();
    });
  }

  /** Drops what is not begun. */
  close(): void {
    this.#isClosed = true;
  }
}
