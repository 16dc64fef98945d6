/**
 * The first value of a query parameter, percent-decoded, with `+` for a space; undefined if it is absent.
 *
 * HTTPQueryParamMatch: "If a query param is repeated in an HTTP request […] it is recommended that implementations
 * should match against the first value of the param". Names and values are case-sensitive.
 *
 * @param query With its `?`, or empty.
 */
export function firstQueryParam(query: string, name: string): string | undefined {
  for (let start = 1; start < query.length; ) {
    const ampersand = query.indexOf('&', start);
    const end = ampersand === -1 ? query.length : ampersand;
    const equals = query.indexOf('=', start);
    const nameEnd = equals === -1 || equals > end ? end : equals;
    if (isNamed(query, start, nameEnd, name)) return decode(query.slice(nameEnd + 1, end));
    start = end + 1;
  }
  return undefined;
}

function isNamed(query: string, start: number, end: number, name: string): boolean {
  // A name is never longer than what it is written as.
  if (end - start < name.length) return false;
  for (let at = start; at < end; at++) {
    const code = query.charCodeAt(at);
    if (code === PERCENT || code === PLUS) return decode(query.slice(start, end)) === name;
  }
  return end - start === name.length && query.startsWith(name, start);
}

const PERCENT = 0x25;
const PLUS = 0x2b;

function decode(raw: string): string {
  const spaced = raw.includes('+') ? raw.replaceAll('+', ' ') : raw;
  if (!spaced.includes('%')) return spaced;
  try {
    return decodeURIComponent(spaced);
  } catch {
    // Not UTF-8, or a bare `%`: compared as it came.
    return spaced;
  }
}
