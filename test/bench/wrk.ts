import { spawn } from 'node:child_process';
import { LOAD_CORE } from './processes.ts';

/** What `wrk` saw in one round. */
export interface WrkResult {
  readonly requests: number;
  /** Answers other than 2xx and 3xx, and socket errors. */
  readonly errors: number;
}

/** Runs `wrk` with one thread on the load's core. */
export async function wrk(url: string, connections: number, seconds: number): Promise<WrkResult> {
  const command = ['-c', String(LOAD_CORE), 'wrk', '-t1', `-c${connections}`, `-d${seconds}s`, url];
  const child = spawn('taskset', command, { stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    output += chunk;
  });
  await new Promise((resolve) => {
    child.once('close', resolve);
  });
  const requests = /(\d+) requests in/.exec(output)?.[1];
  if (requests === undefined) throw new Error(`wrk ${url} says: ${output}`);
  const socketErrors = [...(/Socket errors: (.*)/.exec(output)?.[1] ?? '').matchAll(/\d+/g)].map(Number);
  const refused = Number(/Non-2xx or 3xx responses: (\d+)/.exec(output)?.[1] ?? 0);
  return { requests: Number(requests), errors: refused + socketErrors.reduce((sum, count) => sum + count, 0) };
}
