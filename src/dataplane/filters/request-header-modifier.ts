import { defineFilter } from './define-filter.ts';
import { applyHeaderEdits, compileHeaderEdits } from './header-edits.ts';

/** HTTPRouteFilter: "RequestHeaderModifier defines a schema for a filter that modifies request headers." */
export const requestHeaderModifier = defineFilter({
  name: 'RequestHeaderModifier',
  compile({ modifier }) {
    const edits = compileHeaderEdits(modifier);
    return {
      onRequest({ request }) {
        applyHeaderEdits(request.headers, edits);
        return undefined;
      },
    };
  },
});
