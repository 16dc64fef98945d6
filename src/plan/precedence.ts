import { type Comparator, earlier, inOrder, larger, smaller } from '../lib/comparator.ts';
import type { RulePlan } from './types.ts';

/** A rule with what its rank depends on beside its content. */
export interface RankedRule {
  readonly plan: RulePlan;
  /** `metadata.creationTimestamp` of its route; empty if it has none, which counts as oldest. */
  readonly createdAt: string;
  /** `namespace/name` of its route. */
  readonly routeName: string;
}

/**
 * HTTPRoute, `spec.rules.matches`: "Proxy or Load Balancer routing configuration generated from HTTPRoutes MUST
 * prioritize matches based on the following criteria, continuing on ties. Across all rules specified on applicable
 * Routes, precedence must be given to the match having: 'Exact' path match; 'Prefix' path match with largest number of
 * characters; Method match; Largest number of header matches; Largest number of query param matches. […] If ties still
 * exist across multiple Routes, matching precedence MUST be determined in order of the following criteria, continuing on
 * ties: The oldest Route based on creation timestamp; The Route appearing first in alphabetical order by
 * '{namespace}/{name}'. If ties still exist within an HTTPRoute, matching precedence MUST be granted to the FIRST
 * matching rule (in list order) with a match meeting the above criteria."
 *
 * The precedence of regular expressions is left to the implementation: here they come after all other paths, the longest
 * first. No two rules of a plan rank equally.
 */
export const byPrecedence: Comparator<RankedRule> = inOrder(
  larger(isExactPath),
  larger(isPathPrefix),
  larger(pathLength),
  larger(hasMethod),
  larger(headerCount),
  larger(queryParamCount),
  earlier(({ createdAt }) => createdAt),
  earlier(({ routeName }) => routeName),
  smaller(({ plan }) => plan.source.rule),
  smaller(({ plan }) => plan.source.match),
);

function isExactPath({ plan }: RankedRule): boolean {
  return plan.match.path.type === 'Exact';
}

function isPathPrefix({ plan }: RankedRule): boolean {
  return plan.match.path.type === 'PathPrefix';
}

function pathLength({ plan }: RankedRule): number {
  return plan.match.path.value.length;
}

function hasMethod({ plan }: RankedRule): boolean {
  return plan.match.method !== undefined;
}

function headerCount({ plan }: RankedRule): number {
  return plan.match.headers.length;
}

function queryParamCount({ plan }: RankedRule): number {
  return plan.match.queryParams.length;
}
