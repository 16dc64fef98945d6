import type { GatewaySummary } from '../admin/contract.ts';
import { startApiServer } from '../apiserver/start-api-server.ts';
import type { RunningApiServer } from '../apiserver/start-api-server.ts';
import { ManifestSource } from '../sources/manifest-source.ts';
import type { ManifestScan } from '../sources/scan-manifests.ts';
import { watchDirectories } from '../sources/watch-directories.ts';
import { conditionNews } from './condition-news.ts';
import { listening, startControlPlane, startEngine } from './control-plane.ts';
import type { ControlPlaneOptions } from './control-plane.ts';

/** How Sallyport is started without a cluster. */
export interface SallyportOptions extends ControlPlaneOptions {
  /** Port of the embedded API; 0 is any free one. */
  readonly apiPort: number;
  /** Reads the manifests to serve; they are followed from then on. Without it there are none. */
  readonly scan?: () => Promise<ManifestScan>;
  /** Controller names that are ours. Default: all. */
  readonly controllerNames?: readonly string[];
  /** Keeps what is written through the API. Default: memory only. */
  readonly dataDir?: string;
}

/** Sallyport, running. */
export interface RunningSallyport {
  readonly apiUrl: string;
  readonly adminUrl: string;
  /** A kubeconfig (YAML) that lets `kubectl` in. It holds the token. */
  kubeconfig(): string;
  /** Serves what the manifests and the API hold; resolves once all of it is in effect in every worker. To be called once. */
  serve(): Promise<void>;
  gateways(): readonly GatewaySummary[];
  /** Drains: requests under way finish, then everything ends. */
  close(): Promise<void>;
}

/** Starts the embedded API, the data plane and all between them; resolves once the API and the admin server listen. */
export async function startSallyport(options: SallyportOptions): Promise<RunningSallyport> {
  const { onEvent, controllerNames } = options;
  // Workers take a moment to come up: they do so while the API does.
  const engine = startEngine(options);
  const api = await listening('API', options.apiPort, () => startApi(options));
  api.store.subscribe((event) => conditionNews(event).forEach(onEvent));
  const source = startSource(options, api);
  const controlPlane = await startControlPlane(options, engine, {
    store: api.store,
    client: api.client,
    embedded: true,
    ...(controllerNames === undefined ? {} : { controllerNames }),
    // What the files hold is part of the first synchronisation.
    load: async () => source?.start(),
    pending: () => [],
    stop: async () => source?.close(),
    close: () => api.close(),
  });
  return { ...controlPlane, apiUrl: api.url, kubeconfig: () => api.kubeconfig() };
}

function startApi({ clock, apiPort, dataDir }: SallyportOptions): Promise<RunningApiServer> {
  return startApiServer({ clock, port: apiPort, ...(dataDir === undefined ? {} : { dataDir }) });
}

function startSource(
  { scan, clock, onEvent }: SallyportOptions,
  { client }: RunningApiServer,
): ManifestSource | undefined {
  return scan === undefined ? undefined : new ManifestSource({ client, scan, watch: watchDirectories(clock), onEvent });
}
