import 'reflect-metadata';
import { randomInt, webcrypto } from 'node:crypto';
import {
  BasicConstraintsExtension,
  cryptoProvider,
  PemConverter,
  SubjectAlternativeNameExtension,
  X509CertificateGenerator,
} from '@peculiar/x509';
import type { X509Certificate } from '@peculiar/x509';

/** A certificate with its key, as PEM. */
export interface TestCertificate {
  readonly certificate: string;
  readonly privateKey: string;
  /** Upper-case hexadecimal, as `getPeerCertificate` tells it. */
  readonly serialNumber: string;
}

/** Signs certificates for tests. */
export interface TestAuthority {
  /** PEM of the authority that clients trust. */
  readonly certificate: string;
  issue(...hostnames: readonly string[]): Promise<TestCertificate>;
}

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;
const DAY_MS = 24 * 60 * 60 * 1000;
const MAX_SERIAL = 2 ** 47;

/** Makes an authority that lives as long as the test. */
export async function createAuthority(): Promise<TestAuthority> {
  cryptoProvider.set(webcrypto as never);
  const keys = await webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
  const authority = await X509CertificateGenerator.createSelfSigned({
    ...validity(),
    serialNumber: '01',
    name: 'CN=Test authority',
    signingAlgorithm: ALGORITHM,
    keys,
    extensions: [new BasicConstraintsExtension(true, undefined, true)],
  });
  return {
    certificate: authority.toString('pem'),
    issue: (...hostnames) => issue(authority, keys.privateKey, hostnames),
  };
}

async function issue(
  authority: X509Certificate,
  signingKey: webcrypto.CryptoKey,
  hostnames: readonly string[],
): Promise<TestCertificate> {
  const keys = await webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
  const certificate = await X509CertificateGenerator.create({
    ...validity(),
    serialNumber: (randomInt(MAX_SERIAL) + MAX_SERIAL).toString(16).padStart(14, '0'),
    subject: `CN=${hostnames[0] ?? 'test'}`,
    issuer: authority.subject,
    signingAlgorithm: ALGORITHM,
    signingKey,
    publicKey: keys.publicKey,
    extensions: [new SubjectAlternativeNameExtension(hostnames.map((value) => ({ type: 'dns', value })))],
  });
  const pkcs8 = await webcrypto.subtle.exportKey('pkcs8', keys.privateKey);
  return {
    certificate: certificate.toString('pem'),
    privateKey: PemConverter.encode(pkcs8, PemConverter.PrivateKeyTag),
    serialNumber: certificate.serialNumber.replace(/^0+/, '').toUpperCase(),
  };
}

function validity() {
  return { notBefore: new Date(Date.now() - DAY_MS), notAfter: new Date(Date.now() + DAY_MS) };
}
