import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const PROGRAM = fileURLToPath(new URL('../dist/cli/main.js', import.meta.url));

/**
 * Starts the built Sallyport with the arguments; resolves once it says that it is ready. What it says goes to `log`. If it
 * ends, so does this process: no test must wait for what nobody does any more.
 */
export async function startSallyport(args: readonly string[], log: (line: string) => void): Promise<void> {
  const child = spawn(process.execPath, [PROGRAM, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout });
  child.once('exit', (code, signal) => {
    console.error(`Sallyport ended with ${code ?? signal}.`);
    process.exit(1);
  });
  await new Promise<void>((resolve) => {
    lines.on('line', (line) => {
      log(line);
      if (line.includes('"type":"Ready"')) resolve();
    });
  });
}
