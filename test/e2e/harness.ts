import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { KUBECTL, run } from './support/command.ts';
import type { CommandResult } from './support/command.ts';
import { startEchoBackend } from './support/echo-backend.ts';
import type { EchoBackend } from './support/echo-backend.ts';
import { send } from './support/http-client.ts';
import type { GatewayAnswer, GatewayRequest } from './support/http-client.ts';
import { hasOwn, KubeApi } from './support/kube-api.ts';
import type { Ref, SeenObject } from './support/kube-api.ts';
import { claimLoopbackRange } from './support/loopback-range.ts';
import { ServeProcess } from './support/serve-process.ts';

/** How to start a server for a test. */
export interface SallyportSetup {
  /** What `serve` is given besides ports, addresses and files of the harness: options and paths. */
  readonly args?: readonly string[];
  /** Standard input, for the path `-`. */
  readonly input?: string;
  /** Without it the server has two workers. */
  readonly workers?: number;
  /** Whether all Gateways share one address. Without it each has its own. */
  readonly sharesAddress?: boolean;
}

/** A running server with what a test does to it. Everything started through it ends with `close()`. */
export interface Sallyport {
  readonly process: ServeProcess;
  readonly api: KubeApi;
  /** A path. */
  readonly kubeconfig: string;
  /** A temporary directory of this server. */
  readonly directory: string;
  /** Runs the real kubectl; a failure of the command is a result. */
  kubectl(args: readonly string[], input?: string): Promise<CommandResult>;
  /** As `kubectl`, but a failure throws, and the standard output is returned. */
  kubectlOk(args: readonly string[], input?: string): Promise<string>;
  startBackend(name: string): Promise<EchoBackend>;
  /** Waits until a Gateway is in effect at its generation, and returns its address. */
  gatewayAddress(name: string, namespace?: string): Promise<string>;
  /** Waits until every parent of a route is in effect at the route's generation. */
  routeInEffect(name: string, namespace?: string): Promise<SeenObject>;
  /** Sends a request; ports are those of the manifests. */
  send(request: GatewayRequest): Promise<GatewayAnswer>;
  close(): Promise<void>;
}

/** Ports under 1024 are free to root only; others serve every listener at an offset. */
export const PORT_OFFSET = process.getuid?.() === 0 ? 0 : 20_000;

/** Starts the built product with addresses, ports and files of its own, and resolves when it is ready. */
export async function startSallyport(setup: SallyportSetup = {}): Promise<Sallyport> {
  const directory = await mkdtemp(join(tmpdir(), 'sallyport-e2e-'));
  const range = await claimLoopbackRange();
  const kubeconfig = join(directory, 'kubeconfig');
  const serve = new ServeProcess(
    [
      'serve',
      '-o=json',
      '--api-port=0',
      '--admin-port=0',
      `--kubeconfig-out=${kubeconfig}`,
      setup.sharesAddress === true ? `--address=${range.cidr.replace('0/24', '1')}` : `--address-pool=${range.cidr}`,
      `--port-offset=${PORT_OFFSET}`,
      `--workers=${setup.workers ?? 2}`,
      ...(setup.args ?? []),
    ],
    { cwd: directory, ...(setup.input === undefined ? {} : { input: setup.input }) },
  );
  const backends: EchoBackend[] = [];
  let api: KubeApi | undefined;
  const close = async (): Promise<void> => {
    await serve.stop();
    api?.close();
    await Promise.all(backends.map((backend) => backend.close()));
    await range.release();
    await rm(directory, { recursive: true, force: true });
  };
  try {
    await serve.event(({ type }) => type === 'Ready', 'Ready');
    api = new KubeApi(kubeconfig);
    return { process: serve, api, kubeconfig, directory, close, ...actions(api, kubeconfig, backends) };
  } catch (error) {
    await close();
    throw error;
  }
}

function actions(api: KubeApi, kubeconfig: string, backends: EchoBackend[]) {
  // A cache of its own: kubectl caches discovery by host and port, and ports are used again.
  const env = { KUBECONFIG: kubeconfig, KUBECACHEDIR: `${kubeconfig}.cache` };
  const kubectl = (args: readonly string[], input?: string) =>
    run(KUBECTL, args, { env, ...(input === undefined ? {} : { input }) });
  return {
    kubectl,
    async kubectlOk(args: readonly string[], input?: string): Promise<string> {
      const { exitCode, stdout, stderr } = await kubectl(args, input);
      if (exitCode !== 0) throw new Error(`kubectl ${args.join(' ')} ended with ${exitCode}: ${stderr}${stdout}`);
      return stdout;
    },
    async startBackend(name: string): Promise<EchoBackend> {
      const backend = await startEchoBackend(name);
      backends.push(backend);
      return backend;
    },
    async gatewayAddress(name: string, namespace = 'default'): Promise<string> {
      const found = await api.until(gatewayRef(name, namespace), (object) => hasOwn(object, 'Programmed', 'True'));
      return found.status?.addresses?.[0]?.value ?? '';
    },
    routeInEffect: (name: string, namespace = 'default') => api.until(routeRef(name, namespace), isRouteInEffect),
    send: (request: GatewayRequest) => send({ port: boundPort(portOf(request.url)), ...request }),
  };
}

/** Names a Gateway. */
export function gatewayRef(name: string, namespace = 'default'): Ref {
  return { apiVersion: 'gateway.networking.k8s.io/v1', kind: 'Gateway', namespace, name };
}

/** Names an HTTPRoute. */
export function routeRef(name: string, namespace = 'default'): Ref {
  return { apiVersion: 'gateway.networking.k8s.io/v1', kind: 'HTTPRoute', namespace, name };
}

/** Whether every worker routes as the route's generation says, for each of its parents. */
export function isRouteInEffect({ metadata, status }: SeenObject): boolean {
  const parents = status?.parents ?? [];
  return (
    parents.length > 0 &&
    parents.every(({ conditions }) =>
      conditions.some(
        ({ type, status: state, observedGeneration }) =>
          type === 'sallyport.dev/Programmed' && state === 'True' && observedGeneration === metadata.generation,
      ),
    )
  );
}

/** The port at which a listener of the manifests is really bound. */
export function boundPort(port: number): number {
  return port + PORT_OFFSET;
}

function portOf(text: string): number {
  const { port, protocol } = new URL(text);
  return port === '' ? (protocol === 'https:' ? 443 : 80) : Number(port);
}
