import { stringify } from 'yaml';

/** What a client needs to know to be let in. */
export interface Access {
  readonly url: string;
  /** PEM of the authority that signed the server's certificate. */
  readonly authority: string;
  readonly token: string;
}

/** A kubeconfig with one context, `sallyport`. It holds the token, so whoever writes it to a file uses mode 0600. */
export function renderKubeconfig({ url, authority, token }: Access): string {
  const name = 'sallyport';
  return stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [
      { name, cluster: { server: url, 'certificate-authority-data': Buffer.from(authority).toString('base64') } },
    ],
    users: [{ name, user: { token } }],
    contexts: [{ name, context: { cluster: name, user: name, namespace: 'default' } }],
    'current-context': name,
  });
}
