import { startEchoServer } from '../echo-server.ts';
import type { EchoEndpoint } from '../parse-arguments.ts';
import { whenAskedToStop } from '../stop-signals.ts';

/** Runs backends until SIGTERM or Ctrl-C. */
export async function echo(endpoints: readonly EchoEndpoint[]): Promise<void> {
  const servers = await Promise.all(endpoints.map((endpoint) => startEchoServer(endpoint)));
  for (const { name, address, port } of servers) {
    process.stdout.write(`Backend "${name}" listens on http://${address}:${port}.\n`);
  }
  whenAskedToStop(async () => {
    await Promise.all(servers.map((server) => server.close()));
  });
}
