import { fileURLToPath } from 'node:url';
import type { ApiClient } from './api-client.ts';
import { createObjects } from './create-objects.ts';

const RBAC = fileURLToPath(new URL('../deploy/rbac.yaml', import.meta.url));
const ACCOUNT = '/api/v1/namespaces/sallyport-system/serviceaccounts/sallyport';

/** Installs the role that we ask users to install; returns a token that may do what the role grants and nothing else. */
export async function controllerToken(api: ApiClient): Promise<string> {
  await createObjects(api, [RBAC]);
  const { status } = await api.create<{ readonly status: { readonly token: string } }>(`${ACCOUNT}/token`, {
    apiVersion: 'authentication.k8s.io/v1',
    kind: 'TokenRequest',
    spec: { audiences: ['https://kubernetes.default.svc'], expirationSeconds: 86_400 },
  });
  return status.token;
}
