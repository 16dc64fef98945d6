import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { isListening, wire } from './pod-network.ts';

/** What runs in a pod. */
export interface PodCommand {
  readonly file: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly address: string;
}

/** One line that a pod wrote, and when. */
export interface LogLine {
  readonly at: Date;
  readonly text: string;
}

/** Holds the program back until its network is there. */
const WAIT_THEN_RUN = 'echo wired?; read -r answer; exec "$@"';

/** A process in a network namespace of its own. */
export class PodProcess {
  readonly log: LogLine[] = [];
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess) {
    this.#child = child;
  }

  /** Resolves once the program listens; rejects if it ended before. */
  static async start({ file, args, env, address }: PodCommand): Promise<PodProcess> {
    const child = spawn('unshare', ['--net', 'sh', '-c', WAIT_THEN_RUN, 'sh', file, ...args], {
      env: { PATH: process.env['PATH'], ...env },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    const { pid } = child;
    if (pid === undefined) throw new Error(`${file} cannot be started.`);
    const pod = new PodProcess(child);
    await once(child.stdout, 'data');
    await wire(pid, address);
    for (const stream of [child.stdout, child.stderr])
      createInterface({ input: stream }).on('line', (text) => pod.log.push({ at: new Date(), text }));
    child.stdin.end('yes\n');
    while (!(await isListening(pid))) {
      if (child.exitCode !== null) throw new Error(`${file} ended: ${pod.log.map(({ text }) => text).join('\n')}`);
      await sleep(50);
    }
    return pod;
  }

  /** Resolves when the process is gone; it is given five seconds to stop by itself. */
  async stop(): Promise<void> {
    const child = this.#child;
    if (child.exitCode !== null || child.signalCode !== null) return;
    const exit = once(child, 'exit');
    child.kill('SIGTERM');
    const timer = setTimeout(() => child.kill('SIGKILL'), 5_000);
    await exit;
    clearTimeout(timer);
  }

  /** Resolves when the process ends by itself or is stopped. */
  async ended(): Promise<void> {
    if (this.#child.exitCode === null && this.#child.signalCode === null) await once(this.#child, 'exit');
  }
}
