import type { ApiClient } from './api-client.ts';
import { NODE_NAME } from './kubelet.ts';
import { NODE_ADDRESS } from './pod-network.ts';

/** Tells the API of the one node, and of the port where it serves logs. */
export async function registerNode(api: ApiClient, logPort: number): Promise<void> {
  await api.create('/api/v1/nodes', { apiVersion: 'v1', kind: 'Node', metadata: { name: NODE_NAME } });
  await api.mergePatch(`/api/v1/nodes/${NODE_NAME}/status`, {
    status: {
      addresses: [{ type: 'InternalIP', address: NODE_ADDRESS }],
      daemonEndpoints: { kubeletEndpoint: { Port: logPort } },
      conditions: [{ type: 'Ready', status: 'True', reason: 'KubeletReady', message: 'The process kubelet runs.' }],
    },
  });
}
