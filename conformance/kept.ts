import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import type { Socket } from 'node:net';
import { createInterface } from 'node:readline';
import type { SuiteSettings } from './settings.ts';

/** What a kept control plane answers with, one message a line: what there is to tell, at last whether the suite passed. */
interface Message {
  readonly say?: string;
  readonly passed?: boolean;
}

/** Runs the suite when another command asks for it over the socket, one after the other, for as long as the process lives. */
export async function serveKept(
  path: string,
  run: (settings: SuiteSettings, say: (line: string) => void) => Promise<boolean>,
): Promise<never> {
  rmSync(path, { force: true });
  const server = createServer();
  server.listen(path);
  for (;;) {
    const [client] = (await once(server, 'connection')) as [Socket];
    const tell = (message: Message) => client.write(`${JSON.stringify(message)}\n`);
    // Who asked may be gone before the suite ends.
    client.on('error', () => {});
    const [line] = (await once(createInterface({ input: client }), 'line')) as [string];
    const passed = await run(JSON.parse(line) as SuiteSettings, (say) => tell({ say }));
    tell({ passed });
    client.end();
  }
}

/** Runs the suite at the control plane that another command keeps. Undefined: none is kept. */
export async function runAtKept(path: string, settings: SuiteSettings): Promise<boolean | undefined> {
  const client = connect(path);
  try {
    await once(client, 'connect');
  } catch {
    return undefined;
  }
  client.write(`${JSON.stringify(settings)}\n`);
  for await (const line of createInterface({ input: client })) {
    const { say, passed } = JSON.parse(line) as Message;
    if (say !== undefined) console.log(say);
    if (passed !== undefined) return passed;
  }
  return false;
}
