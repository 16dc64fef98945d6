import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ApiClient } from './api-client.ts';
import { createObjects } from './create-objects.ts';

const CRDS = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';

interface CrdList {
  readonly items: readonly { readonly status?: { readonly conditions?: readonly Condition[] } }[];
}

interface Condition {
  readonly type: string;
  readonly status: string;
}

/** Creates what the Gateway API's experimental channel installs; resolves once its kinds are served. */
export async function installGatewayApi(api: ApiClient, module: string): Promise<void> {
  const folder = join(module, 'config', 'crd', 'experimental');
  const files = (await readdir(folder)).filter((name) => name !== 'kustomization.yaml');
  await createObjects(
    api,
    files.map((name) => join(folder, name)),
  );
  for (;;) {
    const { items } = await api.get<CrdList>(CRDS);
    if (items.every(({ status }) => status?.conditions?.some(isEstablished))) return;
    await sleep(100);
  }
}

function isEstablished({ type, status }: Condition): boolean {
  return type === 'Established' && status === 'True';
}
