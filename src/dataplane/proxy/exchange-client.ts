import type { Socket } from 'node:net';
import type { RequestHead } from '../http1/request-head.ts';
import type { HttpExchange } from './http-exchange.ts';
import type { ProxyContext } from './proxy-context.ts';

/** What an exchange needs of the connection that its request came on. */
export interface ExchangeClient {
  readonly context: ProxyContext;
  /** No further request is taken. */
  readonly isClosing: boolean;
  /** The head as it goes to a backend, with its empty line. @param requestId For a request that has none. */
  renderRequest(request: RequestHead, requestId: string): string;
  /** Writes a head with the first bytes of its body. `false`: the client is behind, `onClientDrain` follows. */
  send(text: string, body: Buffer | undefined): boolean;
  sendBody(bytes: Buffer): boolean;
  /** Nothing of what was sent waits in this process. */
  readonly hasSentAll: boolean;
  /** Some of the answer was written, and more is to come. */
  onResponseProgress(isRoomy: boolean): void;
  pauseRequest(): void;
  resumeRequest(): void;
  /** Aborts the exchange with `RequestTimeout` in that time; 0: never. */
  limitRequest(timeoutMs: number): void;
  /** Calls `onBackoffEnd` after at least that time. */
  backOff(delayMs: number): void;
  /** Makes the connection a tunnel. */
  startTunnel(upstream: Socket, head: string, rest: Buffer): void;
  /** Ends the connection so that the client sees that its answer is not whole. */
  breakOff(): void;
  /** An exception came up in the exchange: the connection ends, and no other. */
  onFault(error: unknown): void;
  onExchangeEnd(exchange: HttpExchange): void;
}
