import type { Socket } from 'node:net';
import type { SocketTable } from '../compiled.ts';
import type { TlsAcceptor } from '../tls/tls-acceptor.ts';
import { ClientConnection } from './client-connection.ts';
import type { ProxyContext } from './proxy-context.ts';

/** What a server of one listening socket is made of. */
export interface HttpListenerServerOptions {
  readonly context: ProxyContext;
  /** The newest table of the socket; undefined: no listener is left, every request gets 404. */
  readonly table: () => SocketTable | undefined;
  readonly tls: TlsAcceptor;
}

const KEEP_ALIVE_PROBE_MS = 60_000;

/** Serves the connections of one listening socket, whoever accepts them. */
export class HttpListenerServer {
  readonly #options: HttpListenerServerOptions;
  readonly #connections = new Set<ClientConnection>();
  readonly #handshakes = new Set<Socket>();
  readonly #onEmpty: (() => void)[] = [];
  #isDraining = false;

  constructor(options: HttpListenerServerOptions) {
    this.#options = options;
  }

  /** Connections that are open, handshakes included. */
  get connectionCount(): number {
    return this.#connections.size + this.#handshakes.size;
  }

  /** Takes an accepted connection. Its `net.Server` has `allowHalfOpen` and `noDelay` set. */
  onConnection(socket: Socket): void {
    // A peer that vanished without a word is found while a stream is silent.
    socket.setKeepAlive(true, KEEP_ALIVE_PROBE_MS);
    if (this.#isDraining) {
      socket.destroy();
    } else if (this.#options.table()?.protocol === 'HTTPS') {
      this.#handshake(socket);
    } else {
      this.#serve(socket, undefined);
    }
  }

  /**
   * Answers what is under way with `Connection: close`, closes idle connections at once and what is left after `graceMs`
   * by force. Settles when no connection is left; a second call may only shorten the time.
   */
  drain(graceMs: number): Promise<void> {
    this.#isDraining = true;
    for (const socket of this.#handshakes) socket.destroy();
    for (const connection of this.#connections) connection.drain();
    const force = this.#options.context.clock.after(graceMs, () => {
      for (const connection of this.#connections) connection.destroy();
    });
    return new Promise((resolve) => {
      this.#onEmpty.push(() => {
        force.cancel();
        resolve();
      });
      this.#noteClosed();
    });
  }

  #handshake(socket: Socket): void {
    this.#handshakes.add(socket);
    const forget = (): void => {
      this.#handshakes.delete(socket);
      this.#noteClosed();
    };
    socket.once('close', forget);
    this.#options.tls.accept(socket, this.#options.table, (secure, serverName) => {
      socket.off('close', forget);
      this.#handshakes.delete(socket);
      this.#serve(secure, serverName);
    });
  }

  #serve(socket: Socket, serverName: string | undefined): void {
    const { context, table } = this.#options;
    const onClose = (connection: ClientConnection): void => {
      this.#connections.delete(connection);
      this.#noteClosed();
    };
    this.#connections.add(new ClientConnection(socket, { context, table, serverName, onClose }));
  }

  #noteClosed(): void {
    if (this.connectionCount > 0) return;
    for (const settle of this.#onEmpty.splice(0)) settle();
  }
}
