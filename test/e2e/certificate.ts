import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from './harness.ts';

/** Files of a certificate and its key, for `kubectl create secret tls`. */
export interface CertificateFiles {
  readonly certificate: string;
  readonly key: string;
}

/** Makes a self-signed certificate for DNS names, with openssl. */
export async function makeCertificate(
  directory: string,
  file: string,
  names: readonly string[],
): Promise<CertificateFiles> {
  const certificate = join(directory, `${file}.crt`);
  const key = join(directory, `${file}.key`);
  const subject = [
    '-subj',
    `/CN=${names[0]}`,
    '-addext',
    `subjectAltName=${names.map((name) => `DNS:${name}`).join(',')}`,
  ];
  const kind = ['-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'];
  await run('openssl', ['req', ...kind, ...subject, '-out', certificate, '-keyout', key]);
  return { certificate, key };
}

/** A Secret's manifest that holds the certificate. */
export function tlsSecret(name: string, { certificate, key }: CertificateFiles, namespace = 'default'): string {
  const data = (file: string) => readFileSync(file).toString('base64');
  return `apiVersion: v1
kind: Secret
type: kubernetes.io/tls
metadata: { name: ${name}, namespace: ${namespace} }
data: { tls.crt: ${data(certificate)}, tls.key: ${data(key)} }
---
`;
}
