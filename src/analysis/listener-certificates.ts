import type { Secret } from '../api/core/secret.ts';
import type { ObjectRef } from '../api/object.ts';
import { namespacedName } from '../api/object.ts';
import type { Listener } from '../api/parts/listener.ts';
import type { SecretObjectReference } from '../api/parts/references.ts';
import { covers, parseCertificate } from './certificates.ts';
import type { Lookup } from './derivations.ts';
import { enumerate } from './finding.ts';
import type { Fault } from './finding.ts';
import { SECRET, sameKind, typed } from './kinds.ts';
import type { Referrer } from './reference-grants.ts';
import { isPermitted, notPermittedMessage } from './reference-grants.ts';
import type { CertificateView } from './topology.ts';

/** What the `certificateRefs` of a listener amount to. */
export interface ResolvedCertificates {
  readonly certificates: readonly CertificateView[];
  readonly faults: readonly Fault[];
}

/** Looks up the certificates of an HTTPS listener. `at` is the path of the listener. */
export function resolveCertificates(
  listener: Listener,
  owner: Referrer,
  at: string,
  lookup: Lookup,
): ResolvedCertificates {
  const refs = listener.tls?.certificateRefs ?? [];
  if (refs.length === 0) return { certificates: [], faults: [noCertificates(listener, at)] };
  const certificates: CertificateView[] = [];
  const faults: Fault[] = [];
  for (const [index, ref] of refs.entries()) {
    const result = resolveOne(ref, owner, `${at}.tls.certificateRefs[${index}]`, lookup);
    if ('verdict' in result) faults.push(result);
    else certificates.push(result);
  }
  return { certificates, faults: [...faults, ...notCovered(listener, certificates, at)] };
}

function noCertificates({ name, tls }: Listener, at: string): Fault {
  return {
    at: tls === undefined ? at : `${at}.tls`,
    verdict: 'ResolvedRefs=False/InvalidCertificateRef',
    message: `HTTPS listener "${name}" has no certificate; name a Secret of type "kubernetes.io/tls" in tls.certificateRefs.`,
  };
}

function resolveOne(ref: SecretObjectReference, owner: Referrer, at: string, lookup: Lookup): CertificateView | Fault {
  const { group = SECRET.group, kind = SECRET.kind, namespace = owner.namespace, name } = ref;
  const target: ObjectRef = { group, kind, namespace, name };
  const invalid = (message: string): Fault => ({ at, verdict: 'ResolvedRefs=False/InvalidCertificateRef', message });
  if (!sameKind(target, SECRET))
    return invalid(
      `A certificateRef must name a Secret; "${kind}"${group === '' ? '' : ` of group "${group}"`} is not supported.`,
    );
  if (!isPermitted(owner, target, lookup))
    return { at, verdict: 'ResolvedRefs=False/RefNotPermitted', message: notPermittedMessage(owner, target) };
  const secret = lookup.object(target);
  if (secret === undefined)
    return invalid(`Secret "${namespacedName(target)}" does not exist; create it with "kubectl create secret tls".`);
  const result = parseCertificate(typed<Secret>(secret));
  return result.type === 'Certificate' ? result.certificate : invalid(result.message);
}

/** A warning only: the listener is served, but clients will refuse what it shows them. */
function notCovered(
  { name, hostname }: Listener,
  certificates: readonly CertificateView[],
  at: string,
): readonly Fault[] {
  if (hostname === undefined || certificates.length === 0) return [];
  const host = hostname.toLowerCase();
  if (certificates.some((certificate) => covers(certificate, host))) return [];
  const names = enumerate(certificates.flatMap((certificate) => certificate.names));
  return [
    {
      at: `${at}.hostname`,
      verdict: 'ResolvedRefs=True/ResolvedRefs',
      message: `No certificate of listener "${name}" is for its host "${host}": they are for ${names}. Clients will refuse them.`,
    },
  ];
}
