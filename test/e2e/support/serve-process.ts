import { spawn } from 'node:child_process';
import type { ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import type { Readable, Writable } from 'node:stream';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** The built command line; `$SALLYPORT_CLI` names that of another build. */
export const CLI = process.env['SALLYPORT_CLI'] ?? fileURLToPath(new URL('../../../dist/cli/main.js', import.meta.url));

/** One line of `-o json`. */
export interface ServeEvent {
  readonly level: 'info' | 'warning' | 'error';
  readonly type: string;
  readonly message: string;
  readonly [field: string]: unknown;
}

type Child = ChildProcessByStdio<Writable, Readable, Readable>;

/** A running `sallyport serve`, whose output is read as events. */
export class ServeProcess {
  readonly #child: Child;
  readonly #events: ServeEvent[] = [];
  readonly #waiting = new Set<() => void>();
  #standardError = '';
  readonly #exited: Promise<number | NodeJS.Signals>;
  #hasExited = false;

  constructor(args: readonly string[], options: { readonly input?: string; readonly cwd?: string } = {}) {
    this.#child = spawn(process.execPath, [CLI, ...args], { stdio: ['pipe', 'pipe', 'pipe'], cwd: options.cwd });
    // A test run that is broken off leaves nothing behind.
    const killNow = () => void this.#child.kill('SIGKILL');
    process.once('exit', killNow);
    this.#child.stdin.on('error', () => undefined);
    this.#child.stdin.end(options.input ?? '');
    createInterface({ input: this.#child.stdout }).on('line', (line) => this.#take(line));
    this.#child.stderr.setEncoding('utf8').on('data', (text: string) => void (this.#standardError += text));
    this.#exited = once(this.#child, 'exit').then(([code, signal]: (number | NodeJS.Signals)[]) => {
      this.#hasExited = true;
      process.off('exit', killNow);
      this.#wake();
      return code ?? signal ?? 0;
    });
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  get events(): readonly ServeEvent[] {
    return this.#events;
  }

  /** Everything that was written to standard error. */
  get standardError(): string {
    return this.#standardError;
  }

  /** The exit code, or the signal that ended the process. */
  get exited(): Promise<number | NodeJS.Signals> {
    return this.#exited;
  }

  /** The first event, told already or to come, that `matches`. */
  async event(matches: (event: ServeEvent) => boolean, what = 'an event', limitMs = 20_000): Promise<ServeEvent> {
    const endsAt = performance.now() + limitMs;
    for (;;) {
      const found = this.#events.find(matches);
      if (found !== undefined) return found;
      const leftMs = endsAt - performance.now();
      if (this.#hasExited || leftMs <= 0) {
        const why = this.#hasExited ? 'the process has ended' : `${limitMs} ms went by`;
        const told = this.#events.map(({ message }) => `  ${message}`).join('\n');
        throw new Error(`Waited for ${what}, but ${why}. It told:\n${told}\n${this.#standardError}`);
      }
      await this.#nextLine(leftMs);
    }
  }

  /** Process ids of its workers, oldest first. */
  workerPids(): readonly number[] {
    const children = readFileSync(`/proc/${this.pid}/task/${this.pid}/children`, 'utf8');
    return children.split(' ').filter(Boolean).map(Number);
  }

  kill(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  /** Asks it to drain, and ends it by force when it does not in time. */
  async stop(limitMs = 5_000): Promise<void> {
    if (this.#hasExited) return;
    this.#child.kill('SIGTERM');
    const timer = setTimeout(() => void this.#child.kill('SIGKILL'), limitMs);
    await this.#exited;
    clearTimeout(timer);
  }

  #take(line: string): void {
    this.#events.push(parseEvent(line));
    this.#wake();
  }

  #wake(): void {
    for (const wake of this.#waiting) wake();
    this.#waiting.clear();
  }

  #nextLine(limitMs: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, limitMs);
      this.#waiting.add(() => {
        clearTimeout(timer);
        resolve();
      });
    });
  }
}

/** A line that is no JSON is text of a command without `-o json`. */
function parseEvent(line: string): ServeEvent {
  if (!line.startsWith('{')) return { level: 'info', type: 'Text', message: line };
  return JSON.parse(line) as ServeEvent;
}
