import type { RetryPlan } from '../../plan/types.ts';
import { PROXY_ERRORS, type ProxyErrorCode } from '../errors.ts';

/** RFC 9110 section 9.2.2. */
const IDEMPOTENT = new Set(['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE', 'TRACE']);
/** However many endpoints a backend has, no more of them are tried in a row because they cannot be reached. */
const MAX_CONNECT_TRIES = 5;

/** What is known when a try has failed or was answered with a status. */
export interface RetryInput {
  readonly method: string;
  /** Nothing of the request was lost: it can be sent again from its first byte. */
  readonly canReplay: boolean;
  readonly endpoints: number;
  /** Tries that ended before a connection was open. */
  readonly connectFailures: number;
  /** Retries made without being told to by a rule. */
  readonly safeRetries: number;
  /** Retries made because of a rule's `retry`. */
  readonly plannedRetries: number;
  readonly plan: RetryPlan | undefined;
}

export type RetryDecision = 'Now' | 'AfterBackoff' | 'GiveUp';

/** Whether a request whose try failed is sent again. */
export function decideRetry(error: ProxyErrorCode, input: RetryInput): RetryDecision {
  const { source, retry } = PROXY_ERRORS[error];
  if (!input.canReplay || source !== 'Upstream') return 'GiveUp';
  if (retry === 'Always' && input.connectFailures < Math.min(input.endpoints, MAX_CONNECT_TRIES)) return 'Now';
  // A reset before any byte of an answer usually means that the backend closed the connection while it was idle
  // (RFC 9112 section 9.3.1), but it may also mean "processed, then crashed": only idempotent requests are sent again.
  if (retry === 'IfSafe' && input.safeRetries === 0 && IDEMPOTENT.has(input.method)) return 'Now';
  // GEP-1731: connection errors and timeouts count like the listed codes where a rule asks for retries.
  return hasPlannedRetry(input) && error !== 'RequestTimeout' ? 'AfterBackoff' : 'GiveUp';
}

/** Whether an answer with this status is thrown away and the request sent again. */
export function shouldRetryStatus(statusCode: number, input: RetryInput): boolean {
  return input.canReplay && hasPlannedRetry(input) && input.plan?.codes.includes(statusCode) === true;
}

function hasPlannedRetry({ plan, plannedRetries }: RetryInput): boolean {
  return plan !== undefined && plannedRetries < plan.attempts;
}
