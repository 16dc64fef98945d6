import type { RequestView } from '../exchange.ts';
import { meets } from './conditions.ts';
import type { RoutableRule } from './routable-rule.ts';

type Bucket = RoutableRule[];

/** Above this many changed rules, indexing the host anew is cheaper than editing its buckets. */
const REBUILD_ABOVE = 64;
const SLASH = 0x2f;

/**
 * The rules of one hostname. Rules of one path form a bucket in order of precedence, so a look-up costs as much as the
 * path has elements, however many rules there are.
 *
 * This gives what "the first match in order of precedence" gives, because precedence ranks by path before all else, and
 * of the prefixes of one request path the one with more elements is the longer one.
 */
export class HostTable {
  /** In order of precedence: deltas speak of positions in it. */
  #rules: readonly RoutableRule[] = [];
  // Made when first needed: of 5,000 hosts most have one kind of path.
  #exact: Map<string, Bucket> | undefined;
  #prefixes: Map<string, Bucket> | undefined;
  #regexes: Bucket = [];
  /** An upper bound, so that a path of a thousand elements costs no thousand look-ups. */
  #longestPrefix = 0;

  get size(): number {
    return this.#rules.length;
  }

  /** Replaces `removeCount` rules at `at` by `insert`. */
  splice(at: number, removeCount: number, insert: readonly RoutableRule[]): void {
    const removed = this.#rules.slice(at, at + removeCount);
    this.#rules = [...this.#rules.slice(0, at), ...insert, ...this.#rules.slice(at + removeCount)];
    if (removed.length + insert.length > REBUILD_ABOVE) {
      this.#rebuild();
      return;
    }
    for (const rule of removed) this.#unindex(rule);
    for (const [offset, rule] of insert.entries()) this.#index(rule, at + offset);
  }

  /** The first rule in order of precedence that matches. */
  find(request: RequestView): RoutableRule | undefined {
    const path = request.matchPath;
    return (
      firstMeeting(this.#exact?.get(path), request) ??
      this.#findByPrefix(path, request) ??
      this.#findByRegex(path, request)
    );
  }

  #findByPrefix(path: string, request: RequestView): RoutableRule | undefined {
    const prefixes = this.#prefixes;
    if (prefixes === undefined || path.charCodeAt(0) !== SLASH) return undefined;
    let end = path.length > this.#longestPrefix ? path.lastIndexOf('/', this.#longestPrefix) : path.length;
    while (end > 0) {
      const found = firstMeeting(prefixes.get(path.slice(0, end)), request);
      if (found !== undefined) return found;
      end = path.lastIndexOf('/', end - 1);
    }
    return firstMeeting(prefixes.get('/'), request);
  }

  #findByRegex(path: string, request: RequestView): RoutableRule | undefined {
    for (const rule of this.#regexes) {
      if (rule.pathRegex?.test(path) === true && ruleMeets(rule, request)) return rule;
    }
    return undefined;
  }

  #rebuild(): void {
    this.#exact = undefined;
    this.#prefixes = undefined;
    this.#regexes = [];
    this.#longestPrefix = 0;
    for (const rule of this.#rules) this.#bucketFor(rule).push(rule);
  }

  #index(rule: RoutableRule, position: number): void {
    const bucket = this.#bucketFor(rule);
    bucket.splice(this.#placeIn(bucket, position), 0, rule);
  }

  /** Where a rule at `position` of the host belongs in its bucket. */
  #placeIn(bucket: Bucket, position: number): number {
    let low = 0;
    let high = bucket.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const member = bucket[middle];
      if (member !== undefined && this.#rules.indexOf(member) < position) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #unindex(rule: RoutableRule): void {
    const bucket = this.#bucketFor(rule);
    const at = bucket.indexOf(rule);
    if (at !== -1) bucket.splice(at, 1);
    if (bucket.length > 0) return;
    if (rule.path.type === 'Exact') this.#exact?.delete(rule.path.value);
    if (rule.path.type === 'PathPrefix') this.#prefixes?.delete(rule.path.value);
  }

  #bucketFor({ path }: RoutableRule): Bucket {
    switch (path.type) {
      case 'RegularExpression':
        return this.#regexes;
      case 'Exact':
        this.#exact ??= new Map();
        return bucketOf(this.#exact, path.value);
      case 'PathPrefix':
        this.#longestPrefix = Math.max(this.#longestPrefix, path.value.length);
        this.#prefixes ??= new Map();
        return bucketOf(this.#prefixes, path.value);
    }
  }
}

function bucketOf(buckets: Map<string, Bucket>, key: string): Bucket {
  const known = buckets.get(key);
  if (known !== undefined) return known;
  const bucket: Bucket = [];
  buckets.set(key, bucket);
  return bucket;
}

function firstMeeting(bucket: Bucket | undefined, request: RequestView): RoutableRule | undefined {
  if (bucket === undefined) return undefined;
  for (const rule of bucket) {
    if (ruleMeets(rule, request)) return rule;
  }
  return undefined;
}

function ruleMeets(rule: RoutableRule, request: RequestView): boolean {
  return rule.conditions === undefined || meets(rule.conditions, request);
}
