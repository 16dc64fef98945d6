import { BlockList, isIP, isIPv6 } from 'node:net';
import { FieldKind } from '../http1/field-kind.ts';
import type { RequestHead } from '../http1/request-head.ts';

/** A list of trusted proxies from addresses and CIDR blocks. Throws on anything else. */
export function parseTrustedProxies(entries: readonly string[]): BlockList {
  const list = new BlockList();
  for (const entry of entries) {
    const [address = '', prefix] = entry.split('/');
    const family = isIPv6(address) ? 'ipv6' : 'ipv4';
    const bits = prefix === undefined ? undefined : Number(prefix);
    if (isIP(address) === 0 || (bits !== undefined && !(bits >= 0 && bits <= (family === 'ipv6' ? 128 : 32)))) {
      throw new Error(`Trusted proxy "${entry}" is neither an address nor a CIDR block.`);
    }
    if (bits === undefined) list.addAddress(address, family);
    else list.addSubnet(address, bits, family);
  }
  return list;
}

/** Says to backends who the client is and how it came. One for each client connection, as most of it does not change. */
export class ForwardingFields {
  readonly #address: string;
  readonly #isTrusted: boolean;
  readonly #scheme: 'http' | 'https';
  #authority: string | undefined;
  #lines = '';

  /** @param address The client's, as the socket tells it. */
  constructor(address: string, scheme: 'http' | 'https', trusted: BlockList) {
    this.#address = address.startsWith('::ffff:') ? address.slice(7) : address;
    this.#scheme = scheme;
    this.#isTrusted = this.#address !== '' && trusted.check(this.#address, isIPv6(this.#address) ? 'ipv6' : 'ipv4');
  }

  /** Takes away what a client that is not trusted says of itself; before routes can match on it. */
  screen(request: RequestHead): void {
    if (this.#isTrusted) return;
    request.headers.dropKind(FieldKind.ForwardedFor);
    request.headers.dropKind(FieldKind.ForwardedProto);
    request.headers.dropKind(FieldKind.ForwardedHost);
    request.headers.dropKind(FieldKind.RequestId);
  }

  /** The lines to add to a request, or none if they were added to its fields, because some of them were there before. */
  render(request: RequestHead, requestId: string, hadFields: boolean): string {
    if (hadFields || request.headers.hasAdded) {
      if (!request.isForwardingComplete && hasForwardingFields(request)) this.#complete(request, requestId);
      if (request.isForwardingComplete) return '';
    }
    return `${this.#fresh(request.authority)}${requestId}\r\n`;
  }

  #fresh(authority: string): string {
    if (authority !== this.#authority) {
      this.#authority = authority;
      const host = authority === '' ? '' : `X-Forwarded-Host: ${authority}\r\n`;
      this.#lines = `X-Forwarded-For: ${this.#address}\r\nX-Forwarded-Proto: ${this.#scheme}\r\n${host}X-Request-ID: `;
    }
    return this.#lines;
  }

  /** Some came from a trusted proxy or a filter: a chain is continued. */
  #complete(request: RequestHead, requestId: string): void {
    const { headers } = request;
    const chain = headers.getAll('x-forwarded-for');
    headers.set('X-Forwarded-For', [...chain, this.#address].join(', '));
    if (headers.get('x-forwarded-proto') === undefined) headers.set('X-Forwarded-Proto', this.#scheme);
    if (headers.get('x-forwarded-host') === undefined && request.authority !== '') {
      headers.set('X-Forwarded-Host', request.authority);
    }
    if (headers.get('x-request-id') === undefined) headers.set('X-Request-ID', requestId);
    request.isForwardingComplete = true;
  }
}

function hasForwardingFields({ headers }: RequestHead): boolean {
  return ['x-forwarded-for', 'x-forwarded-proto', 'x-forwarded-host', 'x-request-id'].some(
    (name) => headers.get(name) !== undefined,
  );
}
