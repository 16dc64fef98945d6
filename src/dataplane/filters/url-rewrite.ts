import { defineFilter } from './define-filter.ts';
import { fieldValue } from '../../lib/header-field.ts';
import { compilePathModifier } from './path-modifier.ts';

/** HTTPURLRewriteFilter: "defines a filter that modifies a request during forwarding". The query stays as it came. */
export const urlRewrite = defineFilter({
  name: 'URLRewrite',
  compile({ hostname, path }) {
    const host = hostname === undefined ? undefined : fieldValue(hostname);
    const modifyPath = path === undefined ? undefined : compilePathModifier(path);
    return {
      onRequest({ request }) {
        if (host !== undefined) request.headers.set('Host', host);
        if (modifyPath !== undefined) request.path = modifyPath(request);
        return undefined;
      },
    };
  },
});
