import { assertNever } from '../../lib/assert-never.ts';
import type { ActionPlan, BackendId, FilterPlan, RulePlan, WeightedBackend } from '../../plan/types.ts';
import type { Backend, BackendChoice, CompiledAction, CompiledMirror } from '../compiled.ts';
import type { HttpFilter, LocalResponse } from '../exchange.ts';
import { compileFilter } from '../filters/compile-filter.ts';
import { compileRedirect } from '../filters/request-redirect.ts';
import { compileConditions } from './conditions.ts';
import type { RandomBelow } from './random-below.ts';
import { compileRegexOrNever } from './regex.ts';
import type { RoutableRule } from './routable-rule.ts';
import { rulePath } from './rule-path.ts';
import { weightedChoice } from './weighted-choice.ts';

/** What rules are compiled against. */
export interface RuleContext {
  readonly backends: { get(id: BackendId): Backend | undefined };
  readonly randomBelow: RandomBelow;
}

type Handling = Pick<RoutableRule, 'filters' | 'mirrors' | 'action'>;
type MirrorPlan = Extract<FilterPlan, { type: 'RequestMirror' }>;

/**
 * Makes a rule ready for requests. A filter that cannot be built turns the rule into 500: to skip it could let through
 * what it was meant to stop.
 *
 * @throws If the rule names a backend that is not there.
 */
export function compileRule(plan: RulePlan, context: RuleContext): RoutableRule {
  const { path } = plan.match;
  return {
    plan,
    path: rulePath(path),
    pathRegex: path.type === 'RegularExpression' ? compileRegexOrNever(path.value) : undefined,
    conditions: compileConditions(plan.match, plan.filters.some(isCors)),
    ...compileHandling(plan, context),
  };
}

function compileHandling(plan: RulePlan, context: RuleContext): Handling {
  const mirrors = compileMirrors(plan.filters, context);
  const filters = compileFilters(plan.filters);
  const action = compileAction(plan.action, context);
  return filters === undefined || action === undefined ? FAILING : { filters, mirrors, action };
}

/** Undefined if a filter cannot be built. */
function compileFilters(plans: readonly FilterPlan[]): HttpFilter[] | undefined {
  try {
    return plans.filter((plan) => !isMirror(plan)).map(compileFilter);
  } catch {
    // What was wrong is known to the analysis, which looked at the same fields; here it only has to fail closed.
    return undefined;
  }
}

function compileMirrors(plans: readonly FilterPlan[], context: RuleContext): CompiledMirror[] {
  return plans.filter(isMirror).map(({ backend, numerator, denominator }) => ({
    backend: backendOf(backend, context),
    draw: () => context.randomBelow(denominator) < numerator,
  }));
}

/** Undefined if it cannot be built. */
function compileAction(plan: ActionPlan, context: RuleContext): CompiledAction | undefined {
  switch (plan.type) {
    case 'Forward': {
      const choices = plan.backends.map((ref) => ({ weight: ref.weight, value: compileChoice(ref, context) }));
      const choose = weightedChoice(choices, context.randomBelow);
      return choose === undefined ? respond(500) : { type: 'Forward', choose };
    }
    case 'Redirect':
      try {
        return { type: 'Respond', respond: compileRedirect(plan) };
      } catch {
        return undefined;
      }
    case 'Respond':
      return respond(plan.statusCode);
    default:
      return assertNever(plan);
  }
}

function compileChoice(ref: WeightedBackend, context: RuleContext): BackendChoice {
  if (!('backend' in ref)) return { type: 'Respond', statusCode: ref.respond, because: ref.because };
  const backend = backendOf(ref.backend, context);
  const mirrors = compileMirrors(ref.filters, context);
  const filters = compileFilters(ref.filters);
  return filters === undefined
    ? { type: 'Respond', statusCode: 500, because: `A filter for backend "${ref.backend}" cannot be built.` }
    : { type: 'Backend', backend, filters, mirrors };
}

function backendOf(id: BackendId, { backends }: RuleContext): Backend {
  const backend = backends.get(id);
  if (backend === undefined) throw new Error(`Backend "${id}" is not known.`);
  return backend;
}

function isMirror(plan: FilterPlan): plan is MirrorPlan {
  return plan.type === 'RequestMirror';
}

function isCors(plan: FilterPlan): boolean {
  return plan.type === 'CORS';
}

function respond(statusCode: number): CompiledAction {
  const answer: LocalResponse = {
    statusCode,
    headers: [['Content-Type', 'text/plain; charset=utf-8']],
    body: 'The route cannot be served.\n',
  };
  return { type: 'Respond', respond: () => answer };
}

const FAILING: Handling = { filters: [], mirrors: [], action: respond(500) };
