import { createServer, type Server } from 'node:net';
import type { SocketId } from '../../engine/embedded/protocol.ts';
import type { HttpListenerServer } from '../proxy/http-listener-server.ts';

/** What listeners need of the rest of a worker. */
export interface ListenersOptions {
  /** Who serves the connections of a socket. */
  readonly serve: (socket: SocketId) => HttpListenerServer;
  /** Called for every connection that is accepted. */
  readonly onConnection: () => void;
}

interface Listener {
  readonly server: Server;
  readonly http: HttpListenerServer;
}

/** Connections that wait to be accepted while workers are busy or restart; the kernel's own limit may be lower. */
const BACKLOG = 4_096;
/** How long connections of a closed listener may finish what is under way. */
const CLOSED_LISTENER_GRACE_MS = 30_000;

/** The sockets that a worker accepts on. The supervisor has bound them and shares each with all workers. */
export class Listeners {
  readonly #options: ListenersOptions;
  readonly #open = new Map<SocketId, Listener>();
  /** Closed ones whose connections are not all gone. */
  readonly #draining = new Set<HttpListenerServer>();

  constructor(options: ListenersOptions) {
    this.#options = options;
  }

  /** Connections of clients that are open. */
  get connectionCount(): number {
    let count = 0;
    for (const { http } of this.#open.values()) count += http.connectionCount;
    for (const http of this.#draining) count += http.connectionCount;
    return count;
  }

  /** Accepts on a bound handle. `done` gets an error code such as `EADDRINUSE` if that is refused. */
  listen(socket: SocketId, handle: unknown, done: (error: string | undefined) => void): void {
    const http = this.#options.serve(socket);
    const server = createServer({ allowHalfOpen: true, noDelay: true }, (connection) => {
      this.#options.onConnection();
      http.onConnection(connection);
    });
    const fail = (error: NodeJS.ErrnoException) => {
      this.#open.delete(socket);
      done(error.code ?? error.message);
    };
    server.once('error', fail);
    server.listen(handle, BACKLOG, () => {
      server.off('error', fail);
      // Accepting can fail later, when file descriptors run out: the connection waits, others are served.
      server.on('error', () => undefined);
      done(undefined);
    });
    this.#open.set(socket, { server, http });
  }

  /** Stops accepting on a socket. Its connections finish what is under way. */
  async unlisten(socket: SocketId, graceMs = CLOSED_LISTENER_GRACE_MS): Promise<void> {
    const listener = this.#open.get(socket);
    if (listener === undefined) return;
    this.#open.delete(socket);
    this.#draining.add(listener.http);
    listener.server.close();
    await listener.http.drain(graceMs);
    this.#draining.delete(listener.http);
  }

  /** Stops accepting everywhere; resolves when no connection is left, at the latest after `graceMs`. */
  async drain(graceMs: number): Promise<void> {
    const earlier = [...this.#draining].map((http) => http.drain(graceMs));
    const sockets = [...this.#open.keys()].map((socket) => this.unlisten(socket, graceMs));
    await Promise.all([...sockets, ...earlier]);
  }
}
