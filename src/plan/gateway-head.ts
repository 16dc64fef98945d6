import type { CertificateView, GatewayView, ListenerView } from '../analysis/topology.ts';
import { compareText } from '../lib/comparator.ts';
import { contentHash } from './content-sum.ts';
import type { CertificateId, CertificatePlan, GatewayAddress, TlsPlan } from './types.ts';

/** What a Gateway itself says of its plan; the rest comes from routes. */
export interface GatewayHead {
  readonly addresses: readonly GatewayAddress[];
  /** Ordered by port, then name. */
  readonly listeners: readonly ListenerHead[];
  /** Ordered by id. */
  readonly certificates: readonly CertificatePlan[];
}

/** A listener without its hosts. */
export interface ListenerHead {
  readonly name: string;
  readonly port: number;
  readonly protocol: 'HTTP' | 'HTTPS';
  readonly hostname?: string;
  readonly tls?: TlsPlan;
}

/** The head of an accepted Gateway: of its listeners only those that can be served. */
export function buildGatewayHead(view: GatewayView): GatewayHead {
  const served = view.listeners.filter(({ programmable }) => programmable);
  const certificates = new Map<CertificateId, CertificatePlan>();
  for (const certificate of served.flatMap((listener) => listener.certificates)) {
    const plan = buildCertificate(certificate);
    certificates.set(plan.id, plan);
  }
  return {
    addresses: buildAddresses(view),
    listeners: served.flatMap(buildListenerHead).sort((a, b) => a.port - b.port || compareText(a.name, b.name)),
    certificates: [...certificates.values()].sort((a, b) => compareText(a.id, b.id)),
  };
}

/** An address without a value leaves the choice to the engine, as no address does. */
function buildAddresses({ source }: GatewayView): readonly GatewayAddress[] {
  return (source.spec.addresses ?? []).flatMap(({ type = 'IPAddress', value = '' }) =>
    value !== '' && (type === 'IPAddress' || type === 'Hostname') ? [{ type, value }] : [],
  );
}

function buildListenerHead({ name, hostname, source, certificates }: ListenerView): readonly ListenerHead[] {
  const { port, protocol } = source;
  if (protocol !== 'HTTP' && protocol !== 'HTTPS') return [];
  return [
    {
      name,
      port,
      protocol,
      ...(hostname === undefined ? {} : { hostname }),
      ...(protocol === 'HTTPS' ? { tls: { certificates: certificates.map((view) => buildCertificate(view).id) } } : {}),
    },
  ];
}

const certificatePlans = new WeakMap<CertificateView, CertificatePlan>();

function buildCertificate(view: CertificateView): CertificatePlan {
  const known = certificatePlans.get(view);
  if (known !== undefined) return known;
  const { secret, names, notAfter, fingerprint, material } = view;
  // The chain counts, too: a new intermediate under the same leaf is another certificate to a client.
  const id = `${secret.namespace}/${secret.name}@${contentHash(material.reveal().certificate)}` as CertificateId;
  const plan: CertificatePlan = { id, secret, names, notAfter, fingerprint, material };
  certificatePlans.set(view, plan);
  return plan;
}
