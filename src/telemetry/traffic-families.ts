/** A metric that workers count. */
export interface TrafficFamily {
  readonly name: string;
  readonly help: string;
  readonly type: 'counter' | 'histogram';
}

/** Requests by route, rule and class of the status. */
export const REQUESTS: TrafficFamily = {
  name: 'sallyport_http_requests_total',
  help: 'Requests that ended, by route, rule and class of the status sent to the client.',
  type: 'counter',
};

/** Workers tell `_sum` in milliseconds, so that their counters are integers; it is exposed in seconds. */
export const REQUEST_DURATION: TrafficFamily = {
  name: 'sallyport_http_request_duration_seconds',
  help: 'Time from a request head to the end of its answer, by route and rule.',
  type: 'histogram',
};

/** Failures by code. */
export const ERRORS: TrafficFamily = {
  name: 'sallyport_http_errors_total',
  help: 'Requests that failed in the gateway, by error code (docs/errors.md).',
  type: 'counter',
};

/** Connections taken from clients. */
export const CONNECTIONS: TrafficFamily = {
  name: 'sallyport_connections_total',
  help: 'Connections accepted from clients.',
  type: 'counter',
};

/** All that workers count. */
export const TRAFFIC_FAMILIES: readonly TrafficFamily[] = [REQUESTS, REQUEST_DURATION, ERRORS, CONNECTIONS];

/** Upper bounds of the duration buckets, in milliseconds. */
export const DURATION_BUCKETS_MS: readonly number[] = [1, 2, 5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 10_000];
