import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const PROGRAM = fileURLToPath(new URL('../dist/cli/main.js', import.meta.url));

/** Starts the built Sallyport with the arguments; resolves once it says that it is ready. What it says goes to `log`. */
export async function startSallyport(args: readonly string[], log: (line: string) => void): Promise<void> {
  const child = spawn(process.execPath, [PROGRAM, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout });
  await new Promise<void>((resolve, reject) => {
    lines.on('line', (line) => {
      log(line);
      if (line.includes('"type":"Ready"')) resolve();
    });
    child.once('exit', (code) => reject(new Error(`Sallyport ended with ${code}.`)));
  });
}
