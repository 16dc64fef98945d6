import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, readdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const MODULE = fileURLToPath(new URL('.', import.meta.url));
const CACHE = fileURLToPath(new URL('../.cache/conformance', import.meta.url));

/** Programs of the suite and of its pods, named as their images are. */
const PROGRAMS: Readonly<Record<string, readonly string[]>> = {
  'conformance.test': ['test', '-c', './suite'],
  'echo-basic': ['build', 'sigs.k8s.io/gateway-api/conformance/echo-basic'],
  coredns: ['build', './coredns'],
};

/** Builds the Go programs that are not in the cache, which is keyed by what they are built from. Returns their folder. */
export async function buildPrograms(): Promise<string> {
  const folder = join(CACHE, await cacheKey());
  await mkdir(folder, { recursive: true });
  for (const [name, [verb = '', ...args]] of Object.entries(PROGRAMS)) {
    const file = join(folder, name);
    if (existsSync(file)) continue;
    console.log(`Building ${name}.`);
    const unfinished = `${file}.${process.pid}`;
    await go([verb, '-o', unfinished, ...args]);
    await rename(unfinished, file);
  }
  return folder;
}

async function cacheKey(): Promise<string> {
  const sources = (await readdir(MODULE, { recursive: true })).filter((name) => /\.(go|mod|sum)$/.test(name)).sort();
  const hash = createHash('sha256');
  for (const name of sources)
    hash
      .update(name)
      .update('\0')
      .update(readFileSync(join(MODULE, name)));
  return hash.digest('hex').slice(0, 16);
}

async function go(args: readonly string[]): Promise<void> {
  const child = spawn('go', args, {
    cwd: MODULE,
    env: { ...process.env, CGO_ENABLED: '0' },
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const [code] = (await once(child, 'exit')) as [number | null];
  if (code !== 0) throw new Error(`"go ${args.join(' ')}" ended with ${code}.`);
}
