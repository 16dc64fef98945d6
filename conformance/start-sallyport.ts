import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const PROGRAM = fileURLToPath(new URL('../dist/cli/main.js', import.meta.url));

/**
 * Starts the built Sallyport with the arguments; resolves once it says that it is ready. What it says goes to `log`. If it
 * ends by itself, so does this process: no test must wait for what nobody does any more. Returns how to stop it.
 */
export async function startSallyport(
  args: readonly string[],
  log: (line: string) => void,
): Promise<() => Promise<void>> {
  const child = spawn(process.execPath, [PROGRAM, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout });
  const onEnd = (code: number | null, signal: string | null) => {
    console.error(`Sallyport ended with ${code ?? signal}.`);
    process.exit(1);
  };
  child.once('exit', onEnd);
  await new Promise<void>((resolve) => {
    lines.on('line', (line) => {
      log(line);
      if (line.includes('"type":"Ready"')) resolve();
    });
  });
  return async () => {
    child.off('exit', onEnd);
    child.kill();
    await once(child, 'exit');
  };
}
