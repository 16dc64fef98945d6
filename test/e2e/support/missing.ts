import { spawnSync } from 'node:child_process';
import { KUBECTL } from '../harness.ts';

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
