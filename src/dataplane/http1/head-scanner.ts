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

type State =
  | 'Start'
  | 'StartCr'
  | 'StartLine'
  | 'StartLineCr'
  | 'FieldStart'
  | 'Name'
  | 'ValueStart'
  | 'Value'
  | 'ValueCr'
  | 'EndCr';

/**
 * Finds the lines of a message head, byte by byte and strictly, and remembers where names and values are. One pass over
 * the bytes does what `indexOf`, `split` and a check for forbidden bytes would do in several; a head that comes in pieces
 * is scanned on where it stopped. A token before the colon leaves no room for obs-fold or space before the colon.
 */
export class HeadScanner {
  /** Offsets from the first byte of the head; valid after `Complete`, up to `count` and until `reset`. */
  readonly nameStarts: number[] = [];
  readonly nameEnds: number[] = [];
  readonly valueStarts: number[] = [];
  readonly valueEnds: number[] = [];
  count = 0;
  /** Where the start line begins: an empty line may come before it. */
  startLineStart = 0;
  startLineEnd = 0;
  /** The offset after the empty line. */
  headEnd = 0;
  #position = 0;
  #state: State = 'Start';
  readonly #limits: HeadLimits;

  constructor(limits: HeadLimits = HEAD_LIMITS) {
    this.#limits = limits;
  }

  reset(): void {
    this.count = 0;
    this.startLineStart = 0;
    this.#position = 0;
    this.#state = 'Start';
  }

  /** Whether any byte of a head was seen since `reset`. */
  get hasBegun(): boolean {
    return this.#position > 0;
  }

  /** Scans `bytes` from `base`, where the head begins, to `to`. Called again with more bytes behind the same ones. */
  scan(bytes: Uint8Array, base: number, to: number): ScanResult {
    const end = Math.min(to, base + this.#limits.maxHeadBytes);
    let at = base + this.#position;
    while (at < end) {
      switch (this.#state) {
        case 'StartLine':
          at = this.#scanStartLine(bytes, at, end);
          if (at - base - this.startLineStart > this.#limits.maxStartLineBytes) return 'StartLineTooLong';
          if (at < end && !this.#endStartLine(bytes, at++, base)) return 'Malformed';
          break;
        case 'Name':
          while (at < end && TOKEN[bytes[at] ?? 0] === 1) at++;
          if (at < end && !this.#endName(bytes, at++, base)) return 'Malformed';
          break;
        case 'Value':
          at = scanValue(bytes, at, end);
          if (at < end && !this.#endValue(bytes, at++, base)) return 'Malformed';
          break;
        case 'FieldStart':
          if (bytes[at] === CR) {
            this.#state = 'EndCr';
            at++;
            break;
          }
          if (this.count === this.#limits.maxFields) return 'HeadTooLarge';
          if (TOKEN[bytes[at] ?? 0] === 0) return 'Malformed';
          this.nameStarts[this.count] = at - base;
          this.#state = 'Name';
          break;
        case 'EndCr':
          if (bytes[at] !== LF) return 'Malformed';
          this.headEnd = at + 1 - base;
          this.#position = this.headEnd;
          return 'Complete';
        default:
          if (!this.#step(bytes[at] ?? 0, at - base)) return 'Malformed';
          if (!this.#isTextNext()) at++;
      }
    }
    this.#position = at - base;
    return this.#position >= this.#limits.maxHeadBytes ? 'HeadTooLarge' : 'Incomplete';
  }

  #scanStartLine(bytes: Uint8Array, from: number, end: number): number {
    let at = from;
    for (let byte = bytes[at] ?? 0; at < end && byte >= SPACE && byte !== DELETE; byte = bytes[at] ?? 0) at++;
    return at;
  }

  #endStartLine(bytes: Uint8Array, at: number, base: number): boolean {
    this.startLineEnd = at - base;
    this.#state = 'StartLineCr';
    return bytes[at] === CR;
  }

  #endName(bytes: Uint8Array, at: number, base: number): boolean {
    this.nameEnds[this.count] = at - base;
    this.#state = 'ValueStart';
    return bytes[at] === COLON;
  }

  #endValue(bytes: Uint8Array, at: number, base: number): boolean {
    const start = this.valueStarts[this.count] ?? 0;
    let end = at;
    while (end > base + start && isBlank(bytes[end - 1])) end--;
    this.valueEnds[this.count] = end - base;
    this.count += 1;
    this.#state = 'ValueCr';
    return bytes[at] === CR;
  }

  #isTextNext(): boolean {
    return this.#state === 'Value' || this.#state === 'StartLine';
  }

  /** The states that last for one byte. `Value` and `StartLine` are entered without taking the byte. */
  #step(byte: number, offset: number): boolean {
    switch (this.#state) {
      case 'Start':
        // RFC 9112 section 2.2: a server ignores at least one empty line before the request line.
        if (byte === CR && this.startLineStart === 0) {
          this.#state = 'StartCr';
          return true;
        }
        this.startLineStart = offset;
        this.#state = 'StartLine';
        return byte > SPACE;
      case 'StartCr':
        this.startLineStart = offset + 1;
        this.#state = 'Start';
        return byte === LF;
      case 'StartLineCr':
      case 'ValueCr':
        this.#state = 'FieldStart';
        return byte === LF;
      default:
        if (byte === SPACE || byte === TAB) return true;
        this.valueStarts[this.count] = offset;
        this.#state = 'Value';
        return true;
    }
  }
}

function scanValue(bytes: Uint8Array, from: number, end: number): number {
  let at = from;
  while (at < end) {
    const byte = bytes[at] ?? 0;
    if ((byte < SPACE && byte !== TAB) || byte === DELETE) break;
    at++;
  }
  return at;
}

function isBlank(byte: number | undefined): boolean {
  return byte === SPACE || byte === TAB;
}
