import { connect } from 'node:net';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ManualClock } from '../../lib/manual-clock.ts';
import type { RulePlan } from '../../plan/types.ts';
import type { WorkerDelta } from './protocol.ts';
import { SocketBroker, socketId } from './socket-broker.ts';
import { type DeltaOutcome, WorkerPool } from './worker-pool.ts';

/** What takes moments may take longer on a busy machine. */
const SOON = { timeout: 10_000 };

const entry = fileURLToPath(new URL('testdata/scripted-worker.js', import.meta.url));

function delta(...ids: string[]): WorkerDelta {
  const rules = ids.map(
    (id): RulePlan => ({
      id: id as RulePlan['id'],
      source: { route: { group: '', kind: 'HTTPRoute', namespace: 'default', name: 'r' }, rule: 0, match: 0 },
      match: { path: { type: 'PathPrefix', value: '/' }, headers: [], queryParams: [] },
      filters: [],
      action: { type: 'Respond', statusCode: 500, because: 'test' },
      timeouts: {},
    }),
  );
  return {
    rules,
    removedRules: [],
    backends: [],
    removedBackends: [],
    certificates: [],
    removedCertificates: [],
    sockets: [],
  };
}

/** A free port on an address of this file's own. */
const address = `127.90.${(process.pid >> 8) & 255}.${process.pid & 255 || 1}`;
const port = 7_001;
const socket = socketId(address, port);

/** What the worker that takes the connection says. */
function ask(): Promise<{ pid: number; rules: string }> {
  return new Promise((resolve, reject) => {
    let text = '';
    const client = connect(port, address);
    client.on('data', (chunk) => {
      text += chunk.toString();
    });
    client.on('error', reject);
    client.on('close', () => {
      const [pid, rules] = text.split(' ');
      resolve({ pid: Number(pid), rules: rules ?? '' });
    });
  });
}

describe('a worker pool', { timeout: 20_000 }, () => {
  let state: WorkerDelta[];
  let broker: SocketBroker;
  let pool: WorkerPool;
  let clock: ManualClock;
  let log: string[];
  let onLog: () => void;

  const apply = (change: WorkerDelta) =>
    new Promise<DeltaOutcome>((resolve) => {
      pool.apply(change, (outcome) => {
        if (outcome.type === 'Applied') state.push(change);
        resolve(outcome);
      });
    });

  const listen = () => {
    expect(broker.open(socket, address, port)).toEqual({ type: 'Bound' });
    const handle = broker.handle(socket);
    if (handle === undefined) throw new Error('The socket is not open.');
    return pool.listen(socket, handle);
  };

  beforeEach(async () => {
    state = [];
    log = [];
    onLog = () => undefined;
    broker = new SocketBroker();
    clock = new ManualClock();
    pool = new WorkerPool({
      clock,
      workers: 2,
      command: { entry, execArgv: [] },
      start: { type: 'Start', ticketKeys: '', trustedProxies: [] },
      state: () => ({ deltas: state, sockets: broker.handles }),
      log: (message) => {
        log.push(message);
        onLog();
      },
    });
    await pool.full;
  });
  afterEach(async () => {
    await pool.drain(0);
    broker.closeAll();
  });

  test('applies a delta in every worker', async () => {
    await listen();
    expect(await apply(delta('a'))).toEqual({ type: 'Applied' });
    const answers = await Promise.all(Array.from({ length: 20 }, ask));
    expect(new Set(answers.map(({ rules }) => rules))).toEqual(new Set(['a']));
  });

  test('tells a rejection in the words of the worker, and goes on from the state before', async () => {
    await apply(delta('a'));
    expect(await apply(delta('reject'))).toMatchObject({ type: 'Rejected', message: 'This rule is refused.' });
    expect(await apply(delta('b'))).toEqual({ type: 'Applied' });
    await listen();
    expect((await ask()).rules).toBe('a,b');
  });

  test('rejects a delta that ends every worker that tries it', async () => {
    await apply(delta('a'));
    const outcome = await apply(delta('crash'));
    expect(outcome).toEqual({ type: 'Rejected', message: 'The plan ended 3 workers that tried to apply it.' });
    // One that ended before it was known to be up is started again after a pause.
    const live = () => {
      clock.advance(100);
      return pool.livePids.length;
    };
    await expect.poll(live, SOON).toBe(2);
  });

  test('ends workers that do not answer and carries on', async () => {
    const outcome = apply(delta('hang'));
    for (let round = 0; round < 2; round++) {
      const stuck = [...pool.livePids];
      clock.advance(10_000);
      await expect
        .poll(() => pool.livePids.length === 2 && !pool.livePids.some((pid) => stuck.includes(pid)))
        .toBe(true);
    }
    expect(await outcome).toMatchObject({ type: 'Rejected' });
    expect(log.some((message) => message.includes('does not answer'))).toBe(true);
  });

  test('keeps connections waiting, accepts none itself, and serves them once a worker is back', async () => {
    await apply(delta('a'));
    await listen();
    const killed = [...pool.livePids];
    const allDown = new Promise<void>((resolve) => {
      onLog = () => {
        if (!killed.some((pid) => pool.livePids.includes(pid))) resolve();
      };
    });
    for (const pid of killed) process.kill(pid, 'SIGKILL');
    await allDown;
    const answers = await Promise.all(Array.from({ length: 20 }, ask));
    expect(answers.every(({ pid, rules }) => rules === 'a' && pid !== process.pid && !killed.includes(pid))).toBe(true);
  });

  test('keeps the counts of workers that have ended', async () => {
    expect(await pool.readMetrics()).toHaveLength(2);
    const [victim] = pool.livePids;
    if (victim !== undefined) process.kill(victim, 'SIGKILL');
    await expect.poll(() => pool.departed, SOON).toEqual([{ name: 'requests', labels: {}, value: 1 }]);
  });

  test('reports a port that another program listens on', async () => {
    const other = new SocketBroker();
    expect(other.open(socket, address, port)).toEqual({ type: 'Bound' });
    await listen();
    expect(new SocketBroker().open(socket, address, port)).toEqual({ type: 'Failed', code: 'EADDRINUSE' });
    other.closeAll();
  });
});

test('a worker that cannot start is tried again after a pause', async () => {
  const clock = new ManualClock();
  const log: string[] = [];
  const pool = new WorkerPool({
    clock,
    workers: 1,
    command: { entry: fileURLToPath(new URL('testdata/failing-worker.js', import.meta.url)), execArgv: [] },
    start: { type: 'Start', ticketKeys: '', trustedProxies: [] },
    state: () => ({ deltas: [], sockets: new Map() }),
    log: (message) => void log.push(message),
  });
  await expect.poll(() => log.length, SOON).toBe(1);
  clock.advance(100);
  await expect.poll(() => log.length, SOON).toBe(2);
  await pool.drain(0);
});
