import { X509Certificate, createPrivateKey } from 'node:crypto';
import type { Secret } from '../api/core/secret.ts';
import { namespacedName, refOf } from '../api/object.ts';
import { KeyMaterial } from '../lib/key-material.ts';
import type { CertificateView } from './topology.ts';

/** The certificate of a Secret, or the sentence that says what is wrong with it. */
export type ParsedCertificate =
  | { readonly type: 'Certificate'; readonly certificate: CertificateView }
  | { readonly type: 'Problem'; readonly message: string };

const TLS_SECRET_TYPE = 'kubernetes.io/tls';
const parsed = new WeakMap<Secret, ParsedCertificate>();

/** Reads the certificate and key of a Secret; each Secret object is parsed once. */
export function parseCertificate(secret: Secret): ParsedCertificate {
  const known = parsed.get(secret);
  if (known !== undefined) return known;
  const result = readSecret(secret);
  parsed.set(secret, result);
  return result;
}

function problem(message: string): ParsedCertificate {
  return { type: 'Problem', message };
}

function readSecret(secret: Secret): ParsedCertificate {
  const name = `Secret "${namespacedName(secret.metadata)}"`;
  if (secret.type !== TLS_SECRET_TYPE)
    return problem(
      `${name} is of type "${secret.type ?? 'Opaque'}", not "${TLS_SECRET_TYPE}"; create it with "kubectl create secret tls".`,
    );
  const certificatePem = decode(secret.data?.['tls.crt']);
  const keyPem = decode(secret.data?.['tls.key']);
  if (certificatePem === undefined) return problem(`${name} has no "tls.crt".`);
  if (keyPem === undefined) return problem(`${name} has no "tls.key".`);
  const leaf = attempt(() => new X509Certificate(certificatePem));
  if (leaf === undefined) return problem(`"tls.crt" of ${name} is not a PEM certificate.`);
  const key = attempt(() => createPrivateKey(keyPem));
  if (key === undefined) return problem(`"tls.key" of ${name} is not an unencrypted PEM private key.`);
  if (!leaf.checkPrivateKey(key))
    return problem(`The certificate and the key of ${name} do not belong together; replace both with a matching pair.`);
  return {
    type: 'Certificate',
    certificate: {
      secret: refOf(secret),
      names: namesOf(leaf),
      notAfter: new Date(leaf.validTo).toISOString(),
      fingerprint: leaf.fingerprint256.replaceAll(':', '').toLowerCase(),
      material: new KeyMaterial(certificatePem, keyPem),
    },
  };
}

function decode(base64: string | undefined): string | undefined {
  return base64 === undefined || base64 === '' ? undefined : Buffer.from(base64, 'base64').toString('latin1');
}

function attempt<T>(parse: () => T): T | undefined {
  try {
    return parse();
  } catch {
    // The library's words name no Secret and often no cause; the caller's sentence does.
    return undefined;
  }
}

/** Names from the subject alternative names, or, in old certificates, the common name. */
function namesOf(leaf: X509Certificate): readonly string[] {
  const alternatives = (leaf.subjectAltName ?? '')
    .split(', ')
    .flatMap((entry) => /^(?:DNS|IP Address):(.+)$/.exec(entry)?.[1] ?? [])
    .map((name) => name.toLowerCase());
  if (alternatives.length > 0) return alternatives;
  const commonName = /^CN=(.+)$/m.exec(leaf.subject)?.[1];
  return commonName === undefined ? [] : [commonName.toLowerCase()];
}

/** Whether clients that ask for `hostname`, which may be a wildcard, find it in the certificate. */
export function covers({ names }: CertificateView, hostname: string): boolean {
  const parent = hostname.slice(hostname.indexOf('.'));
  return names.includes(hostname) || (hostname.includes('.') && names.includes(`*${parent}`));
}
