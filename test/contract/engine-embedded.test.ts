import { type ChildProcess, spawn } from 'node:child_process';
import { createServer as createHttpServer, type Server } from 'node:http';
import { type AddressInfo, connect, createServer } from 'node:net';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, test } from 'vitest';
import type { EmbeddedEngine } from '../../src/engine/embedded/embedded-engine.ts';
import type { EngineReport } from '../../src/engine/engine-report.ts';
import { engineContract } from './engine-contract.ts';
import { backendPlan, forwardRule, gatewayPlan, httpPort, listener } from './gateway-plans.ts';
import { Reports } from './reports.ts';
import { addressPool, loader, startEmbedded } from './start-embedded.ts';
import { Load, send, startBackend } from './traffic.ts';

/** What takes moments may take longer on a busy machine. */
const SOON = { timeout: 10_000 };

engineContract({ name: 'embedded', start: () => startEmbedded({ addressPool: addressPool(0) }), skip: [] });

/** Ends what a test started, last first. */
const ends: (() => void | Promise<void>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

async function backend(name: string) {
  const started = await startBackend(name);
  ends.push(() => started.close());
  return started;
}

async function start(options: Parameters<typeof startEmbedded>[0]) {
  const engine = await startEmbedded(options);
  ends.push(() => engine.close());
  return { engine, reports: new Reports(engine) };
}

function apply(engine: EmbeddedEngine, reports: Reports, plan: Parameters<EmbeddedEngine['apply']>[0]) {
  const report = reports.final(plan);
  engine.apply(plan);
  return report;
}

const urlOf = (report: EngineReport) => `http://${report.addresses[0]?.value}:${report.ports[0]?.boundPort}/`;
const refused = (url: string) =>
  send(url).then(
    () => '',
    (error: Error) => error.message,
  );

describe('a worker of the embedded engine', { timeout: 20_000 }, () => {
  test('that is killed takes its own connections with it and no other, and is replaced', async () => {
    const one = await backend('one');
    const { engine, reports } = await start({ addressPool: addressPool(1) });
    const plan = gatewayPlan('web', {
      ports: [httpPort(8080, forwardRule('/', { one: 1 }))],
      backends: [backendPlan('one', one.port)],
    });
    const url = urlOf(await apply(engine, reports, plan));
    const load = new Load(url, 16);
    await load.further(200);
    const [victim, survivor] = engine.workerPids;
    if (victim === undefined || survivor === undefined) throw new Error('There are no two workers.');
    process.kill(victim, 'SIGKILL');
    await load.further(200);
    await expect.poll(() => engine.workerPids.filter((pid) => pid !== victim).length, SOON).toBe(2);
    expect(engine.workerPids).toContain(survivor);
    await load.further(200);
    const { failures } = await load.stop();
    // One for each of its connections at most, and the backend's answers go on.
    expect(failures.length).toBeLessThan(16);
    expect(failures.every((failure) => failure.includes('ECONNRESET') || failure.includes('socket hang up'))).toBe(
      true,
    );
  });

  test('that replaces another has the whole state before it accepts', async () => {
    const one = await backend('one');
    const { engine, reports } = await start({ addressPool: addressPool(1), workers: 1 });
    const plan = (name: string) =>
      gatewayPlan(name, {
        ports: [httpPort(8080, forwardRule(`/${name}`, { one: 1 }))],
        backends: [backendPlan('one', one.port)],
      });
    const urls = [urlOf(await apply(engine, reports, plan('a'))), urlOf(await apply(engine, reports, plan('b')))];
    const [only] = engine.workerPids;
    if (only === undefined) throw new Error('There is no worker.');
    process.kill(only, 'SIGKILL');
    await expect.poll(() => engine.workerPids.includes(only), SOON).toBe(false);
    // What comes before the new worker is ready waits in the queue of the socket.
    const answers = await Promise.all([send(`${urls[0]}a`), send(`${urls[1]}b`)]);
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
  });

  test('counts requests by route, and the counts outlive it', async () => {
    const one = await backend('one');
    const { engine, reports } = await start({ addressPool: addressPool(1), workers: 1 });
    const plan = gatewayPlan('web', {
      ports: [httpPort(8080, forwardRule('/', { one: 1 }))],
      backends: [backendPlan('one', one.port)],
    });
    const url = urlOf(await apply(engine, reports, plan));
    for (let request = 0; request < 3; request++) await send(url);
    const counted = (counters: Awaited<ReturnType<EmbeddedEngine['readMetrics']>>['departed']) =>
      counters.find(({ name }) => name === 'sallyport_http_requests_total')?.value;
    expect(counted((await engine.readMetrics()).workers[0]?.counters ?? [])).toBe(3);
    const [only] = engine.workerPids;
    if (only !== undefined) process.kill(only, 'SIGKILL');
    await expect.poll(async () => counted((await engine.readMetrics()).departed), SOON).toBe(3);
  });
});

describe('closing the embedded engine', { timeout: 20_000 }, () => {
  test('finishes a request under way', async () => {
    let answer = () => {};
    const slow: Server = createHttpServer((_request, response) => {
      answer = () => response.end('late');
    });
    await new Promise<void>((resolve) => {
      slow.listen(0, '127.0.0.1', resolve);
    });
    ends.push(() => void slow.close());
    const { engine, reports } = await start({ addressPool: addressPool(1) });
    const plan = gatewayPlan('web', {
      ports: [httpPort(8080, forwardRule('/', { slow: 1 }))],
      backends: [backendPlan('slow', (slow.address() as AddressInfo).port)],
    });
    const url = urlOf(await apply(engine, reports, plan));
    const response = send(url);
    await new Promise<void>((resolve) => {
      slow.once('request', () => resolve());
    });
    const closed = engine.close();
    await expect.poll(() => refused(url), SOON).toMatch('ECONNREFUSED');
    answer();
    expect(await response).toEqual({ status: 200, body: 'late' });
    await closed;
    expect(engine.workerPids).toEqual([]);
  });
});

describe('a port of the embedded engine', { timeout: 20_000 }, () => {
  test('that another program has is reported with the remedy, and opened once it is free', async () => {
    const address = addressPool(2).replace('.0/24', '.7');
    const other = createServer();
    await new Promise<void>((resolve) => {
      other.listen(8080, address, resolve);
    });
    const one = await backend('one');
    const { engine, reports } = await start({ address, portWaitMs: 0 });
    const plan = gatewayPlan('web', {
      ports: [httpPort(8080, forwardRule('/', { one: 1 })), httpPort(8081, forwardRule('/', { one: 1 }))],
      backends: [backendPlan('one', one.port)],
    });
    const report = await apply(engine, reports, plan);
    expect(report.ports).toMatchObject([
      { port: 8080, state: 'Failed', cause: 'PortUnavailable' },
      { port: 8081, state: 'Bound' },
    ]);
    expect(report.ports[0]?.message).toContain('--port-offset');
    const next = reports.final(plan);
    other.close();
    expect((await next).ports[0]?.state).toBe('Bound');
    expect(await send(urlOf(report))).toEqual({ status: 200, body: 'one' });
  });

  test('on an address of another machine is reported so', async () => {
    const { engine, reports } = await start({ workers: 1 });
    const plan = gatewayPlan('web', {
      ports: [httpPort(8080)],
      addresses: [{ type: 'IPAddress', value: '192.0.2.1' }],
    });
    const { ports, addresses } = await apply(engine, reports, plan);
    expect(ports).toMatchObject([{ state: 'Failed', cause: 'AddressNotUsable' }]);
    expect(ports[0]?.message).toContain('192.0.2.1:8080');
    // GatewayStatus.addresses: "Addresses lists the network addresses that have been bound to the Gateway."
    expect(addresses).toEqual([]);
  });

  test('is shared by Gateways with different hostnames; a hostname taken twice is free for the second when the first ends', async () => {
    const [one, two] = await Promise.all([backend('one'), backend('two')]);
    const { engine, reports } = await start({ address: addressPool(2).replace('.0/24', '.8'), workers: 1 });
    const plan = (name: string) =>
      gatewayPlan(name, {
        ports: [{ port: 8080, protocol: 'HTTP', listeners: [listener('http', [forwardRule('/', { [name]: 1 })])] }],
        backends: [backendPlan(name, name === 'one' ? one.port : two.port)],
      });
    const first = await apply(engine, reports, plan('one'));
    const second = await apply(engine, reports, plan('two'));
    expect(second.ports).toMatchObject([{ state: 'Failed', cause: 'PortUnavailable' }]);
    expect(await send(urlOf(first))).toEqual({ status: 200, body: 'one' });
    const again = reports.next(({ gateway, ports }) => gateway.name === 'two' && ports[0]?.state === 'Bound');
    engine.remove(first.gateway);
    expect(await send(urlOf(await again))).toEqual({ status: 200, body: 'two' });
  });
});

describe('a supervisor that is killed', () => {
  interface Line {
    readonly state: string;
    readonly addresses: EngineReport['addresses'];
    readonly ports: EngineReport['ports'];
    readonly workers: readonly number[];
  }

  function startSupervisor(pool: string, backendPort: number): { process: ChildProcess; applied: Promise<Line> } {
    const script = fileURLToPath(new URL('supervisor-process.ts', import.meta.url));
    const supervisor = spawn(process.execPath, ['--import', loader, script, pool, String(backendPort)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const applied = new Promise<Line>((resolve) => {
      createInterface({ input: supervisor.stdout }).on('line', (line) => {
        const report = JSON.parse(line) as Line;
        if (report.state === 'Applied') resolve(report);
      });
    });
    return { process: supervisor, applied };
  }

  const isAlive = (pid: number) => {
    try {
      return process.kill(pid, 0);
    } catch {
      return false;
    }
  };

  test('leaves its ports to a successor at once, while its workers finish what is under way', async () => {
    const one = await backend('one');
    const pool = addressPool(3);
    const first = startSupervisor(pool, one.port);
    const before = await first.applied;
    const url = `http://${before.addresses[0]?.value}:8080/`;
    // Half a request: the connection is under way when the supervisor dies.
    const client = connect(8080, before.addresses[0]?.value ?? '');
    client.write('GET / HTTP/1.1\r\nHost: under.way\r\n');
    await send(url);
    first.process.kill('SIGKILL');
    const second = startSupervisor(pool, one.port);
    ends.push(() => void second.process.kill('SIGTERM'));
    const answer = new Promise<string>((resolve) => {
      client.once('data', (chunk) => resolve(chunk.toString()));
    });
    client.write('\r\n');
    expect(await answer).toContain('200 OK');
    const after = await second.applied;
    expect(after.addresses).toEqual(before.addresses);
    expect(after.ports).toMatchObject([{ state: 'Bound' }]);
    expect((await send(url)).body).toBe('one');
    client.destroy();
    await expect.poll(() => before.workers.some(isAlive), SOON).toBe(false);
  }, 20_000);
});
