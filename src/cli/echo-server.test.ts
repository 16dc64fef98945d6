import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { UsageError } from '../lib/usage-error.ts';
import { startEchoServer } from './echo-server.ts';
import type { EchoServer } from './echo-server.ts';

const endpoint = { name: 'web', address: '127.0.0.1', port: 0 };
let server: EchoServer;
let paths: string[];
beforeEach(async () => {
  paths = [];
  server = await startEchoServer(endpoint, (path) => void paths.push(path));
});
afterEach(() => server.close());

function ask(path: string, init?: RequestInit): Promise<Response> {
  return fetch(`http://127.0.0.1:${server.port}${path}`, init);
}

describe('an echo server', () => {
  test('answers with what it was asked', async () => {
    const response = await ask('/a?b=c', { method: 'POST', headers: { 'x-one': '1' }, body: 'text' });
    expect(response.headers.get('x-backend')).toBe('web');
    expect(await response.json()).toMatchObject({
      backend: 'web',
      method: 'POST',
      path: '/a?b=c',
      headers: { 'x-one': '1' },
      body: 'text',
    });
    expect(paths).toEqual(['/a']);
  });

  test('answers with the status that it is asked for', async () => {
    expect((await ask('/?status=418')).status).toBe(418);
  });

  test('fails the first requests of a path if asked to', async () => {
    const statuses: number[] = [];
    for (let count = 0; count < 3; count++) statuses.push((await ask('/flaky?failFirst=2')).status);
    expect(statuses).toEqual([503, 503, 200]);
  });

  test('says which port it cannot have', async () => {
    await expect(startEchoServer({ ...endpoint, port: server.port })).rejects.toThrow(UsageError);
  });
});
