import { createSecureContext, type SecureContext } from 'node:tls';
import { createHash } from 'node:crypto';
import type { CertificateData } from '../../engine/embedded/protocol.ts';
import type { CertificateId, TlsPlan } from '../../plan/types.ts';

interface Stored {
  readonly data: CertificateData;
  /** By listener key. */
  readonly contexts: Map<string, SecureContext>;
}

/** The certificates of a worker and the TLS contexts made of them, which are made when a listener first needs them. */
export class CertificateStore {
  readonly #ticketKeys: Buffer;
  readonly #stored = new Map<CertificateId, Stored>();

  /** @param ticketKeys 48 bytes, the same in all workers, so that a session can be resumed in any of them. */
  constructor(ticketKeys: Buffer) {
    this.#ticketKeys = ticketKeys;
  }

  /** Makes a certificate known. Throws if it cannot be used: not PEM, or a key that does not belong to it. */
  upsert(data: CertificateData): void {
    // An id names its content: the same id is the same certificate.
    if (this.#stored.has(data.id)) return;
    createSecureContext({ cert: data.certificate, key: data.key });
    this.#stored.set(data.id, { data, contexts: new Map() });
  }

  /** Forgets a certificate. Connections that were opened with it stay. */
  remove(id: CertificateId): void {
    this.#stored.delete(id);
  }

  /** The context of a listener for a server name, of the certificate that fits best; undefined: there is none to use. */
  contextFor(listenerKey: string, { certificates }: TlsPlan, serverName: string): SecureContext | undefined {
    const known = certificates.map((id) => this.#stored.get(id)).filter((stored) => stored !== undefined);
    const chosen =
      known.find(({ data }) => data.names.includes(serverName)) ??
      known.find(({ data }) => data.names.includes(wildcardOf(serverName))) ??
      known[0];
    return chosen && this.#context(listenerKey, chosen);
  }

  #context(listenerKey: string, { data, contexts }: Stored): SecureContext {
    const made = contexts.get(listenerKey);
    if (made !== undefined) return made;
    const context = createSecureContext({
      cert: data.certificate,
      key: data.key,
      minVersion: 'TLSv1.2',
      // Tickets are shared by all listeners; the context keeps a session of one from being resumed at another.
      ticketKeys: this.#ticketKeys,
      sessionIdContext: createHash('sha256').update(listenerKey).digest('hex').slice(0, 32),
    });
    contexts.set(listenerKey, context);
    return context;
  }
}

/** RFC 6125: a wildcard stands for the first label alone. */
function wildcardOf(serverName: string): string {
  return `*${serverName.slice(Math.max(serverName.indexOf('.'), 0))}`;
}
