import { spawn } from 'node:child_process';
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ApiClient } from './api-client.ts';
import type { ApiAccess } from './api-client.ts';
import { writeKubeconfig } from './kubeconfig.ts';
import { NODE_ADDRESS } from './pod-network.ts';

const API_PORT = 16443;
const ETCD_PORT = 12379;
const ETCD_PEER_PORT = 12380;

/** No scheduler: the kubelet binds Pods. No controller that would judge the one node. */
const CONTROLLERS = [
  'namespace-controller',
  'deployment-controller',
  'replicaset-controller',
  'endpointslice-controller',
  'garbage-collector-controller',
  'serviceaccount-controller',
];

/** Where the programs are, and where they put their data and logs. */
export interface ControlPlaneFolders {
  readonly programs: string;
  readonly state: string;
  readonly logs: string;
}

/** Starts etcd, kube-apiserver and kube-controller-manager; resolves once the API answers. */
export async function startControlPlane({
  state,
  logs,
  programs,
}: ControlPlaneFolders): Promise<ApiAccess & { readonly kubeconfig: string }> {
  const folder = join(state, 'control-plane');
  await mkdir(folder);
  const access = { url: `https://127.0.0.1:${API_PORT}`, token: randomBytes(24).toString('hex') };
  const kubeconfig = join(folder, 'admin.kubeconfig');
  writeKubeconfig(kubeconfig, access);
  await writeFile(join(folder, 'tokens.csv'), `${access.token},admin,admin,system:masters\n`);
  await writeAccountKeys(folder);
  const start = (name: string, flags: Readonly<Record<string, string>>) => {
    const args = Object.entries(flags).map(([flag, value]) => `--${flag}=${value}`);
    const log = createWriteStream(join(logs, `${name}.log`));
    const child = spawn(join(programs, name), args, { stdio: ['ignore', 'pipe', 'pipe'] });
    child.stdout.pipe(log, { end: false });
    child.stderr.pipe(log, { end: false });
    child.once('exit', (code) => console.error(`${name} ended with ${code}.`));
  };
  start('etcd', etcdFlags(folder));
  start('kube-apiserver', apiServerFlags(folder));
  await whenReady(new ApiClient(access));
  start('kube-controller-manager', { kubeconfig, controllers: CONTROLLERS.join(','), 'leader-elect': 'false' });
  return { ...access, kubeconfig };
}

/** With these the API server signs and checks the tokens of service accounts. */
async function writeAccountKeys(folder: string): Promise<void> {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  });
  await writeFile(join(folder, 'service-account.key'), privateKey);
  await writeFile(join(folder, 'service-account.pub'), publicKey);
}

function etcdFlags(folder: string): Readonly<Record<string, string>> {
  const client = `http://127.0.0.1:${ETCD_PORT}`;
  const peer = `http://127.0.0.1:${ETCD_PEER_PORT}`;
  return {
    'data-dir': join(folder, 'etcd'),
    'listen-client-urls': client,
    'advertise-client-urls': client,
    'listen-peer-urls': peer,
    'initial-advertise-peer-urls': peer,
    'initial-cluster': `default=${peer}`,
    // What is kept for one run needs not survive a power failure.
    'unsafe-no-fsync': 'true',
  };
}

function apiServerFlags(folder: string): Readonly<Record<string, string>> {
  return {
    'etcd-servers': `http://127.0.0.1:${ETCD_PORT}`,
    'secure-port': String(API_PORT),
    'bind-address': '127.0.0.1',
    'advertise-address': NODE_ADDRESS,
    'cert-dir': join(folder, 'certificates'),
    'token-auth-file': join(folder, 'tokens.csv'),
    'authorization-mode': 'RBAC',
    'service-cluster-ip-range': '10.96.0.0/16',
    'service-account-issuer': 'https://kubernetes.default.svc',
    'service-account-key-file': join(folder, 'service-account.pub'),
    'service-account-signing-key-file': join(folder, 'service-account.key'),
    // Nobody makes the root certificate that it would mount into every Pod.
    'disable-admission-plugins': 'ServiceAccount',
  };
}

async function whenReady(api: ApiClient): Promise<void> {
  for (const deadline = Date.now() + 120_000; Date.now() < deadline; ) {
    try {
      await api.get('/apis/apps/v1/namespaces/default/deployments');
      await api.get('/api/v1/namespaces/default');
      return;
    } catch {
      await sleep(200);
    }
  }
  throw new Error('kube-apiserver does not answer.');
}
