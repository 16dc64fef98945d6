import { Serve } from '../harness.ts';
import { startEchoBackend } from './echo-backend.ts';
import type { EchoBackend } from './echo-backend.ts';
import { send } from './http-client.ts';
import type { GatewayAnswer, GatewayRequest } from './http-client.ts';
import { hasOwn, KubeApi } from './kube-api.ts';
import type { Ref, SeenObject } from './kube-api.ts';

/** A running server with what a test does to it. Everything started through it ends with `close()`. */
export interface ServerUnderTest {
  readonly serve: Serve;
  readonly api: KubeApi;
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
const PORT_OFFSET = process.getuid?.() === 0 ? 0 : 20_000;

/** Starts the built product with addresses, ports and files of its own, and resolves when it is ready. */
export async function startServer(...args: readonly string[]): Promise<ServerUnderTest> {
  const ends: (() => Promise<void>)[] = [];
  const close = async (): Promise<void> => void (await Promise.all(ends.splice(0).map((end) => end())));
  try {
    const serve = await Serve.start({
      args: ['--port-offset', String(PORT_OFFSET), ...args],
      onFinished: (stop) => void ends.push(stop),
    });
    const api = new KubeApi(serve.kubeconfig);
    ends.push(async () => api.close());
    return { serve, api, close, ...actions(api, ends) };
  } catch (error) {
    await close();
    throw error;
  }
}

function actions(api: KubeApi, ends: (() => Promise<void>)[]) {
  return {
    async startBackend(name: string): Promise<EchoBackend> {
      const backend = await startEchoBackend(name);
      ends.push(() => backend.close());
      return backend;
    },
    async gatewayAddress(name: string, namespace = 'default'): Promise<string> {
      const found = await api.until(gatewayRef(name, namespace), (object) => hasOwn(object, 'Programmed', 'True'));
      return found.status?.addresses?.[0]?.value ?? '';
    },
    routeInEffect: (name: string, namespace = 'default') => api.until(routeRef(name, namespace), isRouteInEffect),
    send: (request: GatewayRequest) => send({ ...request, port: boundPort(portOf(request.url)) }),
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
