/** Limits of a message head; both directions. */
export interface HeadLimits {
  /** From the first byte of the start line to the empty line. */
  readonly maxHeadBytes: number;
  readonly maxFields: number;
  /** Of the start line. */
  readonly maxStartLineBytes: number;
}

export const HEAD_LIMITS: HeadLimits = { maxHeadBytes: 65_536, maxFields: 128, maxStartLineBytes: 16_384 };

/** Where a scan ended. Everything but the first two ends the connection. */
export type ScanResult = 'Complete' | 'Incomplete' | 'Malformed' | 'HeadTooLarge' | 'StartLineTooLong';

const TAB = 0x09;
const LF = 0x0a;
const CR = 0x0d;
const SPACE = 0x20;
const COLON = 0x3a;
const DELETE = 0x7f;

/** 1 for the bytes of an RFC 9110 token. */
const TOKEN = new Uint8Array(256);
for (const byte of Buffer.from("!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"))
  TOKEN[byte] = 1;

/** 1 for the bytes of a field value: everything but control bytes, tab excepted. */
const VALUE = Uint8Array.from({ length: 256 }, (_, byte) =>
  byte === TAB || (byte >= SPACE && byte !== DELETE) ? 1 : 0,
);

/**
 * Finds the lines of a message head, byte by byte and strictly, and remembers where names and values are. One pass over
 * the bytes does what `indexOf`, `split` and a check for forbidden bytes would do in several. A head that comes in pieces
 * is scanned on from the line that was broken off. A token before the colon leaves no room for obs-fold or space before
 * the colon.
 */
export class HeadScanner {
  /** Offsets from the first byte of the head; valid after `Complete`, up to `count` and until the next `scan`. */
  readonly nameStarts: number[] = [];
  readonly nameEnds: number[] = [];
  readonly valueStarts: number[] = [];
  readonly valueEnds: number[] = [];
  count = 0;
  /** Where the start line begins: an empty line may come before it. */
  startLineStart = 0;
  /** 0 until the start line is complete. */
  startLineEnd = 0;
  /** The offset after the empty line. */
  headEnd = 0;
  /** Whether any byte of a head was seen since `reset`. */
  hasBegun = false;
  /** The offset of the line to go on with. */
  #position = 0;
  readonly #limits: HeadLimits;

  constructor(limits: HeadLimits = HEAD_LIMITS) {
    this.#limits = limits;
  }

  reset(): void {
    this.count = 0;
    this.startLineStart = 0;
    this.startLineEnd = 0;
    this.hasBegun = false;
    this.#position = 0;
  }

  /** Scans `bytes` from `base`, where the head begins, to `to`. Called again with more bytes behind the same ones. */
  scan(bytes: Uint8Array, base: number, to: number): ScanResult {
    this.hasBegun = to > base;
    const end = Math.min(to, base + this.#limits.maxHeadBytes);
    if (this.startLineEnd === 0) {
      const result = this.#scanStartLine(bytes, base, end);
      if (result !== 'Complete') return result;
    }
    const result = this.#scanFields(bytes, base, end);
    return result === 'Incomplete' && end - base === this.#limits.maxHeadBytes ? 'HeadTooLarge' : result;
  }

  #scanStartLine(bytes: Uint8Array, base: number, end: number): ScanResult {
    let at = base;
    // RFC 9112 section 2.2: a server ignores at least one empty line before the request line.
    if (bytes[at] === CR) {
      if (at + 1 >= end) return 'Incomplete';
      if (bytes[at + 1] !== LF) return 'Malformed';
      at += 2;
    }
    const start = at;
    while (at < end && isStartLineByte(bytes[at] ?? 0)) at++;
    if (at - start > this.#limits.maxStartLineBytes) return 'StartLineTooLong';
    if (start < end && (bytes[start] ?? 0) <= SPACE) return 'Malformed';
    const ended = endOfLine(bytes, at, end);
    if (ended !== 'Complete') return ended;
    this.startLineStart = start - base;
    this.startLineEnd = at - base;
    this.#position = at + 2 - base;
    return 'Complete';
  }

  #scanFields(bytes: Uint8Array, base: number, end: number): ScanResult {
    let at = base + this.#position;
    for (;;) {
      const nameStart = at;
      while (at < end && TOKEN[bytes[at] ?? 0] === 1) at++;
      if (at === end) return 'Incomplete';
      if (at === nameStart) return this.#endHead(bytes, base, at, end);
      if (bytes[at] !== COLON) return 'Malformed';
      if (this.count === this.#limits.maxFields) return 'HeadTooLarge';
      const nameEnd = at;
      at++;
      while (at < end && isBlank(bytes[at])) at++;
      const valueStart = at;
      while (at < end && VALUE[bytes[at] ?? 0] === 1) at++;
      const ended = endOfLine(bytes, at, end);
      if (ended !== 'Complete') return ended;
      let valueEnd = at;
      while (valueEnd > valueStart && isBlank(bytes[valueEnd - 1])) valueEnd--;
      this.nameStarts[this.count] = nameStart - base;
      this.nameEnds[this.count] = nameEnd - base;
      this.valueStarts[this.count] = valueStart - base;
      this.valueEnds[this.count] = valueEnd - base;
      this.count += 1;
      at += 2;
      this.#position = at - base;
    }
  }

  #endHead(bytes: Uint8Array, base: number, at: number, end: number): ScanResult {
    const ended = endOfLine(bytes, at, end);
    if (ended === 'Complete') this.headEnd = at + 2 - base;
    return ended;
  }
}

function isStartLineByte(byte: number): boolean {
  return byte >= SPACE && byte !== DELETE;
}

/** Whether CR and LF are at `at`. */
function endOfLine(bytes: Uint8Array, at: number, end: number): 'Complete' | 'Incomplete' | 'Malformed' {
  if (at >= end) return 'Incomplete';
  if (bytes[at] !== CR) return 'Malformed';
  if (at + 1 >= end) return 'Incomplete';
  return bytes[at + 1] === LF ? 'Complete' : 'Malformed';
}

function isBlank(byte: number | undefined): boolean {
  return byte === SPACE || byte === TAB;
}
