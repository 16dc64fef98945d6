/** The methods that the Gateway API knows, in its order. */
export const HTTP_METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'CONNECT', 'OPTIONS', 'TRACE', 'PATCH'] as const;
/** A request method that a match or a CORS filter can name. */
export type HTTPMethod = (typeof HTTP_METHODS)[number];
