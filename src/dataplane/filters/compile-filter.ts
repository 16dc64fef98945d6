import type { FilterPlan } from '../../plan/types.ts';
import type { HttpFilter } from '../exchange.ts';
import { cors } from './cors.ts';
import { requestHeaderModifier } from './request-header-modifier.ts';
import { responseHeaderModifier } from './response-header-modifier.ts';
import { urlRewrite } from './url-rewrite.ts';

/** Builds the instance of a filter. Mirrors are no filters here: see `compile-rule.ts`. @throws If it cannot be built. */
export function compileFilter(plan: FilterPlan): HttpFilter {
  switch (plan.type) {
    case 'RequestHeaderModifier':
      return requestHeaderModifier.compile(plan);
    case 'ResponseHeaderModifier':
      return responseHeaderModifier.compile(plan);
    case 'URLRewrite':
      return urlRewrite.compile(plan);
    case 'CORS':
      return cors.compile(plan);
    default:
      throw new Error(`There is no filter "${plan.type}".`);
  }
}
