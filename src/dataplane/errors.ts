/** What is known of a failure by its code: who is at fault, whether it may be tried again, what the client gets. */
export interface ProxyErrorKind {
  readonly source: 'Upstream' | 'Downstream' | 'Internal';
  /**
   * `Always`: the request did not reach a backend, another endpoint is tried. `IfSafe`: tried again if that cannot do
   * harm (see `retry.ts`). `Never`: only a rule's own `retry` may. A retry always needs a body that can be sent again.
   */
  readonly retry: 'Always' | 'IfSafe' | 'Never';
  /** Status of the answer; 499 is never sent, it is what metrics and logs show for a client that left. */
  readonly http: number;
  readonly grpc: string;
  /** The body of the answer, a sentence that names the class of the cause and nothing of the inside. */
  readonly text: string;
}

/** Every way in which a request can fail in the gateway. Codes are stable: logs and metrics carry them. */
export const PROXY_ERRORS = {
  BadRequest: { source: 'Downstream', retry: 'Never', http: 400, grpc: 'INTERNAL', text: 'The request is malformed.' },
  RequestTargetTooLong: {
    source: 'Downstream',
    retry: 'Never',
    http: 414,
    grpc: 'INTERNAL',
    text: 'The request target is too long.',
  },
  RequestHeadTooLarge: {
    source: 'Downstream',
    retry: 'Never',
    http: 431,
    grpc: 'RESOURCE_EXHAUSTED',
    text: 'The request head is too large.',
  },
  ExpectationFailed: {
    source: 'Downstream',
    retry: 'Never',
    http: 417,
    grpc: 'INTERNAL',
    text: 'The expectation is not supported.',
  },
  VersionNotSupported: {
    source: 'Downstream',
    retry: 'Never',
    http: 505,
    grpc: 'UNIMPLEMENTED',
    text: 'The HTTP version is not supported.',
  },
  DownstreamTimeout: {
    source: 'Downstream',
    retry: 'Never',
    http: 408,
    grpc: 'CANCELLED',
    text: 'The request did not arrive in time.',
  },
  DownstreamClosed: {
    source: 'Downstream',
    retry: 'Never',
    http: 499,
    grpc: 'CANCELLED',
    text: 'The client went away.',
  },
  RouteNotFound: {
    source: 'Internal',
    retry: 'Never',
    http: 404,
    grpc: 'UNIMPLEMENTED',
    text: 'No route matches the request.',
  },
  BackendInvalid: {
    source: 'Internal',
    retry: 'Never',
    http: 500,
    grpc: 'INTERNAL',
    text: 'The route names a backend that cannot be used.',
  },
  RequestTimeout: {
    source: 'Upstream',
    retry: 'Never',
    http: 504,
    grpc: 'DEADLINE_EXCEEDED',
    text: 'The request took too long.',
  },
  NoReadyEndpoint: {
    source: 'Upstream',
    retry: 'Never',
    http: 503,
    grpc: 'UNAVAILABLE',
    text: 'No endpoint of the backend is ready.',
  },
  UpstreamConnectRefused: {
    source: 'Upstream',
    retry: 'Always',
    http: 503,
    grpc: 'UNAVAILABLE',
    text: 'The backend cannot be reached.',
  },
  UpstreamConnectTimeout: {
    source: 'Upstream',
    retry: 'Always',
    http: 503,
    grpc: 'UNAVAILABLE',
    text: 'The backend cannot be reached in time.',
  },
  UpstreamReset: {
    source: 'Upstream',
    retry: 'IfSafe',
    http: 502,
    grpc: 'UNAVAILABLE',
    text: 'The backend closed the connection.',
  },
  UpstreamTimeout: {
    source: 'Upstream',
    retry: 'Never',
    http: 504,
    grpc: 'DEADLINE_EXCEEDED',
    text: 'The backend did not answer in time.',
  },
  UpstreamMalformed: {
    source: 'Upstream',
    retry: 'Never',
    http: 502,
    grpc: 'INTERNAL',
    text: 'The answer of the backend is malformed.',
  },
  InternalError: { source: 'Internal', retry: 'Never', http: 500, grpc: 'INTERNAL', text: 'The gateway failed.' },
  UpstreamProtocolUnsupported: {
    source: 'Internal',
    retry: 'Never',
    http: 502,
    grpc: 'UNIMPLEMENTED',
    text: 'The protocol of the backend is not supported.',
  },
} as const satisfies Record<string, ProxyErrorKind>;

/** The name of a failure. */
export type ProxyErrorCode = keyof typeof PROXY_ERRORS;
