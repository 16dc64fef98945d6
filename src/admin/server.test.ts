import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { GatewaySummary } from './contract.ts';
import { AdminServer } from './server.ts';

const gateway: GatewaySummary = {
  namespace: 'default',
  name: 'web',
  planId: 'p1',
  state: 'Applied',
  addresses: ['127.64.0.1'],
  ports: [{ port: 80, boundPort: 8080, state: 'Bound' }],
};

describe('the admin server', () => {
  let pending: string[] = [];
  let render = () => Promise.resolve('sallyport_workers 2\n');
  let server: AdminServer;

  beforeEach(async () => {
    server = new AdminServer({
      ready: () => ({ ready: pending.length === 0, pending }),
      gateways: () => [gateway],
      metrics: async () => ({ contentType: 'text/plain; version=0.0.4', render: () => render() }),
    });
    await server.start();
  });
  afterEach(() => server.close());

  const get = (path: string, method = 'GET') => fetch(`${server.url}${path}`, { method });

  test('listens on loopback', () => {
    expect(server.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  });

  test('is alive before it is ready, and says what is missing', async () => {
    pending = ['The API has not been listed yet.'];
    expect((await get('/healthz')).status).toBe(200);
    const response = await get('/readyz');
    expect(response.status).toBe(503);
    expect(await response.json()).toEqual({ ready: false, pending });
    pending = [];
    expect((await get('/readyz?verbose')).status).toBe(200);
  });

  test.each(['/metrics', '/stats/prometheus'])('answers a scrape on %s', async (path) => {
    const response = await get(path);
    expect(response.headers.get('content-type')).toBe('text/plain; version=0.0.4');
    expect(await response.text()).toBe('sallyport_workers 2\n');
  });

  test('answers 500 with the cause when metrics cannot be read', async () => {
    render = () => Promise.reject(new Error('No worker answers.'));
    const response = await get('/metrics');
    expect([response.status, await response.text()]).toEqual([500, 'No worker answers.\n']);
  });

  test('lists the Gateways', async () => {
    expect(await (await get('/api/gateways')).json()).toEqual([gateway]);
  });

  test.each([
    { path: '/nothing', method: 'GET', status: 404 },
    { path: '/healthz', method: 'POST', status: 405 },
    { path: '/healthz', method: 'HEAD', status: 200 },
  ])('answers $method $path with $status', async ({ path, method, status }) => {
    expect((await get(path, method)).status).toBe(status);
  });
});
