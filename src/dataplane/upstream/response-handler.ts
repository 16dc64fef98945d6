import type { ProxyErrorCode } from '../errors.ts';
import type { ResponseHead } from '../http1/response-head.ts';

/**
 * Who waits for an answer on a connection to a backend. Calls come in the order of the methods; after a complete answer
 * or an error none follows, and the connection is not the handler's any more.
 */
export interface ResponseHandler {
  /** Whether chunked bodies are handed over as payload, without chunk sizes. */
  readonly takesPayload: boolean;
  /** 100 or 103: an answer is still to come. */
  onInterim(head: ResponseHead): void;
  /** 101: the connection is a tunnel from here on and stays with the handler; `rest` came with the head. */
  onUpgraded(head: ResponseHead, rest: Buffer): void;
  /** @param body What came of the body with the head; up to `MAX_JOINED_BYTES` valid during the call only. */
  onResponse(head: ResponseHead, body: Buffer | undefined, isComplete: boolean): void;
  /** @returns Whether `bytes` are not needed any more; if not, they stay as they are. */
  onResponseBody(bytes: Buffer, isComplete: boolean): boolean;
  onUpstreamError(error: ProxyErrorCode): void;
  /** Handling the answer threw; the connection is gone. */
  onFault(error: unknown): void;
  /** What was written has left: more may be written. */
  onUpstreamDrain(): void;
}
