import type { CorsPlan } from '../../plan/types.ts';
import type { Exchange, HeaderFields, LocalResponse, ResponseView } from '../exchange.ts';
import { compileOrigins } from './cors-origin.ts';
import { defineFilter } from './define-filter.ts';
import { fieldValue } from '../../lib/header-field.ts';
import { isPreflight } from './preflight.ts';

type Header = readonly [name: string, value: string];

/** What a backend says about CORS is replaced: two opinions in one answer would make browsers refuse it. */
const OWNED_FIELDS = [
  'access-control-allow-origin',
  'access-control-allow-credentials',
  'access-control-allow-methods',
  'access-control-allow-headers',
  'access-control-expose-headers',
  'access-control-max-age',
] as const;

const REFUSED: LocalResponse = {
  statusCode: 403,
  headers: [
    ['Content-Type', 'text/plain; charset=utf-8'],
    ['Vary', 'Origin'],
  ],
  body: 'The origin is not allowed.\n',
};

/**
 * The CORS filter. Preflights are answered here and reach no backend; other requests are always forwarded, and it is the
 * browser that refuses an answer without these headers.
 */
export const cors = defineFilter({
  name: 'CORS',
  compile(plan) {
    const isAllowed = compileOrigins(plan.allowOrigins);
    const allowsAny = plan.allowOrigins.includes('*') && !plan.allowCredentials;
    const common = commonHeaders(plan);
    const preflight = compilePreflight(plan);
    const allowOrigin = (origin: string): Header => ['Access-Control-Allow-Origin', allowsAny ? '*' : origin];
    return {
      onRequest({ request }) {
        if (!isPreflight(request)) return undefined;
        const origin = request.headers.get('origin') ?? '';
        if (!isAllowed(origin)) return REFUSED;
        const headers = [allowOrigin(origin), ...common, ...preflight(request.headers)];
        if (!allowsAny) headers.push(['Vary', 'Origin']);
        return { statusCode: 204, headers, body: '' };
      },
      onResponse(exchange: Exchange, { headers }: ResponseView) {
        // The answer to a preflight is the one from above.
        if (isPreflight(exchange.request)) return;
        for (const name of OWNED_FIELDS) headers.remove(name);
        if (!allowsAny) varyByOrigin(headers);
        const origin = exchange.request.headers.get('origin');
        if (origin === undefined || !isAllowed(origin)) return;
        headers.set(...allowOrigin(origin));
        for (const [name, value] of common) headers.set(name, value);
      },
    };
  },
});

/** On preflights and on answers alike. */
function commonHeaders({ allowCredentials, exposeHeaders }: CorsPlan): Header[] {
  const headers: Header[] = [];
  if (allowCredentials) headers.push(['Access-Control-Allow-Credentials', 'true']);
  // Fetch: with credentials `*` would be taken for the name of a field.
  const exposed = allowCredentials ? exposeHeaders.filter((name) => name !== '*') : exposeHeaders;
  if (exposed.length > 0) headers.push(['Access-Control-Expose-Headers', listed(exposed)]);
  return headers;
}

/** What only a preflight is told. A wildcard is written as `*`, or, with credentials, as what the request asks for. */
function compilePreflight(plan: CorsPlan): (request: HeaderFields) => Header[] {
  const methods = compileList(plan.allowMethods, plan.allowCredentials);
  const fields = compileList(plan.allowHeaders, plan.allowCredentials);
  const maxAge: Header = ['Access-Control-Max-Age', String(plan.maxAgeSeconds)];
  return (request) => {
    const headers = [maxAge];
    const allowMethods = methods(request.get('access-control-request-method'));
    if (allowMethods !== undefined) headers.push(['Access-Control-Allow-Methods', allowMethods]);
    const allowFields = fields(request.get('access-control-request-headers'));
    if (allowFields !== undefined) headers.push(['Access-Control-Allow-Headers', allowFields]);
    return headers;
  };
}

function compileList(
  allowed: readonly string[],
  allowCredentials: boolean,
): (requested: string | undefined) => string | undefined {
  if (allowed.length === 0) return () => undefined;
  if (!allowed.includes('*')) {
    const list = listed(allowed);
    return () => list;
  }
  return allowCredentials ? (requested) => requested : () => '*';
}

function listed(names: readonly string[]): string {
  return fieldValue(names.join(', '));
}

/** Caches must keep answers for different origins apart, those without an origin included. */
function varyByOrigin(headers: HeaderFields): void {
  const has = headers.getAll('vary').some((value) => value === '*' || /(?:^|,)\s*origin\s*(?:,|$)/i.test(value));
  if (!has) headers.add('Vary', 'Origin');
}
