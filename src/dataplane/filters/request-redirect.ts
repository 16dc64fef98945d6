import type { RedirectPlan } from '../../plan/types.ts';
import type { Exchange, LocalResponse, RequestView } from '../exchange.ts';
import { fieldValue } from '../../lib/header-field.ts';
import { compilePathModifier } from './path-modifier.ts';

const WELL_KNOWN_PORTS = { http: 80, https: 443 } as const;

/**
 * Makes a redirect ready: the path is kept unless it is replaced, the query always.
 *
 * HTTPRequestRedirectFilter.port: "the value of the Location header […] port: If no port is specified, the redirect port
 * MUST be derived using the following rules: If redirect scheme is not-empty, the redirect port MUST be the well-known
 * port associated with the redirect scheme […]; If redirect scheme is empty, the redirect port MUST be the Gateway
 * Listener port." Ports that the scheme implies are left out.
 *
 * @throws If a part cannot stand in a head.
 */
export function compileRedirect(plan: RedirectPlan): (exchange: Exchange) => LocalResponse {
  const { statusCode, scheme: plannedScheme } = plan;
  const hostname = plan.hostname === undefined ? undefined : fieldValue(plan.hostname);
  const modifyPath = plan.path === undefined ? undefined : compilePathModifier(plan.path);
  return ({ request, listenerPort }) => {
    const scheme = plannedScheme ?? request.scheme;
    const host = hostname ?? hostOf(request);
    const port = plan.portFrom === 'Listener' ? listenerPort : plan.port;
    const suffix = port === undefined || port === WELL_KNOWN_PORTS[scheme] ? '' : `:${port}`;
    const path = modifyPath === undefined ? request.path : modifyPath(request);
    return { statusCode, headers: [['Location', `${scheme}://${host}${suffix}${path}${request.query}`]], body: '' };
  };
}

/** The host as the client wrote it, without the port; an IPv6 address keeps its brackets. */
function hostOf({ authority }: RequestView): string {
  const colon = authority.lastIndexOf(':');
  return colon > authority.lastIndexOf(']') ? authority.slice(0, colon) : authority;
}
