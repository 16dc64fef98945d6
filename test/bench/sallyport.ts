import { existsSync, readFileSync } from 'node:fs';
import { Agent, request } from 'node:https';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import type { GatewaySummary } from '../../src/admin/contract.ts';
import { descendants, eventually, freePort, LOAD_CORE, pin, PROXY_CORE, startOn, stop } from './processes.ts';

const main = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));

/** Reading 5,000 routes included. */
const START_MS = 120_000;

/** An answer of the embedded Kubernetes API. */
export interface ApiAnswer {
  readonly status: number;
  readonly body: unknown;
}

/** The built product with one worker on the proxy's core and the rest on the other. */
export interface Sallyport {
  readonly supervisor: number;
  readonly worker: number;
  /** Of the Gateway `bench`. */
  readonly address: string;
  /** `PATCH` is a merge patch. */
  api(method: string, path: string, body?: object): Promise<ApiAnswer>;
  stop(): Promise<void>;
}

/** Starts `sallyport serve -` with manifests, and waits until it is ready. */
export async function startSallyport(directory: string, manifests: string): Promise<Sallyport> {
  const [apiPort, adminPort] = [await freePort(), await freePort()];
  const kubeconfig = join(directory, `kubeconfig-${apiPort}`);
  const options = { '--api-port': apiPort, '--admin-port': adminPort, '--kubeconfig-out': kubeconfig, '--workers': 1 };
  const pool = `127.${200 + (process.pid % 50)}.${apiPort % 251}.0/24`;
  const child = startOn(
    LOAD_CORE,
    [
      process.execPath,
      main,
      'serve',
      '-',
      '--address-pool',
      pool,
      '-o',
      'json',
      ...Object.entries(options).flat().map(String),
    ],
    manifests,
  );
  const admin = `http://127.0.0.1:${adminPort}`;
  await eventually(
    'Sallyport is ready',
    async () => ((await fetch(`${admin}/readyz`)).ok ? true : undefined),
    START_MS,
  );
  const gateways = (await (await fetch(`${admin}/api/gateways`)).json()) as readonly GatewaySummary[];
  const address = gateways.find(({ name }) => name === 'bench')?.addresses[0];
  const supervisor = child.pid;
  const worker = supervisor === undefined ? undefined : descendants(supervisor)[0];
  if (supervisor === undefined || worker === undefined || address === undefined || !existsSync(kubeconfig)) {
    throw new Error(`Sallyport did not start as expected: ${JSON.stringify(gateways)}`);
  }
  pin(worker, PROXY_CORE);
  return { supervisor, worker, address, api: apiClient(kubeconfig), stop: () => stop(child) };
}

function apiClient(kubeconfig: string): Sallyport['api'] {
  const { clusters, users } = parse(readFileSync(kubeconfig, 'utf8')) as {
    readonly clusters: readonly [{ cluster: { server: string; 'certificate-authority-data': string } }];
    readonly users: readonly [{ user: { token: string } }];
  };
  const { server, 'certificate-authority-data': ca } = clusters[0].cluster;
  const agent = new Agent({ keepAlive: true, ca: Buffer.from(ca, 'base64') });
  const authorization = `Bearer ${users[0].user.token}`;
  return (method, path, body) =>
    new Promise((resolve, reject) => {
      const contentType = method === 'PATCH' ? 'application/merge-patch+json' : 'application/json';
      const headers = { authorization, 'content-type': contentType };
      const sent = request(`${server}${path}`, { method, agent, headers }, (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (chunk: string) => {
          text += chunk;
        });
        response.on('end', () => resolve({ status: response.statusCode ?? 0, body: JSON.parse(text) as unknown }));
      });
      sent.on('error', reject);
      sent.end(body === undefined ? undefined : JSON.stringify(body));
    });
}
