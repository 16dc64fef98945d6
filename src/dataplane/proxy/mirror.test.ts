import { afterEach, expect, test } from 'vitest';
import {
  answering,
  closeAll,
  proxyTo,
  type RawClient,
  startBackend,
  turn,
} from '../../../test/support/proxy-harness.ts';
import type { HttpFilter } from '../exchange.ts';

const OK = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok';

afterEach(closeAll);

function adding(name: string): HttpFilter {
  return {
    onRequest({ request }) {
      request.headers.set(name, 'yes');
      return undefined;
    },
  };
}

async function received(connections: readonly RawClient[]): Promise<string> {
  while (connections[0] === undefined) await turn();
  return connections[0].until(/abc$/);
}

test('a mirror of a backendRef gets a copy besides that of the rule, each as the filters before it made the request', async () => {
  const [ofRule, ofBackend] = [await startBackend(answering(OK)), await startBackend(answering(OK))];
  const { proxy } = await proxyTo(answering(OK), {
    filters: [adding('X-Rule')],
    backendFilters: [adding('X-Backend')],
    mirrorPorts: [ofRule.port],
    backendMirrorPorts: [ofBackend.port],
  });
  const answer = await proxy.exchange(
    'POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nConnection: close\r\n\r\nabc',
  );
  expect(answer).toContain('200 OK');
  const fromRule = await received(ofRule.connections);
  const fromBackend = await received(ofBackend.connections);
  expect(fromRule).toContain('X-Rule: yes');
  expect(fromRule).not.toContain('X-Backend');
  expect(fromBackend).toContain('X-Rule: yes\r\nX-Backend: yes');
});
