import { afterEach, expect, test } from 'vitest';
import { answering, closeAll, proxyTo } from '../../../test/support/proxy-harness.ts';
import type { HttpFilter } from '../exchange.ts';

const GET = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n';
const GET_BAD = 'GET /bad HTTP/1.1\r\nHost: a\r\n\r\n';
const OK = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok';
const OK_ANSWER = /\r\n\r\nok$/;
const FAULT = new Error('a fault');

afterEach(closeAll);

function failOn({ request }: { readonly request: { readonly path: string } }): void {
  if (request.path === '/bad') throw FAULT;
}

const filters: readonly { readonly name: string; readonly filter: HttpFilter }[] = [
  {
    name: 'while a request is read',
    filter: {
      onRequest(exchange) {
        failOn(exchange);
        return undefined;
      },
    },
  },
  { name: 'while an answer is handled', filter: { onResponse: failOn } },
];

test.each(filters)('an exception $name ends one connection and no other', async ({ filter }) => {
  const { proxy } = await proxyTo(answering(OK), { filters: [filter] });
  const other = proxy.connect();
  other.write(GET);
  await other.until(OK_ANSWER);
  const broken = proxy.connect();
  broken.write(GET_BAD);
  await broken.closed();
  expect(broken.received).not.toContain('ok');
  expect(proxy.faults).toEqual([FAULT]);
  other.write(GET);
  await other.until(/ok.*\r\n\r\nok$/s);
  expect(proxy.server.connectionCount).toBe(1);
});

test('a request that meets an exception is answered with 500 and counted', async () => {
  const filter: HttpFilter = {
    onRequest(exchange) {
      failOn(exchange);
      return undefined;
    },
  };
  const { proxy } = await proxyTo(answering(OK), { filters: [filter] });
  expect(await proxy.exchange(GET_BAD)).toMatch(/^HTTP\/1\.1 500 .*Connection: close.*The gateway failed\.\n$/s);
  expect(proxy.finished).toMatchObject([{ statusCode: 500, error: 'InternalError' }]);
});

test('a pipeline behind an answer that meets an exception is not read on', async () => {
  const { proxy } = await proxyTo(answering(OK), { filters: [{ onResponse: failOn }] });
  const client = proxy.connect();
  client.write(`${GET}${GET_BAD}${GET}`);
  await client.closed();
  expect(client.received.split('ok')).toHaveLength(2);
  expect(proxy.faults).toEqual([FAULT]);
  expect(proxy.server.connectionCount).toBe(0);
});
