import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { startSallyport } from './harness.ts';
import type { Sallyport } from './harness.ts';
import type { EchoBackend } from './support/echo-backend.ts';
import { startEchoBackend } from './support/echo-backend.ts';
import { claimLoopbackRange } from './support/loopback-range.ts';
import type { LoopbackRange } from './support/loopback-range.ts';
import { documents, gateway, gatewayClass, httpRoute, service } from './support/manifests.ts';
import { makeTemporaryDirectory } from './support/temporary-directory.ts';
import type { TemporaryDirectory } from './support/temporary-directory.ts';

const PORT = 18_080;
const URL = `http://web.example.com:${PORT}`;
/** Longer than a restart takes, and shorter than the time that a drain may take. */
const SLOW = `${URL}/slow?delayMs=1500`;

let directory: TemporaryDirectory;
let range: LoopbackRange;
let backend: EchoBackend;
const running: Sallyport[] = [];

beforeEach(async () => {
  directory = makeTemporaryDirectory();
  [range, backend] = await Promise.all([claimLoopbackRange(), startEchoBackend('web')]);
});
afterEach(async () => {
  await Promise.all(running.splice(0).map((sallyport) => sallyport.close()));
  await Promise.all([range.release(), backend.close()]);
  directory.remove();
});

/** Starts a server whose Gateways have the same addresses and whose objects are kept in the same place each time. */
async function start(): Promise<Sallyport> {
  const args = [`--address-pool=${range.cidr}`, `--data-dir=${join(directory.path, 'data')}`];
  const sallyport = await startSallyport({ args });
  running.push(sallyport);
  return sallyport;
}

async function apply(sallyport: Sallyport): Promise<string> {
  await sallyport.api.apply(
    documents(
      gatewayClass('sallyport'),
      gateway('edge', 'sallyport', [{ name: 'http', protocol: 'HTTP', port: PORT }]),
      service({ name: 'web', port: 80 }, backend.endpoint),
      httpRoute('web', 'edge', [{ backendRefs: [{ name: 'web', port: 80 }] }]),
    ),
  );
  await sallyport.routeInEffect('web');
  return sallyport.gatewayAddress('edge');
}

/** Sends a request and resolves once the backend has it; `status` is that of the answer to come, or why there is none. */
async function underWay(sallyport: Sallyport, address: string) {
  const before = backend.requests;
  const status = sallyport.send({ address, url: SLOW }).then((answer) => answer.status, String);
  await vi.waitUntil(() => backend.requests > before);
  return { status };
}

describe('the life of the program', () => {
  test('SIGTERM lets a request under way finish, takes no new one, and ends with 0', async () => {
    const sallyport = await start();
    const address = await apply(sallyport);
    const { status } = await underWay(sallyport, address);
    sallyport.process.kill('SIGTERM');
    await sallyport.process.event(({ type }) => type === 'Draining', 'Draining');
    expect(await status).toBe(200);
    expect(await sallyport.process.exited).toBe(0);
    await expect(sallyport.send({ address, url: URL })).rejects.toThrow('ECONNREFUSED');
  });

  test('a second signal ends it at once', async () => {
    const sallyport = await start();
    const address = await apply(sallyport);
    const { status } = await underWay(sallyport, address);
    sallyport.process.kill('SIGINT');
    await sallyport.process.event(({ type }) => type === 'Draining', 'Draining');
    // One that comes with the first is taken for the same.
    const again = setInterval(() => sallyport.process.kill('SIGINT'), 50);
    expect(await sallyport.process.exited).toBe(130);
    clearInterval(again);
    await status;
  });

  test('killed with SIGKILL, its workers finish what is under way, and a restart serves at once what was written', async () => {
    const first = await start();
    const address = await apply(first);
    const { status } = await underWay(first, address);
    first.process.kill('SIGKILL');
    await first.process.exited;
    const second = await start();
    expect(await second.gatewayAddress('edge')).toBe(address);
    await second.routeInEffect('web');
    expect((await second.send({ address, url: URL })).status).toBe(200);
    expect(await status).toBe(200);
  });

  test('what was written a moment before a crash is there after it', async () => {
    const first = await start();
    for (let count = 0; count < 20; count++) {
      await first.api.apply(service({ name: `kept-${count}`, port: 80 }));
    }
    first.process.kill('SIGKILL');
    await first.process.exited;
    const second = await start();
    const names = await second.kubectlOk(['get', 'services', '-o', 'name']);
    expect(names.split('\n').filter((name) => name.includes('kept-'))).toHaveLength(20);
    expect(existsSync(join(directory.path, 'data'))).toBe(true);
  });
});
