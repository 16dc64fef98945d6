import { readFileSync } from 'node:fs';
import { parse } from 'yaml';

/** What `expect.yaml` of an example says: what must run, what is asked, what must come back. */
export interface Expectation {
  /** As `sallyport echo` takes them: `web=127.0.0.1:18001`. */
  readonly backends: readonly string[];
  /** The Gateway that is asked, `namespace/name`. Default `default/edge`. */
  readonly gateway?: string;
  /** Secrets to make beforehand, with the DNS names of their certificates. */
  readonly certificates?: Readonly<Record<string, readonly string[]>>;
  readonly requests: readonly RequestExpectation[];
}

/** A request and its answer. */
export interface RequestExpectation {
  /** A sentence. */
  readonly name: string;
  readonly url: string;
  readonly gateway?: string;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly expect?: AnswerExpectation;
  /** How often it is sent; then `shares` says who answers how many percent, within 3 points. */
  readonly repeat?: number;
  readonly shares?: Readonly<Record<string, number>>;
  /** A backend that gets a copy. */
  readonly alsoSeenBy?: string;
}

/** What an answer must be like; null: the header must be absent. What is not named may be anything. */
export interface AnswerExpectation {
  readonly status?: number;
  readonly backend?: string;
  /** What the backend saw. */
  readonly path?: string;
  readonly requestHeaders?: Readonly<Record<string, string | null>>;
  /** What the client saw. */
  readonly headers?: Readonly<Record<string, string | null>>;
}

/** Reads an `expect.yaml`. */
export function parseExpectation(path: string): Expectation {
  return parse(readFileSync(path, 'utf8')) as Expectation;
}
