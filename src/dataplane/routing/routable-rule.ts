import type { PathMatchPlan } from '../../plan/types.ts';
import type { CompiledRule } from '../compiled.ts';
import type { Conditions } from './conditions.ts';
import type { WholeMatch } from './regex.ts';

/** A compiled rule with what tables need to find it. */
export interface RoutableRule extends CompiledRule {
  /** The value is written as `RequestView.matchPath` is, so that the two compare as strings. */
  readonly path: PathMatchPlan;
  /** For `RegularExpression` paths. */
  readonly pathRegex: WholeMatch | undefined;
  /** Undefined: host and path suffice. */
  readonly conditions: Conditions | undefined;
}
