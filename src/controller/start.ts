import { AdminServer } from '../admin/server.ts';
import type { MetricsPage } from '../admin/server.ts';
import type { GatewaySummary } from '../admin/contract.ts';
import { Analyzer } from '../analysis/analyzer.ts';
import { namespacedName } from '../api/object.ts';
import type { ObjectRef } from '../api/object.ts';
import { startApiServer } from '../apiserver/start-api-server.ts';
import type { RunningApiServer } from '../apiserver/start-api-server.ts';
import { EmbeddedEngine } from '../engine/embedded/embedded-engine.ts';
import type { EngineReport } from '../engine/engine-report.ts';
import type { Clock } from '../lib/clock.ts';
import { UsageError } from '../lib/usage-error.ts';
import { Planner } from '../plan/planner.ts';
import { ManifestSource } from '../sources/manifest-source.ts';
import type { SourceEvent } from '../sources/manifest-source.ts';
import type { ManifestScan } from '../sources/scan-manifests.ts';
import { watchDirectories } from '../sources/watch-directories.ts';
import type { StatusNotice } from '../status/endpoint-notices.ts';
import { StatusKeeper } from '../status/status-keeper.ts';
import { conditionNews } from './condition-news.ts';
import type { ConditionNews } from './condition-news.ts';
import { Reconciler } from './reconcile.ts';

/** How Sallyport is started without a cluster. */
export interface SallyportOptions {
  readonly clock: Clock;
  /** Ports of the embedded API and of the admin server; 0 is any free one. */
  readonly apiPort: number;
  readonly adminPort: number;
  /** Reads the manifests to serve; they are followed from then on. Without it there are none. */
  readonly scan?: () => Promise<ManifestScan>;
  /** Default: one for each core. */
  readonly workers?: number;
  /** Addresses of Gateways that ask for none: one of `addressPool` each, or `address` for all. */
  readonly addressPool?: string;
  readonly address?: string;
  /** Added to every listener's port. */
  readonly portOffset: number;
  /** Addresses and CIDR blocks of clients whose `X-Forwarded-*` and `X-Request-ID` are believed. Default: none. */
  readonly trustedProxies?: readonly string[];
  /** Controller names that are ours. Default: all. */
  readonly controllerNames?: readonly string[];
  /** Keeps what is written through the API. Default: memory only. */
  readonly dataDir?: string;
  /** Whether Services of type ExternalName can be backends. */
  readonly allowExternalName: boolean;
  /** Told what a user should read, as it happens. */
  readonly onEvent: (event: SallyportEvent) => void;
}

/** What a user should read. */
export type SallyportEvent =
  | SourceEvent
  | ConditionNews
  /** What no condition shows: an Ingress that is not served, a Service that has no ready endpoint or has one again. */
  | ({ readonly type: 'Notice' } & StatusNotice)
  /** About workers, ports and writes of the program itself. */
  | { readonly type: 'Engine'; readonly message: string };

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
  const { clock, onEvent } = options;
  // Workers take a moment to come up: they do so while the API does.
  const engine = startEngine(options);
  const api = await listening('API', options.apiPort, () => startApi(options));
  api.store.subscribe((event) => conditionNews(event).forEach(onEvent));
  const analysis = analysisOptions(options, engine.features);
  const status = new StatusKeeper({
    client: api.client,
    clock,
    analysis,
    onError: (ref, error) => onEvent({ type: 'Engine', message: statusFailure(ref, error) }),
    onNotice: (notice) => onEvent({ type: 'Notice', ...notice }),
  });
  const reconciler = new Reconciler({
    store: api.store,
    analyzer: new Analyzer(analysis),
    planner: new Planner(),
    engine,
    status,
  });
  const source = startSource(options, api);
  const gateways = () => reconciler.reports.map(summaryOf);
  let isReady = false;
  const admin = new AdminServer({
    port: options.adminPort,
    ready: () => ({
      ready: isReady,
      pending: reconciler.awaited.map((ref) => `Gateway "${namespacedName(ref)}" is not in effect yet.`),
    }),
    gateways,
    metrics: lazyMetrics(engine),
  });
  await listening('admin', options.adminPort, () => admin.start());
  return {
    apiUrl: api.url,
    adminUrl: admin.url,
    kubeconfig: () => api.kubeconfig(),
    gateways,
    async serve() {
      // What the files hold is part of the first synchronisation.
      await source?.start();
      reconciler.start();
      await reconciler.ready;
      isReady = true;
    },
    async close() {
      await source?.close();
      reconciler.close();
      await engine.close();
      await status.close();
      await Promise.all([api.close(), admin.close()]);
    },
  };
}

function startApi({ clock, apiPort, dataDir }: SallyportOptions): Promise<RunningApiServer> {
  return startApiServer({ clock, port: apiPort, ...(dataDir === undefined ? {} : { dataDir }) });
}

function startEngine(options: SallyportOptions): EmbeddedEngine {
  const { clock, workers, addressPool, address, portOffset, trustedProxies, onEvent } = options;
  return new EmbeddedEngine({
    clock,
    portOffset,
    ...(workers === undefined ? {} : { workers }),
    ...(addressPool === undefined ? {} : { addressPool }),
    ...(address === undefined ? {} : { address }),
    ...(trustedProxies === undefined ? {} : { trustedProxies }),
    log: (message) => onEvent({ type: 'Engine', message }),
  });
}

/** The library for metrics takes time to load, and watches the process from then on: that is for those who scrape. */
function lazyMetrics(engine: EmbeddedEngine): () => Promise<MetricsPage> {
  let page: Promise<MetricsPage> | undefined;
  return () => {
    page ??= import('../telemetry/prometheus.ts').then(
      ({ Prometheus }) => new Prometheus({ readTraffic: () => engine.readMetrics() }),
    );
    return page;
  };
}

function startSource(
  { scan, clock, onEvent }: SallyportOptions,
  { client }: RunningApiServer,
): ManifestSource | undefined {
  return scan === undefined ? undefined : new ManifestSource({ client, scan, watch: watchDirectories(clock), onEvent });
}

function analysisOptions(
  { controllerNames, address, allowExternalName }: SallyportOptions,
  features: ReadonlySet<string>,
) {
  return {
    embedded: true,
    features,
    allowExternalName,
    ...(address === undefined ? {} : { sharedAddress: address }),
    ...(controllerNames === undefined ? {} : { controllerNames }),
  };
}

function statusFailure(ref: ObjectRef, error: unknown): string {
  const cause = error instanceof Error ? error.message : String(error);
  return `The status of ${ref.kind} "${namespacedName(ref)}" cannot be written, and will be tried again: ${cause}`;
}

async function listening<T>(what: string, port: number, start: () => Promise<T>): Promise<T> {
  try {
    return await start();
  } catch (error) {
    if (!(error instanceof Error) || !('syscall' in error) || error.syscall !== 'listen') throw error;
    throw new UsageError(
      `Port ${port} cannot be used (${error.message}); choose another with --${what.toLowerCase()}-port.`,
    );
  }
}

function summaryOf({ gateway, planId, state, addresses, ports }: EngineReport): GatewaySummary {
  const { namespace, name } = gateway;
  return { namespace, name, planId, state, addresses: addresses.map(({ value }) => value), ports };
}
