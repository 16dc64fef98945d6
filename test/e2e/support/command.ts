import { execFile, spawnSync } from 'node:child_process';

/** How a command ended. */
export interface CommandResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** The kubectl to use: `$KUBECTL`, else the one on the PATH. */
export const KUBECTL = process.env['KUBECTL'] ?? 'kubectl';

/** Why tests that need kubectl cannot run, or nothing. */
export const kubectlMissing: string | undefined =
  spawnSync(KUBECTL, ['version', '--client'], { stdio: 'ignore' }).status === 0
    ? undefined
    : 'kubectl is not on the PATH, and $KUBECTL does not name it';

/** The directory of the corpus; empty without one. */
export const CORPUS = process.env['SALLYPORT_CORPUS'] ?? '';

/** Why tests of the corpus cannot run, or nothing. */
export const corpusMissing: string | undefined =
  CORPUS === '' ? '$SALLYPORT_CORPUS does not name a directory' : kubectlMissing;

/** The name of a group of tests, with the reason when it is skipped. */
export function named(name: string, missing: string | undefined): string {
  return missing === undefined ? name : `${name} (skipped: ${missing})`;
}

/** Runs a command to its end; a failure is a result like any other. */
export function run(
  file: string,
  args: readonly string[],
  { input, env, cwd }: { readonly input?: string; readonly env?: NodeJS.ProcessEnv; readonly cwd?: string } = {},
): Promise<CommandResult> {
  return new Promise((resolve) => {
    const child = execFile(
      file,
      args,
      {
        env: { ...process.env, ...env },
        maxBuffer: 64 * 1024 * 1024,
        timeout: 60_000,
        ...(cwd === undefined ? {} : { cwd }),
      },
      (error, stdout, stderr) => {
        resolve({ exitCode: error === null ? 0 : typeof error.code === 'number' ? error.code : 1, stdout, stderr });
      },
    );
    // A command that ends without having read its input is no failure.
    child.stdin?.on('error', () => undefined);
    child.stdin?.end(input ?? '');
  });
}
