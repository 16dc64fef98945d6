import type { RuleSource } from '../plan/types.ts';

/**
 * The contract between the codec, which owns bytes and sockets, and routing and filters, which see one request and its
 * answer. Implementations keep a head as one latin1 string with spans; nothing here forces them to copy it.
 */

/** Header fields in the order in which they came. Names that are looked up or removed are given in lower case. */
export interface HeaderFields {
  /** The first value of a field, or undefined. */
  get(lowerName: string): string | undefined;
  getAll(lowerName: string): readonly string[];
  /** Replaces all fields of that name by one. */
  set(name: string, value: string): void;
  /** Adds a field, keeping those of the same name. */
  add(name: string, value: string): void;
  remove(lowerName: string): void;
}

/** A request as routing and filters see and edit it. */
export interface RequestView {
  readonly method: string;
  /** `http` or `https`: how the client came. */
  readonly scheme: 'http' | 'https';
  /** The Host as it came, port included; filters set it by `headers.set('Host', …)`. */
  readonly authority: string;
  /** Host without port, lower case, no trailing dot: for matching. */
  readonly host: string;
  /** Percent-decoded where that is safe, dot segments resolved: for matching only. */
  readonly matchPath: string;
  /** The path as it came, without the query. Filters assign it to rewrite. */
  path: string;
  /** With the `?`; empty if there is none. */
  readonly query: string;
  readonly headers: HeaderFields;
}

/** An answer as response filters see and edit it. */
export interface ResponseView {
  readonly statusCode: number;
  readonly headers: HeaderFields;
}

/** An answer that the gateway gives itself. */
export interface LocalResponse {
  readonly statusCode: number;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: string;
}

/** What filters may know of a request under way. */
export interface Exchange {
  readonly request: RequestView;
  /** The rule that matched. */
  readonly source: RuleSource;
  /** The port that redirects without a port of their own name. */
  readonly listenerPort: number;
}

/** A filter instance, made once per plan; it keeps no state of a request. */
export interface HttpFilter {
  /** Before the action. An answer ends the exchange here. */
  onRequest?(exchange: Exchange): LocalResponse | undefined;
  /** On the way back, also for answers of the gateway itself once the rule is known. */
  onResponse?(exchange: Exchange, response: ResponseView): void;
}
