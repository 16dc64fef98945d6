import type { PathModifierPlan } from '../../plan/types.ts';
import type { RequestView } from '../exchange.ts';

/** Gives a request's new path, without the query. */
export type PathModifier = (request: RequestView) => string;

/** Makes a path modifier ready. */
export function compilePathModifier(plan: PathModifierPlan): PathModifier {
  const value = encodePath(plan.value);
  if (plan.type === 'ReplaceFullPath') {
    const full = value.startsWith('/') ? value : `/${value}`;
    return () => full;
  }
  const depth = elements(withoutTrailingSlash(plan.prefix));
  const whole = value.startsWith('/') ? value : `/${value}`;
  const base = withoutTrailingSlash(whole);
  return (request) => {
    const rest = afterPrefix(request, depth);
    if (rest === '') return whole;
    return base === '' ? rest.slice(firstSingleSlash(rest)) : base + rest;
  };
}

/**
 * What follows the first `depth` elements: empty, or with its slash in front. The client's own bytes are kept where the
 * path as it came and the path that was matched have the same elements. Where they have not (dot segments were
 * resolved), the matched path is used: the backend must not see by the back door what the prefix did not match.
 */
function afterPrefix({ path, matchPath }: RequestView, depth: number): string {
  const isSame = !hasDotSegments(path) && elements(path) === elements(matchPath);
  return isSame ? fromElement(path, depth) : encodePath(fromElement(matchPath, depth));
}

function fromElement(path: string, depth: number): string {
  let at = 0;
  for (let element = 0; element < depth; element++) {
    at = path.indexOf('/', at + 1);
    if (at === -1) return '';
  }
  return path.slice(at);
}

/** The number of elements of a path that starts with `/`; 0 for the empty path, 1 for `/`. */
function elements(path: string): number {
  let count = 0;
  for (let at = path.indexOf('/'); at !== -1; at = path.indexOf('/', at + 1)) count++;
  return count;
}

/** Says yes for some paths without, such as `/.well-known`: they take the slower way to the same answer. */
function hasDotSegments(path: string): boolean {
  return path.includes('/.') || path.includes('/%2e') || path.includes('/%2E');
}

function withoutTrailingSlash(path: string): string {
  return path.endsWith('/') ? path.slice(0, -1) : path;
}

/** `//host` at the start of a target would be read as an authority by some backends. */
function firstSingleSlash(rest: string): number {
  let at = 0;
  while (rest.charAt(at + 1) === '/') at++;
  return at;
}

const UNSAFE = /[^!$&-;=@-Z_a-z~%]+|%(?![0-9A-Fa-f]{2})/gu;

/** Percent-encodes whatever must not stand in a path, and leaves what is encoded already. */
export function encodePath(path: string): string {
  return path.replace(UNSAFE, (text) =>
    Buffer.from(text, 'utf8').toString('hex').replaceAll(/../g, '%$&').toUpperCase(),
  );
}
