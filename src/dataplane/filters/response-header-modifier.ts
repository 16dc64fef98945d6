import { defineFilter } from './define-filter.ts';
import { applyHeaderEdits, compileHeaderEdits } from './header-edits.ts';

/** HTTPRouteFilter: "ResponseHeaderModifier defines a schema for a filter that modifies response headers." */
export const responseHeaderModifier = defineFilter({
  name: 'ResponseHeaderModifier',
  compile({ modifier }) {
    const edits = compileHeaderEdits(modifier);
    return { onResponse: (_, response) => applyHeaderEdits(response.headers, edits) };
  },
});
