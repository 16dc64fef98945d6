import type { GroupKind } from '../api/object.ts';
import { HTTP_ROUTE } from './kinds.ts';

/** Kinds of routes that a listener of each served protocol takes. A protocol that is absent is not served. */
const ROUTE_KINDS: Readonly<Record<string, readonly GroupKind[]>> = { HTTP: [HTTP_ROUTE], HTTPS: [HTTP_ROUTE] };

/** The kinds of routes for listeners of a protocol; undefined if the protocol is not served. */
export function routeKindsOf(protocol: string): readonly GroupKind[] | undefined {
  return Object.hasOwn(ROUTE_KINDS, protocol) ? ROUTE_KINDS[protocol] : undefined;
}

/** The protocols that are served. */
export const SERVED_PROTOCOLS: readonly string[] = Object.keys(ROUTE_KINDS);

/**
 * What listeners on one port must have in common: what is spoken before anything tells them apart. HTTPS and TLS are
 * told apart by SNI; UDP has ports of its own. Undefined for protocols that nobody knows.
 */
export function portUse(protocol: string): 'HTTP' | 'TLS' | 'TCP' | undefined {
  switch (protocol) {
    case 'HTTP':
    case 'TCP':
      return protocol;
    case 'HTTPS':
    case 'TLS':
      return 'TLS';
    default:
      return undefined;
  }
}
