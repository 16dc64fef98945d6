import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { KubeObject } from '../api/object.ts';
import { UsageError } from '../lib/usage-error.ts';
import { LmdbPersistence } from './lmdb-persistence.ts';
import { ObjectStore } from './object-store.ts';

const CONFIG_MAP = { group: '', kind: 'ConfigMap' };
const writer = fileURLToPath(new URL('testdata/lmdb-writer.ts', import.meta.url));
let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'sallyport-store-'));
});
afterEach(() => {
  rmSync(directory, { recursive: true, force: true });
});

function configMap(name: string): KubeObject {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace: 'default' } };
}

function openStore(): ObjectStore {
  return new ObjectStore({ persistence: LmdbPersistence.open(directory) });
}

function names(store: ObjectStore): readonly string[] {
  return store.list(CONFIG_MAP).map(({ metadata }) => metadata.name);
}

test('objects outlive the store, deleted and transient ones do not', async () => {
  const first = openStore();
  for (const name of ['kept', 'deleted']) first.put(configMap(name));
  first.put(configMap('transient'), { isDurable: false });
  first.remove({ ...CONFIG_MAP, namespace: 'default', name: 'deleted' });
  await first.whenDurable();
  const revision = first.revision;
  await first.close();

  const second = openStore();
  expect(names(second)).toEqual(['kept']);
  expect(second.revision).toBeGreaterThanOrEqual(revision);
  await second.close();
});

test('a restored store knows nothing of the writes before it, so watches list anew', async () => {
  const first = openStore();
  const { revision } = first;
  first.put(configMap('a'));
  await first.close();

  const second = openStore();
  expect(second.eventsAfter(revision)).toBeUndefined();
  expect(second.eventsAfter(second.revision)).toEqual([]);
  await second.close();
});

test.each([{ afterWrites: 1 }, { afterWrites: 50 }, { afterWrites: 300 }])(
  'every write acknowledged before a SIGKILL after $afterWrites of them is there, and revisions go on',
  async ({ afterWrites }) => {
    const seen = await killAfter(afterWrites);
    expect(seen.acknowledged.length).toBeGreaterThanOrEqual(afterWrites);
    const store = openStore();
    expect(new Set(names(store))).toEqual(new Set([...names(store), ...seen.acknowledged]));
    expect(store.revision).toBeGreaterThanOrEqual(seen.revision);
    await store.close();
  },
  30_000,
);

test('a directory that another process has is refused, and is free again once that process was killed', async () => {
  const child = spawn(process.execPath, ['--import', 'tsx', writer, directory], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'exit');
  await once(child.stdout, 'data');
  expect(openStore).toThrow(UsageError);
  expect(openStore).toThrow(`is in use by process ${child.pid};`);
  child.kill('SIGKILL');
  await ended;
  await openStore().close();
}, 30_000);

test('a directory that cannot be used is refused in one sentence', () => {
  writeFileSync(join(directory, 'file'), '');
  const open = () => LmdbPersistence.open(join(directory, 'file'));
  expect(open).toThrow(UsageError);
  expect(open).toThrow(/^The data directory ".*" cannot be used \(.*\); name another one with --data-dir\.$/);
});

interface SeenBeforeTheEnd {
  readonly acknowledged: readonly string[];
  /** The largest revision that the killed process showed to anybody, acknowledged or not. */
  readonly revision: number;
}

/** Lets a child write as fast as it can and kills it in the middle. Its lines are `wrote REVISION` and `acknowledged NAME`. */
function killAfter(writes: number): Promise<SeenBeforeTheEnd> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['--import', 'tsx', writer, directory], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let output = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      output += text;
      if (output.split('acknowledged').length > writes) child.kill('SIGKILL');
    });
    child.once('error', reject);
    child.once('close', () => {
      const lines = output
        .split('\n')
        .slice(0, -1)
        .map((line) => line.split(' '));
      const of = (word: string) => lines.filter(([first]) => first === word).map(([, value = '']) => value);
      resolve({ acknowledged: of('acknowledged'), revision: Math.max(...of('wrote').map(Number)) });
    });
  });
}
