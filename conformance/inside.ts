// Runs in namespaces of its own, as their first process: when it ends, all that it started ends, and the network goes.
import { execFileSync } from 'node:child_process';
import { createWriteStream, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { DEFAULT_CONTROLLER_NAME } from '../src/analysis/options.ts';
import { ApiClient } from './api-client.ts';
import type { ApiAccess } from './api-client.ts';
import { makePodsOfDeployments } from './deployment-pods.ts';
import { Kubelet } from './kubelet.ts';
import { makeBridge } from './pod-network.ts';
import { runSuite } from './run-suite.ts';
import type { RunSettings } from './settings.ts';
import { startSallyport } from './start-sallyport.ts';

const settings = JSON.parse(process.argv[2] ?? '') as RunSettings;
// The command holds the other end, and lets go of it however it ends.
process.stdin.on('end', () => process.exit(1)).resume();
process.exit((await run()) ? 0 : 1);

async function run(): Promise<boolean> {
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'mode=700', 'conformance', settings.state]);
  await makeBridge();
  const kubeconfig = join(settings.state, 'kubeconfig');
  const log = createWriteStream(join(settings.logs, 'sallyport.log'));
  await startSallyport(['serve', '--kubeconfig-out', kubeconfig, '-o', 'json'], (line) => log.write(`${line}\n`));
  const api = new ApiClient(accessOf(kubeconfig));
  await api.create('/apis/gateway.networking.k8s.io/v1/gatewayclasses', {
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind: 'GatewayClass',
    metadata: { name: 'gateway-conformance' },
    spec: { controllerName: DEFAULT_CONTROLLER_NAME },
  });
  void makePodsOfDeployments(api);
  void new Kubelet(api, { programs: settings.programs, volumes: join(settings.state, 'volumes') }).run();
  for (let round = 0; round < settings.repeat; round++) if (!(await runSuite(settings, kubeconfig))) return false;
  return true;
}

function accessOf(kubeconfig: string): ApiAccess {
  const { clusters, users } = parse(readFileSync(kubeconfig, 'utf8')) as {
    readonly clusters: readonly [{ readonly cluster: { readonly server: string } }];
    readonly users: readonly [{ readonly user: { readonly token: string } }];
  };
  return { url: clusters[0].cluster.server, token: users[0].user.token };
}
