import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Collected, FromLoad, LoadTarget, ToLoad } from './steady-load-process.ts';

const PROGRAM = fileURLToPath(new URL('./steady-load-process.ts', import.meta.url));

/** A steady stream of requests from a process of its own, so that a test that is busy does not slow it. */
export interface SteadyLoad {
  /**
   * Resolves when `count` requests that started after this call have completed. One call at a time. Between calls the
   * load goes on, and the next call tells of it.
   */
  collect(count: number): Promise<Collected>;
  stop(): Promise<void>;
}

/** Starts `requestsPerSecond` over keep-alive connections, at most `connections` to each target, in turns. */
export function startSteadyLoad(options: {
  readonly targets: readonly LoadTarget[];
  readonly requestsPerSecond: number;
  readonly connections: number;
}): SteadyLoad {
  const child = fork(PROGRAM, { execArgv: ['--import', 'tsx'], stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  const tell = (message: ToLoad): void => void child.send(message);
  const exited = once(child, 'exit');
  tell({ type: 'Start', ...options });
  return {
    async collect(count) {
      const answered = once(child, 'message') as Promise<[FromLoad]>;
      tell({ type: 'Collect', count });
      const ended = exited.then((): never => {
        throw new Error('The load has ended.');
      });
      const [collected] = await Promise.race([answered, ended]);
      return collected;
    },
    async stop() {
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
      await exited;
    },
  };
}
