import type { Socket } from 'node:net';
import { type SecureContext, TLSSocket } from 'node:tls';
import type { SocketTable } from '../compiled.ts';
import type { OnFault } from '../fault-log.ts';
import { Deadline, type TimerWheel } from '../timer-wheel.ts';
import type { CertificateStore } from './certificate-store.ts';
import { parseClientHello } from './client-hello.ts';

/** What the gateway offers in ALPN, best first: the one place where a protocol is added. */
export const ALPN_PROTOCOLS: readonly string[] = ['http/1.1'];

/** A fatal `unrecognized_name` alert in a TLS 1.2 record (RFC 6066 section 3). */
const UNRECOGNIZED_NAME = Buffer.from([21, 3, 3, 0, 2, 2, 112]);

/** Gets the connection once it is secure, with the server name that the client asked for, empty if it named none. */
export type OnSecure = (socket: TLSSocket, serverName: string) => void;

/**
 * Opens TLS connections. The ClientHello is read first and decides on the listener; the TLS library then gets that
 * listener's own context, because a context chosen by an SNI callback would not bring its minimum version with it, and a
 * session could be resumed across listeners.
 */
export class TlsAcceptor {
  readonly #certificates: CertificateStore;
  readonly #wheel: TimerWheel;
  readonly #handshakeMs: number;
  readonly #onFault: OnFault;

  /** @param handshakeMs Until the handshake is done, milliseconds; 0: no limit. */
  constructor(certificates: CertificateStore, wheel: TimerWheel, handshakeMs: number, onFault: OnFault) {
    this.#certificates = certificates;
    this.#wheel = wheel;
    this.#handshakeMs = handshakeMs;
    this.#onFault = onFault;
  }

  /** Calls `onSecure` after the handshake; a connection that fails before is closed and never seen again. */
  accept(socket: Socket, table: () => SocketTable | undefined, onSecure: OnSecure): void {
    const deadline = new Deadline(() => socket.destroy());
    this.#wheel.arm(deadline, this.#handshakeMs);
    let bytes: Buffer | undefined;
    const onError = (): void => void socket.destroy();
    const onHello = (chunk: Buffer): void => {
      bytes = bytes === undefined ? chunk : Buffer.concat([bytes, chunk]);
      const hello = parseClientHello(bytes);
      if (hello.type === 'Incomplete') return;
      socket.off('data', onData);
      socket.off('end', onError);
      socket.pause();
      const serverName = hello.type === 'Complete' ? (hello.serverName ?? '') : undefined;
      const context = serverName === undefined ? undefined : this.#contextFor(table(), serverName);
      if (context === undefined || serverName === undefined) return void socket.end(UNRECOGNIZED_NAME, onError);
      socket.unshift(bytes);
      this.#secure(socket, context, (secure) => {
        deadline.disarm();
        onSecure(secure, serverName);
      });
    };
    const onData = (chunk: Buffer): void => {
      try {
        onHello(chunk);
      } catch (error) {
        this.#onFault(error);
        socket.destroy();
      }
    };
    socket.on('data', onData);
    socket.on('end', onError);
    socket.on('error', onError);
    socket.on('close', () => deadline.disarm());
  }

  #contextFor(table: SocketTable | undefined, serverName: string): SecureContext | undefined {
    const listener = table?.listener(serverName);
    return listener?.tls && this.#certificates.contextFor(listener.key, listener.tls, serverName);
  }

  #secure(socket: Socket, secureContext: SecureContext, onSecure: (secure: TLSSocket) => void): void {
    const secure = new TLSSocket(socket, { isServer: true, secureContext, ALPNProtocols: [...ALPN_PROTOCOLS] });
    const onError = (): void => void secure.destroy();
    // After the handshake the library reports broken records only by this event and would leave the connection open.
    secure.on('_tlsError', onError);
    secure.on('error', onError);
    secure.once('secure', () => {
      secure.off('error', onError);
      onSecure(secure);
    });
  }
}
