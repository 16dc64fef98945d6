const TAB = 0x09;
const LF = 0x0a;
const CR = 0x0d;
const SPACE = 0x20;
const SEMICOLON = 0x3b;
const DELETE = 0x7f;

/** Hexadecimal digits of a chunk size: 13 digits stay below 2^53. */
const MAX_SIZE_DIGITS = 13;
/** Bytes of all extensions of one chunk. */
const MAX_EXTENSION_BYTES = 256;
/** Bytes of the trailer section. */
const MAX_TRAILER_BYTES = 16_384;

/** Fields that must not come in trailers because they steer framing, routing or one connection (RFC 9110 section 6.5.1). */
const FORBIDDEN_TRAILERS = new Set([
  'content-length',
  'transfer-encoding',
  'host',
  'connection',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'upgrade',
  'expect',
  'authorization',
  'content-encoding',
  'content-type',
  'content-range',
]);
const TRAILER_LINE = /^([!#$%&'*+\-.^_`|~0-9A-Za-z]+):[\t\x20-\x7e\x80-\xff]*$/;

type State =
  | 'Size'
  | 'Extension'
  | 'SizeLf'
  | 'Data'
  | 'DataCr'
  | 'DataLf'
  | 'Trailer'
  | 'TrailerLf'
  | 'Done'
  | 'Malformed';

/**
 * Follows a chunked body and finds its end, strictly: what it lets pass may be forwarded byte for byte, because no
 * parser can read it otherwise. Nothing is copied.
 */
export class ChunkedReader {
  #state: State = 'Size';
  #remaining = 0;
  #digits = 0;
  #extensionBytes = 0;
  #trailerBytes = 0;
  #line = '';

  reset(): void {
    this.#state = 'Size';
    this.#remaining = 0;
    this.#digits = 0;
    this.#extensionBytes = 0;
    this.#trailerBytes = 0;
    this.#line = '';
  }

  get isDone(): boolean {
    return this.#state === 'Done';
  }

  /**
   * Reads on and returns the index after the last byte that belongs to the body, or -1 if it is malformed. `onData` gets
   * the spans of payload.
   */
  read(bytes: Uint8Array, from: number, to: number, onData?: (from: number, to: number) => void): number {
    let at = from;
    while (at < to && this.#state !== 'Done') {
      if (this.#state === 'Data') {
        const end = Math.min(to, at + this.#remaining);
        onData?.(at, end);
        this.#remaining -= end - at;
        at = end;
        if (this.#remaining === 0) this.#state = 'DataCr';
        continue;
      }
      this.#state = this.#step(bytes[at] ?? 0);
      if (this.#state === 'Malformed') return -1;
      at++;
    }
    return at;
  }

  #step(byte: number): State {
    switch (this.#state) {
      case 'Size':
        return this.#size(byte);
      case 'Extension':
        if (byte === CR) return 'SizeLf';
        this.#extensionBytes += 1;
        return isText(byte) && this.#extensionBytes <= MAX_EXTENSION_BYTES ? 'Extension' : 'Malformed';
      case 'SizeLf':
        return byte === LF ? this.#afterSize() : 'Malformed';
      case 'DataCr':
        return byte === CR ? 'DataLf' : 'Malformed';
      case 'DataLf':
        this.#digits = 0;
        return byte === LF ? 'Size' : 'Malformed';
      case 'Trailer':
        return this.#trailer(byte);
      case 'TrailerLf':
        return byte === LF ? this.#endTrailer() : 'Malformed';
      default:
        return 'Malformed';
    }
  }

  #size(byte: number): State {
    const digit = hexDigit(byte);
    if (digit >= 0) {
      if (this.#digits === MAX_SIZE_DIGITS) return 'Malformed';
      this.#remaining = this.#digits === 0 ? digit : this.#remaining * 16 + digit;
      this.#digits += 1;
      return 'Size';
    }
    if (this.#digits === 0) return 'Malformed';
    if (byte === CR) return 'SizeLf';
    this.#extensionBytes = 0;
    return byte === SEMICOLON ? 'Extension' : 'Malformed';
  }

  #afterSize(): State {
    return this.#remaining > 0 ? 'Data' : 'Trailer';
  }

  #trailer(byte: number): State {
    if (byte === CR) return 'TrailerLf';
    this.#trailerBytes += 1;
    if (!isText(byte) || this.#trailerBytes > MAX_TRAILER_BYTES) return 'Malformed';
    this.#line += String.fromCharCode(byte);
    return 'Trailer';
  }

  #endTrailer(): State {
    if (this.#line === '') return 'Done';
    const name = TRAILER_LINE.exec(this.#line)?.[1];
    this.#line = '';
    return name !== undefined && !FORBIDDEN_TRAILERS.has(name.toLowerCase()) ? 'Trailer' : 'Malformed';
  }
}

function hexDigit(byte: number): number {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  const lower = byte | 0x20;
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : -1;
}

function isText(byte: number): boolean {
  return byte === TAB || (byte >= SPACE && byte !== DELETE);
}
