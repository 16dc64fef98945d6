import { readFileSync, writeFileSync } from 'node:fs';
import { parse, stringify } from 'yaml';
import type { ApiAccess } from './api-client.ts';

/** Writes a kubeconfig that does not verify the server: it is on this machine, in a network of its own. */
export function writeKubeconfig(file: string, { url, token }: ApiAccess): void {
  const name = 'conformance';
  const kubeconfig = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name, cluster: { server: url, 'insecure-skip-tls-verify': true } }],
    users: [{ name, user: { token } }],
    contexts: [{ name, context: { cluster: name, user: name } }],
    'current-context': name,
  };
  writeFileSync(file, stringify(kubeconfig), { mode: 0o600 });
}

/** Reads a kubeconfig of one cluster and one user that has a token. */
export function readKubeconfig(file: string): ApiAccess {
  const { clusters, users } = parse(readFileSync(file, 'utf8')) as {
    readonly clusters: readonly [{ readonly cluster: { readonly server: string } }];
    readonly users: readonly [{ readonly user: { readonly token: string } }];
  };
  return { url: clusters[0].cluster.server, token: users[0].user.token };
}
