import type { PemPair } from '../contract/self-signed.ts';

const apiVersion = 'gateway.networking.k8s.io/v1';

/** A class, the Gateway `bench` with HTTP on 8080 and HTTPS on 8443, and the Service `backend` at a port of 127.0.0.1. */
export function benchManifests(backendPort: number, { certificate, key }: PemPair): readonly object[] {
  const tls = { mode: 'Terminate', certificateRefs: [{ name: 'bench' }] };
  return [
    {
      apiVersion,
      kind: 'GatewayClass',
      metadata: { name: 'bench' },
      spec: { controllerName: 'sallyport.dev/gateway' },
    },
    {
      apiVersion: 'v1',
      kind: 'Secret',
      type: 'kubernetes.io/tls',
      metadata: { name: 'bench', namespace: 'default' },
      stringData: { 'tls.crt': certificate, 'tls.key': key },
    },
    {
      apiVersion,
      kind: 'Gateway',
      metadata: { name: 'bench', namespace: 'default' },
      spec: {
        gatewayClassName: 'bench',
        listeners: [
          { name: 'http', port: 8080, protocol: 'HTTP' },
          { name: 'https', port: 8443, protocol: 'HTTPS', tls },
        ],
      },
    },
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: {
        name: 'backend',
        namespace: 'default',
        annotations: { 'sallyport.dev/endpoints': `127.0.0.1:${backendPort}` },
      },
      spec: { ports: [{ port: 80 }] },
    },
  ];
}

/** A route of the Gateway `bench` to the Service `backend`. */
export function route(name: string, path: string, hostnames: readonly string[] = [], version = '1'): object {
  return {
    apiVersion,
    kind: 'HTTPRoute',
    metadata: { name, namespace: 'default' },
    spec: {
      parentRefs: [{ name: 'bench' }],
      ...(hostnames.length === 0 ? {} : { hostnames }),
      rules: [
        {
          matches: [{ path: { type: 'PathPrefix', value: path } }],
          ...(version === '1'
            ? {}
            : {
                filters: [
                  {
                    type: 'RequestHeaderModifier',
                    requestHeaderModifier: { set: [{ name: 'X-Version', value: version }] },
                  },
                ],
              }),
          backendRefs: [{ name: 'backend', port: 80 }],
        },
      ],
    },
  };
}

/** Several documents as one YAML stream; JSON is YAML. */
export function asStream(documents: readonly object[]): string {
  return documents.map((document) => JSON.stringify(document)).join('\n---\n');
}
