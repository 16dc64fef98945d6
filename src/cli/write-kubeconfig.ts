import { chmod, mkdir, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { UsageError } from '../lib/usage-error.ts';

/** Puts a kubeconfig in place in one step, readable by its owner only: it holds a token that may do everything. */
export async function writeKubeconfig(path: string, text: string): Promise<void> {
  const unfinished = `${path}.${process.pid}.tmp`;
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(unfinished, text, { mode: 0o600 });
    // An unfinished file that was left behind keeps its old mode when it is written again.
    await chmod(unfinished, 0o600);
    await rename(unfinished, path);
  } catch (error) {
    const cause = error instanceof Error ? error.message : String(error);
    throw new UsageError(`The kubeconfig cannot be written (${cause}); name another file with --kubeconfig-out.`);
  }
}
