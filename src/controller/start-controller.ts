import type { GatewaySummary } from '../admin/contract.ts';
import { ClusterObjects } from '../kube/cluster-objects.ts';
import { connectToCluster } from '../kube/cluster-transport.ts';
import type { ClusterChoice } from '../kube/cluster-transport.ts';
import { ClusterStatusClient } from '../kube/status-client.ts';
import { clusterKinds } from './cluster-kinds.ts';
import { conditionNews } from './condition-news.ts';
import { startControlPlane, startEngine } from './control-plane.ts';
import type { ControlPlaneOptions } from './control-plane.ts';

/** How Sallyport is started in front of a cluster. */
export interface ControllerOptions extends ControlPlaneOptions {
  readonly cluster: ClusterChoice;
  /** GatewayClasses of this controller are ours, and no others. */
  readonly controllerName: string;
}

/** The controller of a cluster, running. */
export interface RunningController {
  /** Where the cluster's API is. */
  readonly apiUrl: string;
  readonly adminUrl: string;
  /** Serves what the cluster holds; resolves once all of it is in effect in every worker. To be called once. */
  serve(): Promise<void>;
  gateways(): readonly GatewaySummary[];
  /** Drains: requests under way finish, then everything ends. */
  close(): Promise<void>;
}

/** Starts the data plane and the controller of a cluster; resolves once the admin server listens. */
export async function startController(options: ControllerOptions): Promise<RunningController> {
  const { clock, onEvent, cluster, controllerName } = options;
  const transport = await connectToCluster(cluster, clock);
  const engine = startEngine(options);
  const objects = new ClusterObjects({
    transport,
    clock,
    kinds: clusterKinds,
    onNotice: (notice) => onEvent({ type: 'Cluster', ...notice }),
  });
  const client = new ClusterStatusClient({
    transport,
    mirror: objects.mirror,
    resourceOf: (ref) => objects.resourceOf(ref),
    // What others write is told by others.
    onWritten: (written) => conditionNews({ type: 'Modified', ...written }).forEach(onEvent),
  });
  let following = Promise.resolve();
  const controlPlane = await startControlPlane(options, engine, {
    store: objects.mirror,
    client,
    embedded: false,
    controllerNames: [controllerName],
    load() {
      following = objects.run();
      return objects.synced;
    },
    pending: () => objects.pending,
    stop() {
      objects.close();
      return following;
    },
    async close() {
      client.close();
      transport.close();
    },
  });
  return { ...controlPlane, apiUrl: transport.server };
}
