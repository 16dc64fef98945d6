import type { HeaderFields, RequestView } from '../../src/dataplane/exchange.ts';
import { matchPath } from '../../src/dataplane/http1/match-path.ts';

/** Header fields as a list of pairs: the plainest thing that keeps the contract. */
export class ListedHeaders implements HeaderFields {
  lines: (readonly [name: string, value: string])[];

  constructor(lines: readonly (readonly [name: string, value: string])[] = []) {
    this.lines = [...lines];
  }

  get(lowerName: string): string | undefined {
    return this.getAll(lowerName)[0];
  }

  getAll(lowerName: string): readonly string[] {
    return this.lines.filter(([name]) => name.toLowerCase() === lowerName).map(([, value]) => value);
  }

  set(name: string, value: string): void {
    this.remove(name.toLowerCase());
    this.add(name, value);
  }

  add(name: string, value: string): void {
    this.lines.push([name, value]);
  }

  remove(lowerName: string): void {
    this.lines = this.lines.filter(([name]) => name.toLowerCase() !== lowerName);
  }
}

/** What a test says of a request; the rest is a plain `GET` of `target`. */
export interface RequestOptions {
  readonly method?: string;
  readonly scheme?: 'http' | 'https';
  /** As in the Host header. */
  readonly authority?: string;
  readonly headers?: readonly (readonly [name: string, value: string])[];
}

/** A request for `target` as routing and filters see it. */
export function requestFor(
  target: string,
  { method = 'GET', scheme = 'http', authority = 'example.com', headers = [] }: RequestOptions = {},
): RequestView & { readonly headers: ListedHeaders } {
  const mark = target.indexOf('?');
  const path = mark === -1 ? target : target.slice(0, mark);
  return {
    method,
    scheme,
    authority,
    host: authority.replace(/:\d+$/, '').toLowerCase(),
    matchPath: matchPath(path) ?? path,
    path,
    query: mark === -1 ? '' : target.slice(mark),
    headers: new ListedHeaders([['Host', authority], ...headers]),
  };
}
