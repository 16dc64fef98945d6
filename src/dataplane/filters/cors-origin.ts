/** Whether the filter allows an `Origin`. */
export type OriginMatcher = (origin: string) => boolean;

interface WildcardOrigin {
  /** `https://` */
  readonly start: string;
  /** `.example.com:8443`; empty for `https://*`. */
  readonly end: string;
}

const HOST = /^[a-z0-9.-]+$/;
const DEFAULT_PORT = /^(http:\/\/.*):80$|^(https:\/\/.*):443$/;

/**
 * CORS allowOrigins: exact origins, `*`, and hosts with a leading `*`, which stands for one or more labels. Scheme and
 * port count; the port that a scheme implies is the same as none.
 */
export function compileOrigins(allowed: readonly string[]): OriginMatcher {
  if (allowed.includes('*')) return () => true;
  const exact = new Set(allowed.filter((origin) => !origin.includes('*')).map(normalize));
  const wildcards = allowed.filter((origin) => origin.includes('*')).map(splitWildcard);
  return (origin) => {
    const normalized = normalize(origin);
    return exact.has(normalized) || wildcards.some((wildcard) => covers(wildcard, normalized));
  };
}

function splitWildcard(origin: string): WildcardOrigin {
  const normalized = normalize(origin);
  const star = normalized.indexOf('*');
  return { start: normalized.slice(0, star), end: normalized.slice(star + 1) };
}

function covers({ start, end }: WildcardOrigin, origin: string): boolean {
  return (
    origin.length > start.length + end.length &&
    origin.startsWith(start) &&
    origin.endsWith(end) &&
    HOST.test(origin.slice(start.length, origin.length - end.length))
  );
}

function normalize(origin: string): string {
  const lower = origin.toLowerCase();
  const match = DEFAULT_PORT.exec(lower);
  return match?.[1] ?? match?.[2] ?? lower;
}
