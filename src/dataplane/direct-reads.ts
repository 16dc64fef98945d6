import { type OnReadOpts, Socket, type SocketConstructorOpts } from 'node:net';

/** Who reads a socket's bytes without its stream. */
export interface DirectReader {
  /** Where the next read goes; asked before the first one and after each. */
  nextBuffer(): Buffer;
  /** @param buffer Where the bytes are; they are valid during the call only if that is used again. */
  onRead(bytes: number, buffer: Buffer): void;
}

/**
 * Makes a connection that was accepted read straight into buffers of its reader's, as the documented option `onread` does
 * for connections that are opened: `net.Server` and TLS have no such option. It saves an allocation of 64 KiB, a stream's
 * bookkeeping and an event for each read. What a socket needs for it is found by looking at one that was made with the
 * option. Pausing, resuming and `end` work as before. `false`: this Node does it another way, and nothing was changed.
 */
export function readDirectly(socket: Socket, reader: DirectReader): boolean {
  const handle: unknown = Reflect.get(socket, '_handle');
  if (SLOTS === undefined || !isBufferedHandle(handle)) return false;
  const first = reader.nextBuffer();
  Reflect.set(socket, SLOTS.buffer, first);
  Reflect.set(socket, SLOTS.nextBuffer, () => reader.nextBuffer());
  Reflect.set(socket, SLOTS.onRead, (bytes: number, buffer: Buffer) => reader.onRead(bytes, buffer));
  handle.useUserBuffer(first);
  return true;
}

interface BufferedHandle {
  useUserBuffer(buffer: Buffer): void;
}

function isBufferedHandle(handle: unknown): handle is BufferedHandle {
  return typeof handle === 'object' && handle !== null && typeof Reflect.get(handle, 'useUserBuffer') === 'function';
}

interface Slots {
  readonly buffer: symbol;
  readonly nextBuffer: symbol;
  readonly onRead: symbol;
}

/** Where a socket keeps its `onread` option. */
const SLOTS = findSlots();

function findSlots(): Slots | undefined {
  const bytes = new Uint8Array(1);
  const nextBuffer = (): Uint8Array => bytes;
  const callback = (): boolean => true;
  const buffer = slotOf({ buffer: bytes, callback }, bytes);
  const next = slotOf({ buffer: nextBuffer, callback }, nextBuffer);
  const onRead = slotOf({ buffer: nextBuffer, callback }, callback);
  return buffer && next && onRead && { buffer, nextBuffer: next, onRead };
}

function slotOf(onread: OnReadOpts, value: unknown): symbol | undefined {
  // The option is documented for `connect`, and the constructor is where `connect` passes it to.
  const options: SocketConstructorOpts & { readonly onread: OnReadOpts } = { onread };
  const probe = new Socket(options);
  return Object.getOwnPropertySymbols(probe).find((symbol) => Reflect.get(probe, symbol) === value);
}
