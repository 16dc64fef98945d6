/** The part of a request's body that came so far, kept while it is short enough to be sent again. */
export class ReplayBuffer {
  readonly #maxBytes: number;
  #chunks: Buffer[] | undefined = [];
  #bytes = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** Whether nothing was lost. */
  get isWhole(): boolean {
    return this.#chunks !== undefined;
  }

  /** Whether more bytes than the bound are held: their source should wait. */
  get isFull(): boolean {
    return this.#bytes > this.#maxBytes;
  }

  /** @param isSent The bytes are on their way already: they need not be kept beyond the bound. */
  push(chunk: Buffer, isSent: boolean): void {
    if (this.#chunks === undefined) return;
    this.#bytes += chunk.length;
    this.#chunks.push(chunk);
    if (isSent) this.trim();
  }

  /** What is held, to be sent from the start. */
  chunks(): readonly Buffer[] {
    return this.#chunks ?? [];
  }

  /** All that is held is sent: beyond the bound it is dropped, and the request cannot be sent again. */
  trim(): void {
    if (this.isFull) this.drop();
  }

  /** An answer is on its way: the request will not be sent again. */
  drop(): void {
    this.#chunks = undefined;
    this.#bytes = 0;
  }
}
