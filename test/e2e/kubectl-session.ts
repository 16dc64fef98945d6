import { spawn, spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startApiServer } from '../../src/apiserver/start-api-server.ts';
import type { RunningApiServer } from '../../src/apiserver/start-api-server.ts';
import { systemClock } from '../../src/lib/clock.ts';

/** What a command printed and how it ended. */
export interface CommandResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A fresh API, and `kubectl` that talks to it. */
export interface KubectlSession {
  readonly api: RunningApiServer;
  /** A directory of the session's own. */
  readonly directory: string;
  /** Runs kubectl to its end, with `input` on its standard input and `more` in its environment. */
  run(args: readonly string[], input?: string, more?: NodeJS.ProcessEnv): Promise<CommandResult>;
  /** The same for a command that must succeed: its standard output, trimmed. */
  ok(args: readonly string[], input?: string): Promise<string>;
  /** The same for a command that must fail: its standard error, trimmed. */
  fails(args: readonly string[], input?: string): Promise<string>;
  /** Starts kubectl and returns a way to wait for lines of its output and to end it. */
  follow(args: readonly string[]): FollowedCommand;
  close(): Promise<void>;
}

/** A command that runs until it is ended. */
export interface FollowedCommand {
  /** Resolves with the next line that contains `text`. */
  line(text: string): Promise<string>;
  end(): void;
}

const command = process.env['KUBECTL'] ?? 'kubectl';

/** Whether there is a kubectl to test with: `KUBECTL`, or `kubectl` on the path. */
export const hasKubectl = spawnSync(command, ['version', '--client']).status === 0;

/** Starts an API on a free port and writes its kubeconfig. */
export async function startKubectlSession(): Promise<KubectlSession> {
  const directory = await mkdtemp(join(tmpdir(), 'sallyport-kubectl-'));
  const api = await startApiServer({ clock: systemClock });
  const kubeconfig = join(directory, 'kubeconfig');
  await writeFile(kubeconfig, api.kubeconfig(), { mode: 0o600 });
  // A cache of its own: discovery is cached by host and port, and ports are used again.
  const env = { ...process.env, KUBECONFIG: kubeconfig, KUBECACHEDIR: join(directory, 'cache') };
  const run = (args: readonly string[], input = '', more: NodeJS.ProcessEnv = {}): Promise<CommandResult> =>
    runCommand(args, { ...env, ...more }, input);
  return {
    api,
    directory,
    run,
    async ok(args, input) {
      const { code, stdout, stderr } = await run(args, input);
      if (code !== 0) throw new Error(`kubectl ${args.join(' ')} failed: ${stderr}`);
      return stdout.trim();
    },
    async fails(args, input) {
      const { code, stdout, stderr } = await run(args, input);
      if (code === 0) throw new Error(`kubectl ${args.join(' ')} was to fail, but printed: ${stdout}`);
      return stderr.trim();
    },
    follow: (args) => followCommand(args, env),
    async close() {
      await api.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

function runCommand(args: readonly string[], env: NodeJS.ProcessEnv, input: string): Promise<CommandResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, [...args], { env });
    const output = { stdout: '', stderr: '' };
    child.stdout.setEncoding('utf8').on('data', (text: string) => (output.stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (output.stderr += text));
    child.once('error', reject);
    child.once('close', (code) => resolve({ code: code ?? -1, ...output }));
    child.stdin.on('error', () => undefined);
    child.stdin.end(input);
  });
}

function followCommand(args: readonly string[], env: NodeJS.ProcessEnv): FollowedCommand {
  const child = spawn(command, [...args], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  const lines: string[] = [];
  let wake: () => void = () => undefined;
  let rest = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    const parts = `${rest}${text}`.split('\n');
    rest = parts.pop() ?? '';
    lines.push(...parts);
    wake();
  });
  return {
    async line(text) {
      for (;;) {
        const at = lines.findIndex((line) => line.includes(text));
        if (at !== -1) return lines.splice(0, at + 1).at(-1) ?? '';
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    },
    end: () => void child.kill(),
  };
}
