/** Anything that keeps a path from matching as it is: an escape, an empty or dot segment, a backslash. */
const NEEDS_WORK = /[%\\]|\/\/|\/\./;
const ESCAPE = /%([0-9A-Fa-f]{2})?/g;
/** Escapes that stay as they are: a decoded slash, backslash, percent sign or control byte would change the meaning. */
const KEPT_ESCAPE = /^(?:2f|5c|25|[01][0-9a-f]|7f)$/i;
/** A segment that some server takes for `.` or `..`: parts split by an encoded slash or backslash, or with parameters. */
const HIDDEN_DOTS = /(?:^|%2F|%5C)\.{1,2}(?:$|;|%2F|%5C)/;

/**
 * The path that routes are matched on: percent-decoded where that is safe, empty and dot segments resolved. `undefined`
 * for a path that a backend could read as another one than the routes see: it is refused. Paths of routes go through
 * here too when they are compiled, so both sides compare alike.
 */
export function matchPath(path: string): string | undefined {
  if (!NEEDS_WORK.test(path)) return path;
  if (path.includes('\\')) return undefined;
  const decoded = decode(path);
  return decoded === undefined ? undefined : resolveSegments(decoded);
}

function decode(path: string): string | undefined {
  let isValid = true;
  const bytes = path.replace(ESCAPE, (escape, digits: string | undefined) => {
    if (digits === undefined || digits === '00') isValid = false;
    if (digits === undefined || KEPT_ESCAPE.test(digits)) return escape.toUpperCase();
    return String.fromCharCode(Number.parseInt(digits, 16));
  });
  return isValid ? fromUtf8(bytes) : undefined;
}

/** Bytes that are not UTF-8 stay latin1 characters. */
function fromUtf8(latin1: string): string {
  const text = Buffer.from(latin1, 'latin1').toString('utf8');
  return text.includes('\ufffd') ? latin1 : text;
}

function resolveSegments(path: string): string | undefined {
  const segments = path.slice(1).split('/');
  const kept: string[] = [];
  let endsInSlash = false;
  for (const segment of segments) {
    endsInSlash = segment === '' || segment === '.' || segment === '..';
    if (segment === '' || segment === '.') continue;
    if (segment === '..') {
      // RFC 3986 would drop it; that a path climbs above the root is never meant well.
      if (kept.pop() === undefined) return undefined;
    } else if (HIDDEN_DOTS.test(segment)) {
      return undefined;
    } else {
      kept.push(segment);
    }
  }
  return kept.length === 0 ? '/' : `/${kept.join('/')}${endsInSlash ? '/' : ''}`;
}
