import 'reflect-metadata';
import { webcrypto, X509Certificate } from 'node:crypto';
import { PemConverter, SubjectAlternativeNameExtension, X509CertificateGenerator } from '@peculiar/x509';

/** A certificate with its key, PEM. */
export interface PemPair {
  readonly certificate: string;
  readonly key: string;
  /** SHA-256 as `getPeerCertificate` writes it. */
  readonly fingerprint: string;
}

/** A self-signed certificate for `localhost`. */
export async function makeCertificate(): Promise<PemPair> {
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const made = await X509CertificateGenerator.createSelfSigned({
    name: 'CN=localhost',
    keys,
    signingAlgorithm: algorithm,
    extensions: [new SubjectAlternativeNameExtension([{ type: 'dns', value: 'localhost' }])],
  });
  const certificate = made.toString('pem');
  const key = PemConverter.encode(await webcrypto.subtle.exportKey('pkcs8', keys.privateKey), 'PRIVATE KEY');
  return { certificate, key, fingerprint: new X509Certificate(certificate).fingerprint256 };
}
