import type { HTTPRouteMatch } from '../api/parts/http-route-match.ts';
import type { Fault } from './finding.ts';
import { regularExpressionProblem } from './regular-expression.ts';

/** What is wrong with one match, if anything; `at` is its path. */
export function matchFault({ path, headers = [], queryParams = [] }: HTTPRouteMatch, at: string): Fault | undefined {
  const values = [
    { at: `${at}.path`, type: path?.type, value: path?.value },
    ...headers.map(({ type, value }, index) => ({ at: `${at}.headers[${index}]`, type, value })),
    ...queryParams.map(({ type, value }, index) => ({ at: `${at}.queryParams[${index}]`, type, value })),
  ];
  for (const { at: where, type, value } of values) {
    const problem = type === 'RegularExpression' ? regularExpressionProblem(value ?? '') : undefined;
    if (problem !== undefined)
      return {
        at: `${where}.value`,
        verdict: 'PartiallyInvalid=True/UnsupportedValue',
        message: `"${value}" is not a regular expression of RE2 syntax (${problem}); nothing can match it.`,
      };
  }
  return undefined;
}
