import { coreKinds } from '../api/core/kinds.ts';
import { foreignKinds } from '../api/foreign-kinds.ts';
import type { KindDefinition } from '../api/kind-definition.ts';
import { gatewayApiKinds } from '../api/kinds.ts';
import type { Clock } from '../lib/clock.ts';
import type { ObjectClient } from '../store/object-client.ts';
import { ObjectStore } from '../store/object-store.ts';
import { ApiServer } from './api-server.ts';

/** How the embedded Kubernetes API is started. */
export interface StartApiServerOptions {
  readonly clock: Clock;
  /** Where it listens. Default `127.0.0.1`; the API has one token and no authorisation, so widen it with care. */
  readonly address?: string;
  /** Default 0: any free port. */
  readonly port?: number;
  /** A directory that keeps what is written through the API, made if missing. Without it objects live in memory. */
  readonly dataDir?: string;
  /** Bearer tokens that are let in. Default: one that is made at random. The first one stands in the kubeconfig. */
  readonly tokens?: readonly string[];
  /** The kinds served besides those of applied CRDs. Default: core kinds, Gateway API, and the foreign kinds. */
  readonly kinds?: readonly KindDefinition[];
}

/** The embedded Kubernetes API, listening. */
export interface RunningApiServer {
  readonly server: ApiServer;
  /** What the API holds; read it and subscribe to it, write through `client`. */
  readonly store: ObjectStore;
  /** Writes as any client would, without HTTP. */
  readonly client: ObjectClient;
  /** `https://address:port`, with the port that was bound. */
  readonly url: string;
  /** A kubeconfig (YAML) that lets `kubectl` in. It holds the token: keep it to its owner. */
  kubeconfig(): string;
  /** Ends watches, finishes requests under way, and waits for the disk. */
  close(): Promise<void>;
}

/** Every kind that is served without anybody applying a CRD. */
export const defaultKinds: readonly KindDefinition[] = [...coreKinds, ...gatewayApiKinds, ...foreignKinds];

/** Starts the embedded Kubernetes API and resolves once it listens. */
export async function startApiServer(options: StartApiServerOptions): Promise<RunningApiServer> {
  const persistence = options.dataDir === undefined ? undefined : await openPersistence(options.dataDir);
  // Clients that watched an earlier process must not take its revisions for ours: time grows faster than we write.
  const firstRevision = options.clock.now() + 1;
  const store = new ObjectStore(persistence === undefined ? { firstRevision } : { persistence });
  const server = new ApiServer({
    store,
    kinds: options.kinds ?? defaultKinds,
    clock: options.clock,
    address: options.address ?? '127.0.0.1',
    port: options.port ?? 0,
    ...(options.tokens === undefined ? {} : { tokens: options.tokens }),
  });
  const close = async (): Promise<void> => {
    await server.close();
    await store.close();
  };
  try {
    await server.start();
  } catch (error) {
    await close();
    throw error;
  }
  return { server, store, client: server.client, url: server.url, kubeconfig: () => server.kubeconfig(), close };
}

/** lmdb is loaded only by those who ask for a data directory. */
async function openPersistence(dataDir: string) {
  const { LmdbPersistence } = await import('../store/lmdb-persistence.ts');
  return LmdbPersistence.open(dataDir);
}
