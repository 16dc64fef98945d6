import { describe, expect, test } from 'vitest';
import type { RuleId } from '../plan/types.ts';
import type { CompiledRule } from './compiled.ts';
import { Metrics } from './metrics.ts';
import type { FinishedExchange } from './proxy/finished-exchange.ts';

function rule(name: string, match = 0): CompiledRule {
  return {
    plan: {
      id: `${name}-${match}` as RuleId,
      source: {
        route: { group: 'gateway.networking.k8s.io', kind: 'HTTPRoute', namespace: 'default', name },
        rule: 0,
        match,
      },
      match: { path: { type: 'PathPrefix', value: '/' }, headers: [], queryParams: [] },
      filters: [],
      action: { type: 'Respond', statusCode: 500, because: 'test' },
      timeouts: {},
    },
    filters: [],
    mirrors: [],
    action: { type: 'Respond', respond: () => ({ statusCode: 500, headers: [], body: '' }) },
  };
}

function exchange(parts: Partial<FinishedExchange>): FinishedExchange {
  return {
    request: undefined,
    rule: undefined,
    backend: undefined,
    statusCode: 200,
    error: undefined,
    tries: 1,
    durationMs: 3,
    requestBodyBytes: 0,
    responseBodyBytes: 0,
    ...parts,
  };
}

function valueOf(metrics: Metrics, name: string, labels: Record<string, string>): number | undefined {
  return metrics
    .read(0)
    .counters.find((counter) => counter.name === name && JSON.stringify(counter.labels) === JSON.stringify(labels))
    ?.value;
}

describe('the metrics of a worker', () => {
  test('count requests by route, rule and class of the status, over all matches of a rule', () => {
    const metrics = new Metrics();
    metrics.onExchangeEnd(exchange({ rule: rule('shop', 0) }));
    metrics.onExchangeEnd(exchange({ rule: rule('shop', 1) }));
    metrics.onExchangeEnd(exchange({ rule: rule('shop', 1), statusCode: 502 }));
    const labels = { route: 'default/shop', rule: '0' };
    expect(valueOf(metrics, 'sallyport_http_requests_total', { ...labels, code: '2xx' })).toBe(2);
    expect(valueOf(metrics, 'sallyport_http_requests_total', { ...labels, code: '5xx' })).toBe(1);
  });

  test('put durations into cumulative buckets', () => {
    const metrics = new Metrics();
    for (const durationMs of [1, 3, 20_000]) metrics.onExchangeEnd(exchange({ rule: rule('shop'), durationMs }));
    const bucket = (le: string) =>
      valueOf(metrics, 'sallyport_http_request_duration_seconds_bucket', { route: 'default/shop', rule: '0', le });
    expect([bucket('0.001'), bucket('0.005'), bucket('10'), bucket('+Inf')]).toEqual([1, 2, 2, 3]);
  });

  test('count requests that no rule matched, and errors by code', () => {
    const metrics = new Metrics();
    metrics.onExchangeEnd(exchange({ statusCode: 404, error: 'RouteNotFound' }));
    expect(valueOf(metrics, 'sallyport_http_requests_total', { route: '', rule: '', code: '4xx' })).toBe(1);
    expect(valueOf(metrics, 'sallyport_http_errors_total', { error: 'RouteNotFound' })).toBe(1);
  });

  test('keep the number of series bounded however many routes there are', () => {
    const metrics = new Metrics();
    for (let index = 0; index < 2_100; index++) metrics.onExchangeEnd(exchange({ rule: rule(`route-${index}`) }));
    expect(valueOf(metrics, 'sallyport_http_requests_total', { route: '(other)', rule: '', code: '2xx' })).toBe(100);
  });

  test('tell how many connections came', () => {
    const metrics = new Metrics();
    metrics.connectionAccepted();
    metrics.connectionAccepted();
    expect(valueOf(metrics, 'sallyport_connections_total', {})).toBe(2);
    expect(metrics.read(1).openConnections).toBe(1);
  });
});
