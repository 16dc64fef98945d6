import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { EmbeddedEngine } from '../../src/engine/embedded/embedded-engine.ts';
import type { EmbeddedEngineOptions } from '../../src/engine/embedded/embedded-engine-options.ts';
import { systemClock } from '../../src/lib/clock.ts';

/** Lets a worker run from its TypeScript source. */
export const loader = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;

/** An embedded engine with two workers that run the sources, all up. */
export async function startEmbedded(options: Partial<EmbeddedEngineOptions>): Promise<EmbeddedEngine> {
  const engine = new EmbeddedEngine({
    clock: systemClock,
    workers: 2,
    graceMs: 2_000,
    workerExecArgv: ['--import', loader],
    ...options,
  });
  await engine.started;
  return engine;
}

/** A block of loopback addresses that no other test process uses. @param part 0 to 3: several in one process. */
export function addressPool(part: number): string {
  return `127.${100 + part}.${process.pid % 251}.0/24`;
}
