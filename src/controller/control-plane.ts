import { AdminServer } from '../admin/server.ts';
import type { MetricsPage } from '../admin/server.ts';
import type { GatewaySummary } from '../admin/contract.ts';
import { Analyzer } from '../analysis/analyzer.ts';
import type { AnalysisOptions } from '../analysis/options.ts';
import { namespacedName } from '../api/object.ts';
import type { ObjectRef } from '../api/object.ts';
import { EmbeddedEngine } from '../engine/embedded/embedded-engine.ts';
import type { EngineReport } from '../engine/engine-report.ts';
import type { Clock } from '../lib/clock.ts';
import { UsageError } from '../lib/usage-error.ts';
import { Planner } from '../plan/planner.ts';
import { StatusKeeper } from '../status/status-keeper.ts';
import type { StatusKeeperOptions } from '../status/status-keeper.ts';
import { Reconciler } from './reconcile.ts';
import type { ReconcilerParts } from './reconcile.ts';
import type { SallyportEvent } from './sallyport-event.ts';

/** How Sallyport is started, wherever its objects come from. */
export interface ControlPlaneOptions {
  readonly clock: Clock;
  /** Port of the admin server; 0 is any free one. */
  readonly adminPort: number;
  /** Default: one for each core. */
  readonly workers?: number;
  /** Addresses of Gateways that ask for none: one of `addressPool` each, or `address` for all. */
  readonly addressPool?: string;
  readonly address?: string;
  /** Added to every listener's port. */
  readonly portOffset: number;
  /** Addresses and CIDR blocks of clients whose `X-Forwarded-*` and `X-Request-ID` are believed. Default: none. */
  readonly trustedProxies?: readonly string[];
  /** Whether Services of type ExternalName can be backends. */
  readonly allowExternalName: boolean;
  /** Told what a user should read, as it happens. */
  readonly onEvent: (event: SallyportEvent) => void;
}

/** A Kubernetes API: where objects come from, and where their status goes. */
export interface ObjectSide extends Pick<AnalysisOptions, 'embedded' | 'controllerNames'> {
  readonly store: ReconcilerParts['store'];
  readonly client: StatusKeeperOptions['client'];
  /** Resolves once `store` holds everything that there is at the start. */
  load(): Promise<void>;
  /** What `load` waits for, sentences. */
  pending(): readonly string[];
  /** Follows nothing any more; the last status can still be written. */
  stop(): Promise<void>;
  close(): Promise<void>;
}

/** What runs between a Kubernetes API and the data plane. */
export interface ControlPlane {
  readonly adminUrl: string;
  /** Serves what the API holds; resolves once all of it is in effect in every worker. To be called once. */
  serve(): Promise<void>;
  gateways(): readonly GatewaySummary[];
  /** Drains: requests under way finish, then everything ends. */
  close(): Promise<void>;
}

/** Starts the data plane; its workers take a moment to come up. */
export function startEngine(options: ControlPlaneOptions): EmbeddedEngine {
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

/** Puts analysis, plans and status between the objects and the engine; resolves once the admin server listens. */
export async function startControlPlane(
  options: ControlPlaneOptions,
  engine: EmbeddedEngine,
  objects: ObjectSide,
): Promise<ControlPlane> {
  const { clock, onEvent, adminPort } = options;
  const analysis = analysisOptions(options, objects, engine.features);
  const status = new StatusKeeper({
    client: objects.client,
    clock,
    analysis,
    onError: (ref, error) => onEvent({ type: 'Engine', message: statusFailure(ref, error) }),
    onNotice: (notice) => onEvent({ type: 'Notice', ...notice }),
  });
  const reconciler = new Reconciler({
    store: objects.store,
    analyzer: new Analyzer(analysis),
    planner: new Planner(),
    engine,
    status,
  });
  const gateways = () => reconciler.reports.map(summaryOf);
  let isReady = false;
  const pending = () => [
    ...objects.pending(),
    ...reconciler.awaited.map((ref) => `Gateway "${namespacedName(ref)}" is not in effect yet.`),
  ];
  const admin = new AdminServer({
    port: adminPort,
    ready: () => ({ ready: isReady, pending: isReady ? [] : pending() }),
    gateways,
    metrics: lazyMetrics(engine),
  });
  await listening('admin', adminPort, () => admin.start());
  return {
    adminUrl: admin.url,
    gateways,
    async serve() {
      await objects.load();
      reconciler.start();
      await reconciler.ready;
      isReady = true;
    },
    async close() {
      await objects.stop();
      reconciler.close();
      await engine.close();
      await status.close();
      await Promise.all([objects.close(), admin.close()]);
    },
  };
}

/** Has something listen on a port; one that cannot be used is a mistake in the arguments. */
export async function listening<T>(what: 'API' | 'admin', port: number, start: () => Promise<T>): Promise<T> {
  try {
    return await start();
  } catch (error) {
    if (!(error instanceof Error) || !('syscall' in error) || error.syscall !== 'listen') throw error;
    throw new UsageError(
      `Port ${port} cannot be used (${error.message}); choose another with --${what.toLowerCase()}-port.`,
    );
  }
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

function analysisOptions(
  { address, allowExternalName }: ControlPlaneOptions,
  { embedded, controllerNames }: ObjectSide,
  features: ReadonlySet<string>,
): AnalysisOptions {
  return {
    embedded,
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

function summaryOf({ gateway, planId, state, addresses, ports }: EngineReport): GatewaySummary {
  const { namespace, name } = gateway;
  return { namespace, name, planId, state, addresses: addresses.map(({ value }) => value), ports };
}
