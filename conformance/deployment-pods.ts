import { createHash, randomBytes } from 'node:crypto';
import type { Deployment } from '../src/api/core/workloads.ts';
import type { KubeObject } from '../src/api/object.ts';
import type { ApiClient } from './api-client.ts';
import { NODE_NAME } from './kubelet.ts';

/**
 * Makes the Pods of Deployments where no controller-manager does. They are made once and never replaced; they go with
 * their Deployment, because it owns them.
 */
export async function makePodsOfDeployments(api: ApiClient): Promise<never> {
  const made = new Set<string>();
  return api.follow<Deployment & KubeObject>('/apis/apps/v1/deployments', (deployments) => {
    for (const deployment of deployments) {
      const { uid = '', namespace } = deployment.metadata;
      if (made.has(uid)) continue;
      made.add(uid);
      const pods = podsOf(deployment).map((pod) => api.create(`/api/v1/namespaces/${namespace}/pods`, pod));
      void Promise.all(pods);
    }
  });
}

/** Named as a ReplicaSet names them: the suite cuts the last two parts off to find the Deployment. */
function podsOf({ metadata: { namespace = '', name, uid = '' }, spec }: Deployment): readonly KubeObject[] {
  const hash = createHash('sha256').update(uid).digest('hex').slice(0, 9);
  return Array.from({ length: spec?.replicas ?? 1 }, () => ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      namespace,
      name: `${name}-${hash}-${randomBytes(3).toString('hex').slice(0, 5)}`,
      labels: spec?.template.metadata?.labels ?? {},
      ownerReferences: [{ apiVersion: 'apps/v1', kind: 'Deployment', name, uid, controller: true }],
    },
    spec: { ...spec?.template.spec, nodeName: NODE_NAME },
  }));
}
