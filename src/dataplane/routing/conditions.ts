import type { MatchPlan, ValueMatchPlan } from '../../plan/types.ts';
import type { RequestView } from '../exchange.ts';
import { isPreflight } from '../filters/preflight.ts';
import { firstQueryParam } from './query-param.ts';
import { compileRegexOrNever, type WholeMatch } from './regex.ts';

/** What a rule asks of a request besides host and path. All of it must hold. */
export interface Conditions {
  readonly method: string | undefined;
  /** The rule has a CORS filter: a preflight meets it by the method that it announces. */
  readonly answersPreflight: boolean;
  readonly headers: readonly ValueCondition[];
  readonly queryParams: readonly ValueCondition[];
}

interface ValueCondition {
  readonly name: string;
  readonly value: string;
  readonly regex: WholeMatch | undefined;
}

/** Undefined if the match asks for nothing but host and path. */
export function compileConditions(match: MatchPlan, answersPreflight: boolean): Conditions | undefined {
  const { method, headers, queryParams } = match;
  if (method === undefined && headers.length === 0 && queryParams.length === 0) return undefined;
  return {
    method,
    answersPreflight,
    headers: headers.map(compileValue),
    queryParams: queryParams.map(compileValue),
  };
}

function compileValue({ type, name, value }: ValueMatchPlan): ValueCondition {
  return { name, value, regex: type === 'RegularExpression' ? compileRegexOrNever(value) : undefined };
}

/** Whether `request` meets all conditions. Of a repeated header or parameter the first value counts. */
export function meets(conditions: Conditions, request: RequestView): boolean {
  if (!methodMeets(conditions, request)) return false;
  for (const header of conditions.headers) {
    if (!valueMeets(header, request.headers.get(header.name))) return false;
  }
  for (const param of conditions.queryParams) {
    if (!valueMeets(param, firstQueryParam(request.query, param.name))) return false;
  }
  return true;
}

function methodMeets({ method, answersPreflight }: Conditions, request: RequestView): boolean {
  if (method === undefined || method === request.method) return true;
  // The Gateway API does not say how a preflight meets a rule with a method. Taking the announced method lets the CORS
  // filter answer for exactly those requests that the rule would get afterwards.
  return answersPreflight && isPreflight(request) && request.headers.get('access-control-request-method') === method;
}

function valueMeets(condition: ValueCondition, value: string | undefined): boolean {
  if (value === undefined) return false;
  return condition.regex === undefined ? condition.value === value : condition.regex.test(value);
}
