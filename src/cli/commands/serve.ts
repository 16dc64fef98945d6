import { existsSync } from 'node:fs';
import { UsageError } from '../../lib/usage-error.ts';
import { gatewaySettings } from '../gateway-settings.ts';
import { runServer } from '../run-server.ts';
import type { ServerSettings } from '../run-server.ts';
import type { ServeOptions } from '../serve-options.ts';

/** Serves the manifests under `paths`, and what is written through the embedded API, until SIGTERM or Ctrl-C. */
export async function serve(paths: readonly string[], options: ServeOptions): Promise<void> {
  const missing = paths.find((path) => path !== '-' && !existsSync(path));
  if (missing !== undefined) throw new UsageError(`The path "${missing}" does not exist.`);
  const { controllerName, dataDir } = options;
  const settings: ServerSettings = {
    ...gatewaySettings(options),
    ...(paths.length === 0 ? {} : { scan: await manifestsOf(paths) }),
    ...(controllerName === undefined ? {} : { controllerNames: controllerName }),
    ...(dataDir === undefined ? {} : { dataDir }),
  };
  await runServer(options, settings);
}

/** Standard input is read once, to its end, before anything is served. */
async function manifestsOf(paths: readonly string[]) {
  const { scanManifests } = await import('../../sources/scan-manifests.ts');
  const onDisk = paths.filter((path) => path !== '-');
  if (onDisk.length === paths.length) return () => scanManifests(onDisk);
  const input = { path: '<stdin>', text: await readStandardInput() };
  return async () => {
    const scan = await scanManifests(onDisk);
    return { ...scan, files: [input, ...scan.files] };
  };
}

async function readStandardInput(): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString('utf8');
}
