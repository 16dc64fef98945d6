import type { BackendView } from './topology.ts';

/** What an `appProtocol` means for us, and the engine's feature that it takes. */
const PROTOCOLS: Readonly<Record<string, { readonly protocol: BackendView['protocol']; readonly feature: string }>> = {
  'kubernetes.io/h2c': { protocol: 'H2C', feature: 'HTTPRouteBackendProtocolH2C' },
  'kubernetes.io/ws': { protocol: 'WebSocket', feature: 'HTTPRouteBackendProtocolWebSocket' },
};

/** Spoken over TLS by definition; sending it in the clear would be wrong. */
const OVER_TLS = 'kubernetes.io/wss';

/** What to speak to a Service port. An appProtocol that nobody knows does not matter: GEP-1911 leaves it open. */
export function backendProtocol(appProtocol: string | undefined): BackendView['protocol'] {
  return PROTOCOLS[appProtocol ?? '']?.protocol ?? 'HTTP/1.1';
}

/** Why a Service port with this appProtocol cannot be used, if so: the end of a sentence. */
export function protocolProblem(appProtocol: string | undefined, features: ReadonlySet<string>): string | undefined {
  const known = PROTOCOLS[appProtocol ?? ''];
  const isUsable = appProtocol !== OVER_TLS && (known === undefined || features.has(known.feature));
  return isUsable ? undefined : `has appProtocol "${appProtocol}", which this version does not speak to backends`;
}
