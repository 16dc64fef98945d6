import type { Backend, CompiledRule } from '../compiled.ts';
import { PROXY_ERRORS, type ProxyErrorCode } from '../errors.ts';
import type { RequestView } from '../exchange.ts';

/** An exchange as metrics and access logs see it: the exchange itself, so that observing allocates nothing. */
export interface FinishedExchange {
  /** Undefined: the request was refused before it could be read. */
  readonly request: RequestView | undefined;
  /** Undefined: no rule matched. */
  readonly rule: CompiledRule | undefined;
  /** Undefined: no backend was chosen. */
  readonly backend: Backend | undefined;
  /** What the client got; 499 if it went away before. */
  readonly statusCode: number;
  readonly error: ProxyErrorCode | undefined;
  /** Tries at backends, the first one included. */
  readonly tries: number;
  /** Milliseconds from the end of the request's head to the end of the answer. */
  readonly durationMs: number;
  /** Bodies without heads, as on the wire. */
  readonly requestBodyBytes: number;
  readonly responseBodyBytes: number;
}

/** Is told of every exchange once, when it has ended. The object must not be kept. */
export interface ExchangeObserver {
  onExchangeEnd(exchange: FinishedExchange): void;
}

/** The exchange of a request that could not be read. */
export function refusedExchange(error: ProxyErrorCode): FinishedExchange {
  return {
    request: undefined,
    rule: undefined,
    backend: undefined,
    statusCode: PROXY_ERRORS[error].http,
    error,
    tries: 0,
    durationMs: 0,
    requestBodyBytes: 0,
    responseBodyBytes: 0,
  };
}
