import type { Exchange } from '../../src/dataplane/exchange.ts';
import { requestFor, type RequestOptions } from './request-view.ts';
import { routeRef } from './rule-plan.ts';

/** An exchange whose request can be looked at afterwards. */
export type TestExchange = Exchange & { readonly request: ReturnType<typeof requestFor> };

/** An exchange for `target` on a listener at `listenerPort`. */
export function exchangeFor(target: string, options: RequestOptions = {}, listenerPort = 80): TestExchange {
  return { request: requestFor(target, options), source: { route: routeRef('r'), rule: 0, match: 0 }, listenerPort };
}
