import type { FilterPlan } from '../../plan/types.ts';
import type { HttpFilter } from '../exchange.ts';

/** The type of a filter, as in the API. */
export type FilterName = FilterPlan['type'];

/** One kind of filter: how its plan becomes an instance. */
export interface FilterDefinition<Name extends FilterName> {
  readonly name: Name;
  /** Called once for each plan that has the filter. @throws If it cannot be built: its rule then answers 500. */
  compile(plan: Extract<FilterPlan, { readonly type: Name }>): HttpFilter;
}

/** Checks a definition's types where it is written. */
export function defineFilter<Name extends FilterName>(definition: FilterDefinition<Name>): FilterDefinition<Name> {
  return definition;
}
