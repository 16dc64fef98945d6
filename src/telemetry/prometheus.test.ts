import { describe, expect, test } from 'vitest';
import { Prometheus, type TrafficMetrics } from './prometheus.ts';

const route = { route: 'default/shop', rule: '0' };
const requests = (value: number) => ({
  name: 'sallyport_http_requests_total',
  labels: { ...route, code: '2xx' },
  value,
});

function prometheus(traffic: TrafficMetrics): Prometheus {
  return new Prometheus({
    readTraffic: () => Promise.resolve(traffic),
    gauges: [{ name: 'sallyport_routes', help: 'Routes that are served.', read: () => 7 }],
  });
}

describe('a scrape', () => {
  test('adds the counts of all workers, those that have ended included', async () => {
    const text = await prometheus({
      workers: [
        { counters: [requests(2)], residentBytes: 10, openConnections: 1 },
        { counters: [requests(3)], residentBytes: 30, openConnections: 4 },
      ],
      departed: [requests(5)],
    }).render();
    expect(text).toContain('sallyport_http_requests_total{route="default/shop",rule="0",code="2xx"} 10');
    expect(text).toContain('sallyport_workers 2');
    expect(text).toContain('sallyport_worker_resident_bytes 30');
    expect(text).toContain('sallyport_open_connections 5');
  });

  test('shows durations as a histogram in seconds', async () => {
    const name = 'sallyport_http_request_duration_seconds';
    const counters = [
      { name: `${name}_bucket`, labels: { ...route, le: '+Inf' }, value: 4 },
      { name: `${name}_sum`, labels: route, value: 250 },
      { name: `${name}_count`, labels: route, value: 4 },
    ];
    const text = await prometheus({
      workers: [{ counters, residentBytes: 1, openConnections: 0 }],
      departed: [],
    }).render();
    expect(text).toContain(`# TYPE ${name} histogram`);
    expect(text).toContain(`${name}_bucket{route="default/shop",rule="0",le="+Inf"} 4`);
    expect(text).toContain(`${name}_sum{route="default/shop",rule="0"} 0.25`);
  });

  test('carries what the process and the controller tell', async () => {
    const text = await prometheus({ workers: [], departed: [] }).render();
    expect(text).toContain('sallyport_routes 7');
    expect(text).toContain('process_cpu_seconds_total');
  });
});
