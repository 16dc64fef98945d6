import net from 'node:net';
import type { Socket } from 'node:net';
import { getSystemErrorName } from 'node:util';
import type { SocketId } from './protocol.ts';

/** A bound TCP socket that nobody accepts on in this process. It is sent to workers, which listen on it. */
export interface SocketHandle {
  getsockname(out: object): number;
  close(): void;
}

/** What became of an attempt to bind: `code` as in `EADDRINUSE`. */
export type BindResult = { readonly type: 'Bound' } | { readonly type: 'Failed'; readonly code: string };

/** `net._createServerHandle` of Node: a handle, or a negative error number. */
type CreateServerHandle = (address: string, port: number, family: 4 | 6) => SocketHandle | number;

/**
 * Holds the listening sockets of all workers. A `net.Server` that is passed to children goes on accepting here, so the
 * sockets are bound without a server: connections wait in the kernel's queue while a worker restarts, and none is
 * served by the supervisor.
 */
export class SocketBroker {
  readonly #handles = new Map<SocketId, SocketHandle>();
  readonly #createHandle = findCreateServerHandle();

  /** Binds `address:port` under the name `socket`. Binding twice is one binding. */
  open(socket: SocketId, address: string, port: number): BindResult {
    if (this.#handles.has(socket)) return { type: 'Bound' };
    const handle = this.#createHandle(address, port, net.isIPv6(address) ? 6 : 4);
    if (typeof handle === 'number') return { type: 'Failed', code: getSystemErrorName(handle) };
    // libuv keeps EADDRINUSE of bind back until the socket is used.
    const error = handle.getsockname({});
    if (error !== 0) {
      handle.close();
      return { type: 'Failed', code: getSystemErrorName(error) };
    }
    this.#handles.set(socket, handle);
    return { type: 'Bound' };
  }

  /** The handle to send to a worker; undefined if the socket is not open. */
  handle(socket: SocketId): SocketHandle | undefined {
    return this.#handles.get(socket);
  }

  /** The open sockets. */
  get handles(): ReadonlyMap<SocketId, SocketHandle> {
    return this.#handles;
  }

  /** Gives a socket up. The port is free once the workers have closed it as well. */
  close(socket: SocketId): void {
    this.#handles.get(socket)?.close();
    this.#handles.delete(socket);
  }

  /** Gives all sockets up. */
  closeAll(): void {
    for (const socket of this.#handles.keys()) this.close(socket);
  }
}

/** The name of a socket: `127.0.0.2:80`, `[::1]:80`. */
export function socketId(address: string, port: number): SocketId {
  return net.isIPv6(address) ? `[${address}]:${port}` : `${address}:${port}`;
}

/**
 * Node's own `cluster` module makes its shared handles with this function. It is not documented, so its absence is told
 * clearly instead of failing at the first listener.
 */
function findCreateServerHandle(): CreateServerHandle {
  const create: unknown = Reflect.get(net, '_createServerHandle');
  if (typeof create !== 'function') {
    throw new Error(
      `Node ${process.version} cannot share sockets with workers: net._createServerHandle is missing. Run Sallyport with Node 20, 22 or 24.`,
    );
  }
  return create as CreateServerHandle;
}

/** `ChildProcess.send` takes raw handles too, but is typed for sockets and servers only. */
export function asSendHandle(handle: SocketHandle): Socket {
  return handle as unknown as Socket;
}
