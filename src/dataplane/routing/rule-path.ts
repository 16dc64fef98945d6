import type { PathMatchPlan } from '../../plan/types.ts';
import { matchPath } from '../http1/match-path.ts';

/**
 * The path of a rule, written as `RequestView.matchPath` is, so that both sides compare alike: `/caf%C3%A9` and `/café`
 * are one path. Regular expressions are left as their author wrote them.
 */
export function rulePath(path: PathMatchPlan): PathMatchPlan {
  if (path.type === 'RegularExpression') return path;
  const value = matchPath(path.value) ?? path.value;
  return value === path.value ? path : { type: path.type, value };
}
