import type { TestCertificate } from './certificates.ts';

const GATEWAY_API = 'gateway.networking.k8s.io/v1';

/** Puts manifests one after the other, as one input. */
export function documents(...manifests: readonly string[]): string {
  return manifests.map((text) => text.trim()).join('\n---\n');
}

/** A Namespace. JSON is YAML. */
export function namespace(name: string, labels: Readonly<Record<string, string>> = {}): string {
  return JSON.stringify({ apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels } });
}

/** A GatewayClass of our own controller. */
export function gatewayClass(name: string): string {
  const spec = { controllerName: 'sallyport.dev/gateway-controller' };
  return JSON.stringify({ apiVersion: GATEWAY_API, kind: 'GatewayClass', metadata: { name }, spec });
}

/** A Service whose endpoints are named by the annotation. */
export function service(
  {
    namespace: space = 'default',
    name,
    port,
  }: { readonly namespace?: string; readonly name: string; readonly port: number },
  ...endpoints: readonly string[]
): string {
  const annotations = endpoints.length === 0 ? {} : { 'sallyport.dev/endpoints': endpoints.join(',') };
  const metadata = { name, namespace: space, annotations };
  return JSON.stringify({ apiVersion: 'v1', kind: 'Service', metadata, spec: { ports: [{ port }] } });
}

/** A Secret of type `kubernetes.io/tls`. */
export function tlsSecret(space: string, name: string, { certificate, privateKey }: TestCertificate): string {
  const data = {
    'tls.crt': Buffer.from(certificate).toString('base64'),
    'tls.key': Buffer.from(privateKey).toString('base64'),
  };
  const metadata = { name, namespace: space };
  return JSON.stringify({ apiVersion: 'v1', kind: 'Secret', metadata, type: 'kubernetes.io/tls', data });
}

/** A Gateway in `default`. */
export function gateway(name: string, className: string, listeners: readonly unknown[]): string {
  const spec = { gatewayClassName: className, listeners };
  return JSON.stringify({ apiVersion: GATEWAY_API, kind: 'Gateway', metadata: { name, namespace: 'default' }, spec });
}

/** An HTTPRoute in `default`. */
export function httpRoute(
  name: string,
  parent: string,
  rules: readonly unknown[],
  hostnames?: readonly string[],
): string {
  const spec = { parentRefs: [{ name: parent }], hostnames, rules };
  return JSON.stringify({ apiVersion: GATEWAY_API, kind: 'HTTPRoute', metadata: { name, namespace: 'default' }, spec });
}
