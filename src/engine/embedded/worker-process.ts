import { type ChildProcess, fork } from 'node:child_process';
import type { SocketHandle } from './socket-broker.ts';
import { asSendHandle } from './socket-broker.ts';
import type { FromWorker, ToWorker } from './protocol.ts';

/** How a worker is started. */
export interface WorkerCommand {
  readonly entry: string;
  readonly execArgv: readonly string[];
}

/** What the pool wants to hear of a worker. */
export interface WorkerListener {
  onMessage(message: FromWorker): void;
  /** Called once. `because` is a sentence. */
  onExit(because: string): void;
}

/**
 * A larger young generation: what a request allocates is garbage before it is moved, which saves 0.7 to 1.6 µs of a
 * request. The heap limit stays Node's own.
 */
const MEMORY_OPTIONS = ['--min-semi-space-size=16', '--max-semi-space-size=32'];

/** One worker: a child process with a message channel. */
export class WorkerProcess {
  readonly #child: ChildProcess;

  constructor({ entry, execArgv }: WorkerCommand, listener: WorkerListener) {
    this.#child = fork(entry, [], {
      execArgv: [...MEMORY_OPTIONS, ...execArgv],
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    let ended = false;
    const end = (because: string) => {
      if (ended) return;
      ended = true;
      listener.onExit(because);
    };
    this.#child.on('message', (message: FromWorker) => listener.onMessage(message));
    this.#child.once('exit', (code, signal) =>
      end(signal === null ? `it exited with code ${code}` : `${signal} ended it`),
    );
    this.#child.on('error', (error) => {
      this.kill();
      end(error.message);
    });
  }

  /** Undefined if it could not be started. */
  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** Messages arrive in the order in which they are sent. One for a worker that is gone is dropped. */
  send(message: ToWorker, handle?: SocketHandle): void {
    if (!this.#child.connected) return;
    // The exit event tells of a broken channel; this callback keeps it from being thrown.
    this.#child.send(message, handle === undefined ? undefined : asSendHandle(handle), undefined, () => undefined);
  }

  kill(): void {
    this.#child.kill('SIGKILL');
  }
}
