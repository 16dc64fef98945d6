import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ManifestScan } from '../../sources/scan-manifests.ts';
import { UsageError } from '../../lib/usage-error.ts';
import { startEchoServer } from '../echo-server.ts';
import type { EchoServer } from '../echo-server.ts';
import { runServer } from '../run-server.ts';
import type { ServerOptions } from '../serve-options.ts';

/** The options of `sallyport quickstart`. */
export interface QuickstartOptions extends ServerOptions {
  readonly port: number;
}

const ADDRESS = '127.0.0.1';
const manifests = shortest(fileURLToPath(new URL('../../../examples/quickstart/manifests', import.meta.url)));
/** The backends of examples/quickstart, at the ports that stand in its manifests. */
const BACKENDS = [
  { name: 'stable', address: ADDRESS, port: 18_001 },
  { name: 'canary', address: ADDRESS, port: 18_002 },
] as const;

/** Runs examples/quickstart with its backends, and says what to try. */
export async function quickstart(options: QuickstartOptions): Promise<void> {
  if (options.port === 0) throw new UsageError('The quickstart needs a port of its own; give it one with --port.');
  const backends = await Promise.all(BACKENDS.map(startOnPortOrAny));
  const { scanManifests } = await import('../../sources/scan-manifests.ts');
  const { sallyport, report, kubeconfig } = await runServer(
    options,
    {
      address: ADDRESS,
      portOffset: 0,
      allowExternalName: false,
      scan: async () => withPorts(await scanManifests([manifests]), options.port, backends),
    },
    async () => void (await Promise.all(backends.map((backend) => backend.close()))),
  );
  const failed = sallyport.gateways().flatMap(({ ports }) => ports.filter(({ state }) => state === 'Failed'));
  if (failed.length > 0) {
    throw new UsageError(`Port ${options.port} cannot be used. Choose another: npm start -- --port 9090`);
  }
  const url = `http://${ADDRESS}:${options.port}`;
  if (options.output === 'text') process.stdout.write(whatToTry(url, kubeconfig));
  else report({ level: 'info', type: 'Quickstart', message: `The Gateway listens on ${url}.`, url, kubeconfig });
}

/** A port that is taken is no reason to fail: the manifests are given the one that was found instead. */
async function startOnPortOrAny(backend: (typeof BACKENDS)[number]): Promise<EchoServer> {
  try {
    return await startEchoServer(backend);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    return startEchoServer({ ...backend, port: 0 });
  }
}

/** The manifests with the ports that are really in use. */
function withPorts(scan: ManifestScan, port: number, backends: readonly EchoServer[]): ManifestScan {
  const replaced = (text: string) =>
    BACKENDS.reduce(
      (result, backend, index) =>
        result.replaceAll(`${backend.address}:${backend.port}`, `${ADDRESS}:${backends[index]?.port ?? backend.port}`),
      text.replace(/^(\s*port: )8080$/m, `$1${port}`),
    );
  return { ...scan, files: scan.files.map(({ path, text }) => ({ path, text: replaced(text) })) };
}

function whatToTry(url: string, kubeconfig: string): string {
  return `
The Gateway "quickstart" listens on ${url}. Try:

  curl ${url}/
  for i in $(seq 10); do curl -s ${url}/ | grep '"backend"'; done    # 80 % stable, 20 % canary
  curl -H 'x-canary: always' ${url}/                                 # canary only

Look at it, and change it while it runs:

  export KUBECONFIG=${kubeconfig}
  kubectl get gateways,httproutes
  kubectl describe httproute quickstart
  kubectl patch httproute quickstart --type=json \\
    -p='[{"op":"replace","path":"/spec/rules/1/backendRefs/1/weight","value":80}]'

The manifests are in ${manifests}: edit them, and the change is live. Ctrl-C drains and ends.
`;
}

function shortest(path: string): string {
  const fromHere = relative(process.cwd(), path);
  return fromHere.startsWith('..') ? path : fromHere;
}
