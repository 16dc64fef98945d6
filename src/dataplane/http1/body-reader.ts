import { ChunkedReader } from './chunked-reader.ts';

/** How the end of a body is known (RFC 9112 section 6.3). */
export type BodyFraming =
  | { readonly type: 'None' }
  | { readonly type: 'Length'; readonly bytes: number }
  | { readonly type: 'Chunked' }
  /** Answers only. */
  | { readonly type: 'UntilClose' };

export const NO_BODY: BodyFraming = { type: 'None' };
export const CHUNKED_BODY: BodyFraming = { type: 'Chunked' };
export const BODY_UNTIL_CLOSE: BodyFraming = { type: 'UntilClose' };

/** Follows the body of one message after the other on a connection. */
export class BodyReader {
  readonly #chunked = new ChunkedReader();
  #type: BodyFraming['type'] = 'None';
  #remaining = 0;
  isComplete = true;

  start(framing: BodyFraming): void {
    this.#type = framing.type;
    this.#remaining = framing.type === 'Length' ? framing.bytes : 0;
    this.isComplete = framing.type === 'None' || (framing.type === 'Length' && framing.bytes === 0);
    if (framing.type === 'Chunked') this.#chunked.reset();
  }

  get isChunked(): boolean {
    return this.#type === 'Chunked';
  }

  /**
   * Returns the index after the last byte of the body in `bytes`, or -1 if its framing is malformed. For a chunked body,
   * `onData` gets the spans of payload.
   */
  read(bytes: Uint8Array, from: number, to: number, onData?: (from: number, to: number) => void): number {
    if (this.isComplete) return from;
    if (this.#type === 'UntilClose') return to;
    if (this.#type === 'Chunked') {
      const end = this.#chunked.read(bytes, from, to, onData);
      this.isComplete = this.#chunked.isDone;
      return end;
    }
    const end = Math.min(to, from + this.#remaining);
    this.#remaining -= end - from;
    this.isComplete = this.#remaining === 0;
    return end;
  }

  /** The connection ended: whether the body is whole. */
  end(): boolean {
    if (this.#type === 'UntilClose') this.isComplete = true;
    return this.isComplete;
  }
}
