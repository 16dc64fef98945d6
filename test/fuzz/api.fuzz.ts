import fc from 'fast-check';
import { request } from 'node:https';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startApiServer, type RunningApiServer } from '../../src/apiserver/start-api-server.ts';
import { systemClock } from '../../src/lib/clock.ts';
import { type ApiCall, apiCall } from '../support/arbitrary-api-request.ts';
import { FUZZ_OPTIONS } from '../support/fuzz-options.ts';

const TOKEN = 'fuzz';
/** Nothing that the API does takes this long. */
const HANG_MS = 5_000;

let api: RunningApiServer;

beforeAll(async () => {
  api = await startApiServer({ clock: systemClock, tokens: [TOKEN] });
});

afterAll(async () => {
  await api.close();
});

interface Answer {
  readonly code: number;
  readonly body: string;
}

/** Sends a request and reads the whole answer; of a watch, its head. */
function send({ method, target, headers, body }: ApiCall): Promise<Answer> {
  const { hostname, port } = new URL(api.url);
  return new Promise((resolve, reject) => {
    const options = {
      method,
      hostname,
      port,
      path: target,
      timeout: HANG_MS,
      rejectUnauthorized: false,
      headers: { ...headers, authorization: `Bearer ${TOKEN}`, 'content-length': Buffer.byteLength(body) },
    };
    const sent = request(options, (response) => {
      const code = response.statusCode ?? 0;
      if (/[?&]watch=/.test(target) && code === 200 && method === 'GET') {
        sent.destroy();
        resolve({ code, body: '' });
        return;
      }
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.once('end', () => resolve({ code, body: Buffer.concat(chunks).toString() }));
      response.once('error', reject);
    });
    sent.once('timeout', () => sent.destroy(new Error('The API does not answer.')));
    sent.once('error', reject);
    sent.end(body);
  });
}

test('every request gets an answer, never 500, and failures are Statuses', async () => {
  await fc.assert(
    fc.asyncProperty(apiCall, async (call) => {
      const { code, body } = await send(call);
      expect(code, body).not.toBe(500);
      if (code < 400 || call.method === 'HEAD') return;
      expect(JSON.parse(body)).toMatchObject({ kind: 'Status', status: 'Failure', code });
    }),
    FUZZ_OPTIONS,
  );
  expect(await send({ method: 'GET', target: '/readyz', headers: {}, body: '' })).toMatchObject({ code: 200 });
});
