/** A GatewayClass that Sallyport adopts. */
export const gatewayClass = `apiVersion: gateway.networking.k8s.io/v1
kind: GatewayClass
metadata: { name: sallyport }
spec: { controllerName: sallyport.dev/gateway-controller }
---
`;

/** A Gateway with one HTTP listener for all namespaces. */
export function gateway(name = 'edge', { namespace = 'default', className = 'sallyport', port = 8080 } = {}): string {
  return `apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: { name: ${name}, namespace: ${namespace} }
spec:
  gatewayClassName: ${className}
  listeners:
    - { name: http, protocol: HTTP, port: ${port}, allowedRoutes: { namespaces: { from: All } } }
---
`;
}

/** What a route is made of; `rules` is YAML in flow style. */
export interface RouteOptions {
  readonly namespace?: string;
  readonly parent?: string;
  readonly hostname?: string;
  readonly rules: string;
}

/** An HTTPRoute on the Gateway `edge`. */
export function route(
  name: string,
  { namespace = 'default', parent = '{ name: edge, namespace: default }', hostname, rules }: RouteOptions,
): string {
  return `apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: { name: ${name}, namespace: ${namespace} }
spec:
  parentRefs: [${parent}]
${hostname === undefined ? '' : `  hostnames: ["${hostname}"]\n`}  rules: ${rules}
---
`;
}

/** A rule in flow style that forwards everything to one Service. */
export function forward(serviceName: string, port = 80): string {
  return `[{ backendRefs: [{ name: ${serviceName}, port: ${port} }] }]`;
}
