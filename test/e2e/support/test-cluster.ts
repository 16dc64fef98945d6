import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { KindDefinition } from '../../../src/api/kind-definition.ts';
import { startApiServer } from '../../../src/apiserver/start-api-server.ts';
import type { RunningApiServer } from '../../../src/apiserver/start-api-server.ts';
import { systemClock } from '../../../src/lib/clock.ts';
import { PORT_OFFSET } from '../harness.ts';
import { KubeApi } from './kube-api.ts';
import { claimLoopbackRange } from './loopback-range.ts';
import type { LoopbackRange } from './loopback-range.ts';
import { ServeProcess } from './serve-process.ts';
import { makeTemporaryDirectory } from './temporary-directory.ts';

const TOKEN = 'token-of-the-test-cluster';

/** How a test's cluster differs from others. */
export interface TestClusterOptions {
  /** The kinds served before anybody installs more. Default: all. */
  readonly kinds?: readonly KindDefinition[];
}

/** A Kubernetes API that can go away and come back, with the controllers that follow it. */
export class TestCluster {
  readonly #directory = makeTemporaryDirectory();
  readonly #controllers: ServeProcess[] = [];
  readonly #ranges: LoopbackRange[] = [];
  readonly #options: TestClusterOptions;
  #running: RunningApiServer | undefined;
  #api: KubeApi | undefined;
  #port = 0;

  private constructor(options: TestClusterOptions) {
    this.#options = options;
  }

  static async start(options: TestClusterOptions = {}): Promise<TestCluster> {
    const cluster = new TestCluster(options);
    await cluster.startApi();
    return cluster;
  }

  get api(): KubeApi {
    if (this.#api === undefined) throw new Error('The API of the test is not running.');
    return this.#api;
  }

  /** The API as it is inside: what it holds, and every write. */
  get server(): RunningApiServer {
    if (this.#running === undefined) throw new Error('The API of the test is not running.');
    return this.#running;
  }

  /** A path. It stays good when the API comes back, with a new certificate. */
  get kubeconfig(): string {
    return join(this.#directory.path, 'kubeconfig');
  }

  /** Starts the API, with what it held, at the port that it had; or elsewhere, where no controller finds it. */
  async startApi({ elsewhere = false } = {}): Promise<void> {
    this.#running = await startApiServer({
      clock: systemClock,
      port: elsewhere ? 0 : this.#port,
      tokens: [TOKEN],
      dataDir: join(this.#directory.path, 'data'),
      ...this.#options,
    });
    const own = join(this.#directory.path, 'own-kubeconfig');
    writeFileSync(own, this.#running.kubeconfig());
    this.#api = new KubeApi(own);
    if (elsewhere) return;
    this.#port = Number(new URL(this.#running.url).port);
    const lasting = this.#running
      .kubeconfig()
      .replace(/certificate-authority-data: .*/, 'insecure-skip-tls-verify: true');
    writeFileSync(this.kubeconfig, lasting);
  }

  async stopApi(): Promise<void> {
    this.#api?.close();
    this.#api = undefined;
    await this.#running?.close();
    this.#running = undefined;
  }

  /** Starts `sallyport controller`; it may not be ready yet. */
  async startController(...args: readonly string[]): Promise<ServeProcess> {
    const range = await claimLoopbackRange();
    this.#ranges.push(range);
    const controller = new ServeProcess([
      'controller',
      `--kubeconfig=${this.kubeconfig}`,
      '-o=json',
      '--admin-port=0',
      '--workers=1',
      `--address-pool=${range.cidr}`,
      `--port-offset=${PORT_OFFSET}`,
      ...args,
    ]);
    this.#controllers.push(controller);
    return controller;
  }

  async close(): Promise<void> {
    await Promise.all(this.#controllers.map((controller) => controller.stop()));
    await this.stopApi();
    await Promise.all(this.#ranges.map((range) => range.release()));
    this.#directory.remove();
  }
}

/** Resolves when the controller serves all that there is. */
export async function untilReady(controller: ServeProcess): Promise<void> {
  await controller.event(({ type }) => type === 'Ready', 'Ready');
}
