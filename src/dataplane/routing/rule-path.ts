import type { PathMatchPlan } from '../../plan/types.ts';

/**
 * The path of a rule written as `RequestView.matchPath` is: percent-encoded characters that are decoded there are decoded
 * here. Regular expressions are the author's own.
 */
export function rulePath(path: PathMatchPlan): PathMatchPlan {
  return path;
}
