import type { Backend } from '../compiled.ts';
import type { Exchange } from '../exchange.ts';
import type { OnFault } from '../fault-log.ts';
import type { ResponseHandler } from '../upstream/response-handler.ts';
import type { UpstreamConnection } from '../upstream/upstream-connection.ts';
import type { ResponseHead } from '../http1/response-head.ts';
import type { ProxyContext } from './proxy-context.ts';

/** A copy of a request on its way to a mirror. Nothing of it ever reaches the primary: what goes wrong ends it silently. */
export class Mirror implements ResponseHandler {
  readonly takesPayload = false;
  readonly #connection: UpstreamConnection;
  readonly #maxBytes: number;
  readonly #onFault: OnFault;
  #isOver = false;

  private constructor(connection: UpstreamConnection, context: ProxyContext, isForHead: boolean) {
    this.#connection = connection;
    this.#onFault = context.onFault;
    this.#maxBytes = context.config.maxMirrorBytes;
    connection.begin(this, isForHead, context.config.timeouts.backendHeadMs);
  }

  /** Sends the head; `undefined` if the backend has no endpoint. */
  static start(exchange: Exchange, backend: Backend, head: string, context: ProxyContext): Mirror | undefined {
    const picked = backend.picker.pick(exchange);
    if (picked.type !== 'Endpoint' || backend.plan.protocol === 'H2C') return undefined;
    const connection = context.pools.poolOf(picked.endpoint).acquire();
    const mirror = new Mirror(connection, context, exchange.request.method === 'HEAD');
    connection.writeHead(head, undefined);
    return mirror;
  }

  write(bytes: Buffer): void {
    if (this.#isOver) return;
    this.#connection.write(bytes);
    if (this.#connection.socket.writableLength > this.#maxBytes) this.abort();
  }

  /** The request is complete. */
  end(): void {
    this.#connection.isRequestSent = true;
  }

  /** The request broke off, or the mirror is too slow. */
  abort(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#connection.destroy();
  }

  onInterim(): void {
    // The client has been or will be told by the primary.
  }

  onUpgraded(): void {
    this.abort();
  }

  onResponse(_head: ResponseHead, _body: Buffer | undefined, isComplete: boolean): void {
    this.#isOver ||= isComplete;
  }

  onResponseBody(_bytes: Buffer, isComplete: boolean): boolean {
    this.#isOver ||= isComplete;
    return true;
  }

  onUpstreamError(): void {
    this.#isOver = true;
  }

  onFault(error: unknown): void {
    this.#isOver = true;
    this.#onFault(error);
  }

  onUpstreamDrain(): void {
    // The primary alone sets the pace.
  }
}
