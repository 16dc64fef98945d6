// Runs in namespaces of its own, as their first process: when it ends, all that it started ends, and the network goes.
import { execFileSync } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { DEFAULT_CONTROLLER_NAME } from '../src/analysis/options.ts';
import type { KubeObject } from '../src/api/object.ts';
import { ApiClient } from './api-client.ts';
import { controllerToken } from './controller-access.ts';
import { startControlPlane } from './control-plane.ts';
import { makePodsOfDeployments } from './deployment-pods.ts';
import { installGatewayApi } from './install-gateway-api.ts';
import { readKubeconfig, writeKubeconfig } from './kubeconfig.ts';
import { Kubelet } from './kubelet.ts';
import { startLogServer } from './log-server.ts';
import { registerNode } from './node.ts';
import { serveKept } from './kept.ts';
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
  const log = createWriteStream(join(settings.logs, 'sallyport.log'));
  const start = (args: readonly string[]) => startSallyport(args, (line) => log.write(`${line}\n`));
  const { gatewayApi, keptAt } = settings;
  const world = await (gatewayApi === undefined ? startEmbedded(start) : startInCluster(gatewayApi, start));
  await createGatewayClass(world.api);
  const passed = await runSuites(settings, world, console.log);
  const { restart } = world;
  if (keptAt === undefined || restart === undefined) return passed;
  console.log(
    'The control plane is kept until this command is interrupted; "npm run conformance" uses it from now on.',
  );
  return serveKept(keptAt, async (suite, say) => {
    await restart();
    return runSuites({ ...settings, ...suite }, world, say);
  });
}

/** An API with Sallyport behind it. */
interface World {
  readonly api: ApiClient;
  readonly kubeconfig: string;
  /** Starts Sallyport anew, as it is built now. Absent where the API would go with it. */
  readonly restart?: () => Promise<void>;
}

type StartSallyport = (args: readonly string[]) => Promise<() => Promise<void>>;

async function runSuites(
  suite: RunSettings,
  { api, kubeconfig }: World,
  say: (line: string) => void,
): Promise<boolean> {
  for (let round = 0; round < suite.repeat; round++) {
    await whenCleanedUp(api);
    if (!(await runSuite(suite, kubeconfig, say))) return false;
  }
  return true;
}

async function createGatewayClass(api: ApiClient): Promise<void> {
  await api.create('/apis/gateway.networking.k8s.io/v1/gatewayclasses', {
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind: 'GatewayClass',
    metadata: { name: 'gateway-conformance' },
    spec: { controllerName: DEFAULT_CONTROLLER_NAME },
  });
}

/** The suite deletes its namespaces when it ends, and does not wait until they are gone. */
async function whenCleanedUp(api: ApiClient): Promise<void> {
  for (;;) {
    const { items } = await api.get<{ readonly items: readonly KubeObject[] }>('/api/v1/namespaces');
    if (!items.some(({ metadata }) => metadata.name.startsWith('gateway-conformance-'))) return;
    await sleep(200);
  }
}

/** Sallyport with its own API, at which the Pods of Deployments are made here. */
async function startEmbedded(start: StartSallyport): Promise<World> {
  const kubeconfig = join(settings.state, 'kubeconfig');
  await start(['serve', '--kubeconfig-out', kubeconfig, '-o', 'json']);
  const api = new ApiClient(readKubeconfig(kubeconfig));
  void makePodsOfDeployments(api);
  void kubeletOf(api).run();
  return { api, kubeconfig };
}

/** A control plane with the Gateway API installed, a node, and Sallyport as its controller. */
async function startInCluster(gatewayApi: string, start: StartSallyport): Promise<World> {
  const { url, token, kubeconfig } = await startControlPlane(settings);
  const api = new ApiClient({ url, token });
  await installGatewayApi(api, gatewayApi);
  const kubelet = kubeletOf(api);
  await registerNode(api, await startLogServer((namespace, pod) => kubelet.logOf(namespace, pod)));
  void kubelet.run();
  const ofController = join(settings.state, 'controller.kubeconfig');
  writeKubeconfig(ofController, { url, token: await controllerToken(api) });
  const startController = () => start(['controller', '--kubeconfig', ofController, '-o', 'json']);
  let stop = await startController();
  return {
    api,
    kubeconfig,
    async restart() {
      await stop();
      stop = await startController();
    },
  };
}

function kubeletOf(api: ApiClient): Kubelet {
  return new Kubelet(api, { programs: settings.programs, volumes: join(settings.state, 'volumes') });
}
