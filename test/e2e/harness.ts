import { execFile, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';

/** The repository's root. */
export const root = fileURLToPath(new URL('../..', import.meta.url));
const main = join(root, 'dist', 'cli', 'main.js');
/** The kubectl to use: `$KUBECTL`, else the one on the PATH. */
export const KUBECTL = process.env['KUBECTL'] ?? 'kubectl';

/** A line of `-o json`. */
export interface OutputLine {
  readonly level: string;
  readonly type: string;
  readonly message: string;
  readonly [field: string]: unknown;
}

/** How `sallyport serve` is started. */
export interface ServeOptions {
  /** Further arguments: paths and options. */
  readonly args?: readonly string[];
  /** Written to standard input, which is then closed. */
  readonly input?: string;
  /** Called when the process is to be ended: a test's or a file's hook. Default: when the test has finished. */
  readonly onFinished?: (stop: () => Promise<void>) => void;
  readonly command?: string;
}

/** A program's outcome. */
export interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Ends a process that does not end by itself. */
const STOP_MS = 10_000;

/** A directory that is gone when the test has finished. */
export function temporaryDirectory(onFinished: (clean: () => void) => void = onTestFinished): string {
  const directory = mkdtempSync(join(tmpdir(), 'sallyport-e2e-'));
  onFinished(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

let pools = 0;

/**
 * Loopback addresses that nobody else uses at the same time: a /24 follows from the id of the test's process, and each call
 * gives another eighth of it.
 */
export function addressPool(): string {
  return `127.${128 + ((process.pid >> 8) & 127)}.${process.pid & 255}.${(pools++ % 8) * 32}/27`;
}

/** The built program, running, told apart from others by its own ports, addresses and kubeconfig. */
export class Serve {
  readonly lines: OutputLine[] = [];
  readonly kubeconfig: string;
  readonly #directory: string;
  readonly #child: ChildProcess;
  readonly #waiting = new Set<() => void>();
  #stderr = '';
  #exit: number | undefined;

  constructor({ args = [], input, command = 'serve' }: ServeOptions = {}) {
    this.#directory = mkdtempSync(join(tmpdir(), 'sallyport-serve-'));
    this.kubeconfig = join(this.#directory, 'kubeconfig');
    const pool = command === 'serve' && !args.includes('--address') ? ['--address-pool', addressPool()] : [];
    const own = ['--kubeconfig-out', this.kubeconfig, '-o', 'json', '--workers', '2'];
    this.#child = spawn(process.execPath, [main, command, ...pool, ...own, ...args], { cwd: this.#directory });
    // A test run that is broken off leaves nothing behind.
    process.once('exit', () => void this.#child.kill('SIGKILL'));
    this.#child.stdin?.end(input);
    this.#child.stderr?.on('data', (chunk: Buffer) => {
      this.#stderr += chunk.toString();
    });
    if (this.#child.stdout) createInterface(this.#child.stdout).on('line', (line) => this.#take(line));
    this.#child.on('close', (code, signal) => {
      this.#exit = code ?? (signal === null ? -1 : -2);
      this.#wake();
    });
  }

  /** Starts the program and resolves once it is ready. */
  static async start(options: ServeOptions = {}): Promise<Serve> {
    const serve = new Serve(options);
    (options.onFinished ?? onTestFinished)(() => serve.clean());
    await serve.line(({ type }) => type === 'Ready');
    return serve;
  }

  get pid(): number {
    return this.#child.pid ?? -1;
  }

  get stderr(): string {
    return this.#stderr;
  }

  /** The first line, told already or to come, that `fits`. Fails when the process ends without it. */
  async line(fits: (line: OutputLine) => boolean, from = 0): Promise<OutputLine> {
    for (;;) {
      const found = this.lines.slice(from).find(fits);
      if (found !== undefined) return found;
      if (this.#exit !== undefined)
        throw new Error(`sallyport ended with ${this.#exit}: ${this.#stderr}${this.text()}`);
      await new Promise<void>((resolve) => void this.#waiting.add(resolve));
    }
  }

  /** The first line whose message holds `text`. */
  message(text: string | RegExp, from = 0): Promise<OutputLine> {
    return this.line(({ message }) => (typeof text === 'string' ? message.includes(text) : text.test(message)), from);
  }

  /** All that was told, for messages of failed tests. */
  text(): string {
    return this.lines.map(({ level, message }) => `${level}: ${message}`).join('\n');
  }

  /** Runs kubectl against the embedded API; throws if it fails. */
  async kubectl(...args: readonly string[]): Promise<string> {
    return (await this.kubectlWith({}, ...args)).stdout;
  }

  /** Runs `kubectl apply -f -` on manifests. */
  async apply(manifests: string): Promise<void> {
    await this.kubectlWith({ input: manifests }, 'apply', '-f', '-');
  }

  /** Runs kubectl with standard input, or where failing is expected. */
  async kubectlWith(options: RunOptions, ...args: readonly string[]): Promise<Outcome> {
    const cache = join(this.#directory, 'cache');
    return run(KUBECTL, ['--kubeconfig', this.kubeconfig, '--cache-dir', cache, ...args], options);
  }

  /** Waits until a Gateway is in effect, and returns its address. */
  async address(name: string, namespace = 'default'): Promise<string> {
    await this.kubectl('wait', '--for=condition=Programmed', `gateway/${name}`, '-n', namespace, '--timeout=20s');
    return this.kubectl('get', 'gateway', name, '-n', namespace, '-o', 'jsonpath={.status.addresses[0].value}');
  }

  /** Waits until an HTTPRoute is in effect on its first parent, in its newest generation. */
  async inEffect(name: string, namespace = 'default'): Promise<void> {
    const generation = await this.kubectl(
      'get',
      'httproute',
      name,
      '-n',
      namespace,
      '-o',
      'jsonpath={.metadata.generation}',
    );
    const path = '{.status.parents[0].conditions[?(@.type=="sallyport.dev/Programmed")].observedGeneration}';
    await this.kubectl(
      'wait',
      `--for=jsonpath=${path}=${generation}`,
      `httproute/${name}`,
      '-n',
      namespace,
      '--timeout=20s',
    );
  }

  kill(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  /** Resolves with the exit code; -2 if a signal ended the process. */
  async exited(): Promise<number> {
    while (this.#exit === undefined) await new Promise<void>((resolve) => void this.#waiting.add(resolve));
    return this.#exit;
  }

  /** Ends the process if it still runs, and removes its files. */
  async clean(): Promise<void> {
    if (this.#exit === undefined) {
      this.kill('SIGTERM');
      const hard = setTimeout(() => this.kill('SIGKILL'), STOP_MS);
      await this.exited();
      clearTimeout(hard);
    }
    rmSync(this.#directory, { recursive: true, force: true });
  }

  #take(line: string): void {
    this.lines.push(parseLine(line));
    this.#wake();
  }

  #wake(): void {
    for (const resolve of this.#waiting) resolve();
    this.#waiting.clear();
  }
}

function parseLine(text: string): OutputLine {
  return JSON.parse(text) as OutputLine;
}

/** How a program is run. */
export interface RunOptions {
  readonly input?: string;
  /** Whether an exit code other than 0 is a result and not an error. */
  readonly mayFail?: boolean;
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
}

/** Runs a program to its end. */
export async function run(file: string, args: readonly string[], options: RunOptions = {}): Promise<Outcome> {
  const { input, mayFail = false, env = {}, cwd } = options;
  const child = execFile(file, args, {
    env: { ...process.env, ...env },
    maxBuffer: 1 << 26,
    ...(cwd === undefined ? {} : { cwd }),
  });
  const parts = { stdout: '', stderr: '' };
  child.stdout?.on('data', (text: string) => void (parts.stdout += text));
  child.stderr?.on('data', (text: string) => void (parts.stderr += text));
  child.stdin?.end(input);
  const [code]: unknown[] = await once(child, 'close');
  const outcome = { code: typeof code === 'number' ? code : -1, ...parts };
  if (outcome.code !== 0 && !mayFail) {
    throw new Error(`${file} ${args.join(' ')} ended with ${outcome.code}:\n${outcome.stderr}${outcome.stdout}`);
  }
  return outcome;
}

/** Runs the built program to its end. */
export function sallyport(...args: readonly string[]): Promise<Outcome> {
  return run(process.execPath, [main, ...args], { mayFail: true });
}

/** Runs curl against a Gateway's address, whatever host the URL names, and returns the body. */
export async function curl(address: string, url: string, ...args: readonly string[]): Promise<string> {
  const { stdout } = await run('curl', ['-sS', '--max-time', '20', '--connect-to', `::${address}:`, ...args, url]);
  return stdout;
}
