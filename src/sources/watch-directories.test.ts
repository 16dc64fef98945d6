import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { systemClock } from '../lib/clock.ts';
import { watchDirectories } from './watch-directories.ts';
import type { DirectoryWatch } from './watch-directories.ts';

let root: string;
let watch: DirectoryWatch;
let told: () => void;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'sallyport-watch-'));
  watch = watchDirectories({ ...systemClock, after: keepAlive })(() => told());
});
afterEach(() => {
  watch.close();
  rmSync(root, { recursive: true, force: true });
});

/** The system clock's timers do not keep the process alive; a test that waits for one must. */
function keepAlive(delayMs: number, run: () => void) {
  const timer = setTimeout(run, delayMs);
  return { cancel: () => clearTimeout(timer) };
}

function nextChange(): Promise<void> {
  return new Promise((resolve) => {
    told = resolve;
  });
}

async function follow(...directories: string[]): Promise<void> {
  const lookAgain = nextChange();
  watch.follow(directories);
  await lookAgain;
}

describe('watchDirectories', () => {
  test.each([
    { name: 'a file that is written', change: () => writeFileSync(join(root, 'a.yaml'), 'new') },
    { name: 'a file that is replaced', change: () => renameSync(join(root, 'b.yaml'), join(root, 'a.yaml')) },
    { name: 'a file that is removed', change: () => rmSync(join(root, 'a.yaml')) },
  ])('tells of $name', async ({ change }) => {
    for (const name of ['a.yaml', 'b.yaml']) writeFileSync(join(root, name), name);
    await follow(root);
    const changed = nextChange();
    change();
    await changed;
  });

  test('follows a directory that was removed and made again', async () => {
    const directory = join(root, 'manifests');
    mkdirSync(directory);
    await follow(directory);
    const removed = nextChange();
    rmSync(directory, { recursive: true });
    mkdirSync(directory);
    await removed;
    await follow(directory);
    const changed = nextChange();
    writeFileSync(join(directory, 'a.yaml'), 'new');
    await changed;
  });

  test('looks again every second where it cannot watch', async () => {
    const looked = nextChange();
    watch.follow([join(root, 'missing')]);
    await looked;
    expect.assertions(0);
  });
});
