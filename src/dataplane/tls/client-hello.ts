/** What a connection's first bytes say: enough to choose a listener before any TLS library sees them. */
export type ClientHello =
  | {
      readonly type: 'Complete' /** Lower case, no trailing dot; absent: the client named no server. */;
      readonly serverName?: string;
    }
  | { readonly type: 'Incomplete' }
  | { readonly type: 'Malformed' };

/** A ClientHello with large post-quantum keys and many extensions stays far below. */
const MAX_HELLO_BYTES = 65_536;
const MAX_RECORD_BYTES = 16_384;
const HANDSHAKE = 22;
const CLIENT_HELLO = 1;
const SERVER_NAME = 0;
const HOST_NAME = 0;
const RANDOM_BYTES = 32;
const SERVER_NAME_PATTERN = /^[a-z0-9_](?:[a-z0-9_.-]{0,252}[a-z0-9_])?$/;

const INCOMPLETE: ClientHello = { type: 'Incomplete' };
const MALFORMED: ClientHello = { type: 'Malformed' };

/** Reads the ClientHello at the start of `bytes` (RFC 8446 section 4.1.2), which may be spread over several records. */
export function parseClientHello(bytes: Buffer): ClientHello {
  const handshake = joinRecords(bytes);
  if (typeof handshake === 'string') return handshake === 'Incomplete' ? INCOMPLETE : MALFORMED;
  if (handshake.length < 4) return INCOMPLETE;
  const length = handshake.readUIntBE(1, 3);
  if (handshake[0] !== CLIENT_HELLO || length > MAX_HELLO_BYTES) return MALFORMED;
  if (handshake.length < 4 + length) return INCOMPLETE;
  try {
    return readHello(new Reader(handshake.subarray(4, 4 + length)));
  } catch (error) {
    // A length that points beyond its container.
    if (error instanceof RangeError) return MALFORMED;
    throw error;
  }
}

/** The handshake bytes of the whole and broken-off records that are there. */
function joinRecords(bytes: Buffer): Buffer | 'Incomplete' | 'Malformed' {
  const fragments: Buffer[] = [];
  let at = 0;
  while (at < bytes.length) {
    if (bytes[at] !== HANDSHAKE || (at + 1 < bytes.length && bytes[at + 1] !== 3)) return 'Malformed';
    if (at + 5 > bytes.length) break;
    const length = bytes.readUInt16BE(at + 3);
    if (length === 0 || length > MAX_RECORD_BYTES) return 'Malformed';
    fragments.push(bytes.subarray(at + 5, at + 5 + length));
    at += 5 + length;
    if (isWhole(fragments)) break;
  }
  return fragments.length === 0 ? 'Incomplete' : Buffer.concat(fragments);
}

/** What follows the hello is not ours to judge. */
function isWhole(fragments: readonly Buffer[]): boolean {
  const head = fragments.length === 1 ? fragments[0] : Buffer.concat(fragments);
  return head !== undefined && head.length >= 4 && head.length >= 4 + head.readUIntBE(1, 3);
}

/** Takes one thing after the other; throws a RangeError where there is none. */
class Reader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  get isAtEnd(): boolean {
    return this.#at === this.#bytes.length;
  }

  integer(size: 1 | 2): number {
    const value = this.#bytes.readUIntBE(this.#at, size);
    this.#at += size;
    return value;
  }

  take(length: number): Buffer {
    if (this.#at + length > this.#bytes.length) throw new RangeError('A length points beyond the message.');
    this.#at += length;
    return this.#bytes.subarray(this.#at - length, this.#at);
  }

  /** A vector with its length before it. */
  vector(lengthSize: 1 | 2): Reader {
    return new Reader(this.take(this.integer(lengthSize)));
  }

  rest(): Buffer {
    return this.take(this.#bytes.length - this.#at);
  }
}

function readHello(hello: Reader): ClientHello {
  hello.take(2 + RANDOM_BYTES);
  hello.vector(1);
  hello.vector(2);
  hello.vector(1);
  if (hello.isAtEnd) return { type: 'Complete' };
  const extensions = hello.vector(2);
  if (!hello.isAtEnd) return MALFORMED;
  while (!extensions.isAtEnd) {
    const type = extensions.integer(2);
    const extension = extensions.vector(2);
    if (type === SERVER_NAME) return readServerName(extension);
  }
  return { type: 'Complete' };
}

function readServerName(extension: Reader): ClientHello {
  const names = extension.vector(2);
  if (!extension.isAtEnd || names.integer(1) !== HOST_NAME) return MALFORMED;
  const name = names.vector(2).rest().toString('latin1').toLowerCase();
  const serverName = name.endsWith('.') ? name.slice(0, -1) : name;
  return names.isAtEnd && SERVER_NAME_PATTERN.test(serverName) ? { type: 'Complete', serverName } : MALFORMED;
}
