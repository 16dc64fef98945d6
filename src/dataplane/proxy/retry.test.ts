import { afterEach, describe, expect, test } from 'vitest';
import { answering, closeAll, deadPort, proxyTo, turn } from '../../../test/support/proxy-harness.ts';
import { decideRetry, type RetryInput } from './retry.ts';

const OK = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok';
const LAST_GET = 'GET / HTTP/1.1\r\nHost: a.example\r\nConnection: close\r\n\r\n';
const LAST_POST = 'POST / HTTP/1.1\r\nHost: a.example\r\nContent-Length: 3\r\nConnection: close\r\n\r\nabc';

afterEach(closeAll);

describe('a rule with retry', () => {
  const retry = { attempts: 2, codes: [500], backoffMs: 100 };

  /** Time passes until the exchange has ended. */
  async function send(proxy: Awaited<ReturnType<typeof proxyTo>>['proxy'], request: string): Promise<string> {
    const received = proxy.exchange(request);
    while (proxy.finished.length === 0) {
      await turn();
      proxy.clock.advance(1);
    }
    return received;
  }

  test('has a listed status tried again, with the body, after the wait', async () => {
    const triedAt: number[] = [];
    const { proxy } = await proxyTo(
      ({ socket }) => {
        socket.on('data', (text: string) => {
          expect(text.endsWith('\r\n\r\nabc')).toBe(true);
          triedAt.push(proxy.clock.now());
          socket.write(triedAt.length < 3 ? 'HTTP/1.1 500 Oops\r\nContent-Length: 0\r\n\r\n' : OK);
        });
      },
      { rule: { retry } },
    );
    expect(await send(proxy, LAST_POST)).toContain('200 OK');
    const [first = 0, second = 0, third = 0] = triedAt;
    expect(second - first).toBeGreaterThanOrEqual(100);
    expect(third - second).toBeGreaterThanOrEqual(100);
    expect(proxy.finished[0]).toMatchObject({ statusCode: 200, tries: 3 });
  });

  test('has the last status returned when its attempts are used up', async () => {
    const { proxy } = await proxyTo(answering('HTTP/1.1 500 Oops\r\nContent-Length: 0\r\n\r\n'), { rule: { retry } });
    expect(await send(proxy, LAST_GET)).toContain('500 Oops');
    expect(proxy.finished[0]).toMatchObject({ statusCode: 500, tries: 3 });
  });

  test('is still bounded by the request timeout', async () => {
    const { proxy } = await proxyTo(answering('HTTP/1.1 500 Oops\r\nContent-Length: 0\r\n\r\n'), {
      rule: { retry: { ...retry, backoffMs: 5_000 }, timeouts: { requestMs: 1_000 } },
    });
    expect(await send(proxy, LAST_GET)).toContain('504 Gateway Timeout');
    expect(proxy.finished[0]).toMatchObject({ error: 'RequestTimeout', tries: 1 });
  });

  test('has a body that is longer than the bound not sent again', async () => {
    const { proxy } = await proxyTo(
      (connection) => {
        void connection.until(/x{9}$/).then(() => connection.write('HTTP/1.1 500 Oops\r\nContent-Length: 0\r\n\r\n'));
      },
      { rule: { retry }, config: { maxReplayBytes: 8 } },
    );
    const request = 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\nConnection: close\r\n\r\nxxxxxxxxx';
    expect(await proxy.exchange(request)).toContain('500 Oops');
    expect(proxy.finished[0]?.tries).toBe(1);
  });

  test('has a try that found nobody listening repeated', async () => {
    const { proxy } = await proxyTo(() => undefined, { rule: { retry }, endpoints: [await deadPort()] });
    expect(await send(proxy, LAST_POST)).toContain('503 Service Unavailable');
    expect(proxy.finished[0]).toMatchObject({ error: 'UpstreamConnectRefused', tries: 3 });
  });

  test('has a try that took longer than the backend may repeated', async () => {
    const { proxy } = await proxyTo(
      (connection, index) => {
        if (index > 0) answering(OK)(connection);
      },
      { rule: { retry, timeouts: { backendRequestMs: 1_000 } } },
    );
    expect(await send(proxy, LAST_POST)).toContain('200 OK');
    expect(proxy.finished[0]).toMatchObject({ statusCode: 200, tries: 2 });
  });

  test('has other statuses passed on', async () => {
    const { proxy } = await proxyTo(answering('HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n'), { rule: { retry } });
    expect(await proxy.exchange(LAST_GET)).toContain('503 Busy');
    expect(proxy.finished[0]?.tries).toBe(1);
  });
});

describe('without being told to, a request is', () => {
  const input: RetryInput = {
    method: 'GET',
    canReplay: true,
    endpoints: 3,
    connectFailures: 1,
    safeRetries: 0,
    plannedRetries: 0,
    plan: undefined,
  };

  test.each<[string, Parameters<typeof decideRetry>[0], Partial<RetryInput>, ReturnType<typeof decideRetry>]>([
    ['sent to another endpoint if one refuses', 'UpstreamConnectRefused', { method: 'POST' }, 'Now'],
    ['given up if all endpoints refuse', 'UpstreamConnectRefused', { connectFailures: 3 }, 'GiveUp'],
    [
      'given up after five endpoints that do not answer',
      'UpstreamConnectTimeout',
      { endpoints: 9, connectFailures: 5 },
      'GiveUp',
    ],
    ['sent again after a reset if it is idempotent', 'UpstreamReset', {}, 'Now'],
    ['sent again after a reset only once', 'UpstreamReset', { safeRetries: 1 }, 'GiveUp'],
    ['not sent again after a reset if it is POST', 'UpstreamReset', { method: 'POST' }, 'GiveUp'],
    ['not sent again if its body is gone', 'UpstreamReset', { canReplay: false }, 'GiveUp'],
    ['not sent again after a timeout', 'UpstreamTimeout', {}, 'GiveUp'],
    ['not sent again after a malformed answer', 'UpstreamMalformed', {}, 'GiveUp'],
  ])('%s', (_, error, part, decision) => {
    expect(decideRetry(error, { ...input, ...part })).toBe(decision);
  });

  test.each<[string, Parameters<typeof decideRetry>[0], Partial<RetryInput>, ReturnType<typeof decideRetry>]>([
    ['POST after a reset', 'UpstreamReset', { method: 'POST' }, 'AfterBackoff'],
    ['a timeout of a try', 'UpstreamTimeout', {}, 'AfterBackoff'],
    ['not the timeout of the whole', 'RequestTimeout', {}, 'GiveUp'],
    ['nothing beyond its attempts', 'UpstreamTimeout', { plannedRetries: 2 }, 'GiveUp'],
    ['nothing that the client did', 'DownstreamClosed', {}, 'GiveUp'],
  ])('and a rule may have sent again: %s', (_, error, part, decision) => {
    const plan = { attempts: 2, codes: [], backoffMs: 0 };
    expect(decideRetry(error, { ...input, plan, ...part })).toBe(decision);
  });
});
