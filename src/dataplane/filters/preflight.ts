import type { RequestView } from '../exchange.ts';

/** Fetch: "A CORS-preflight request is a CORS request that checks to see if the CORS protocol is understood and a server is aware using specific methods and headers." */
export function isPreflight(request: RequestView): boolean {
  return (
    request.method === 'OPTIONS' &&
    request.headers.get('access-control-request-method') !== undefined &&
    request.headers.get('origin') !== undefined
  );
}
