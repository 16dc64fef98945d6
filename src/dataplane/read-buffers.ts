/** Read into by all connections in turn: what outlives a read is copied from here. */
const COMMON = Buffer.allocUnsafeSlow(65_536);
/** With reads of this size a body of a mebibyte costs half as much as with `COMMON`, as less is called and nothing copied. */
const LARGE_BYTES = 262_144;
/** So many large ones exist at most; connections that find none go on with `COMMON`. */
const MAX_LARGE = 32;

const spare: Buffer[] = [];
let largeCount = 0;

/**
 * Where one connection reads to. All read into the same bytes, so that no buffer is allocated for a read and no stream run
 * for it, which saves 2 to 4 microseconds a request. A read of a body that fills them says that much more is to come: then
 * the connection has a large buffer of its own for as long as its reads are large, whose bytes are passed on without a copy.
 */
export class ReadBuffers {
  #large: Buffer | undefined;
  #isLent = false;

  /** Where the next read goes. @param bytes What the read before brought. @param isInBody It was of a body that goes on. */
  next(bytes: number, isInBody: boolean): Buffer {
    if (!isInBody || bytes < COMMON.length) this.release();
    else this.#large ??= takeLarge();
    return this.#large === undefined || this.#isLent ? COMMON : this.#large;
  }

  /** @param isInUse What was passed on has not been written yet: no read may go there. */
  lend(isInUse: boolean): void {
    this.#isLent = isInUse;
  }

  /** Gives the large buffer back, or leaves it to those who still write it. */
  release(): void {
    if (this.#large === undefined) return;
    if (this.#isLent) largeCount -= 1;
    else spare.push(this.#large);
    this.#large = undefined;
    this.#isLent = false;
  }
}

/** Whether the next read of any connection may overwrite these bytes: to be kept they are copied. */
export function isCommon(bytes: Buffer): boolean {
  return bytes.buffer === COMMON.buffer;
}

function takeLarge(): Buffer | undefined {
  const buffer = spare.pop();
  if (buffer !== undefined || largeCount === MAX_LARGE) return buffer;
  largeCount += 1;
  return Buffer.allocUnsafeSlow(LARGE_BYTES);
}
