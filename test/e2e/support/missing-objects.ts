import { gatewayClass, namespace } from './manifests.ts';

/** An object of a manifest, as far as it names others. */
export interface ManifestObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
  readonly spec?: {
    readonly gatewayClassName?: string;
    readonly listeners?: readonly {
      readonly hostname?: string;
      readonly tls?: { readonly certificateRefs?: readonly { readonly name: string; readonly namespace?: string }[] };
    }[];
    readonly parentRefs?: readonly { readonly name: string; readonly namespace?: string }[];
    readonly rules?: readonly { readonly backendRefs?: readonly BackendRef[] }[];
  };
}

interface BackendRef {
  readonly name: string;
  readonly namespace?: string;
  readonly port: number;
}

/** A Service that is named, with where it must live. */
export interface NamedService {
  readonly namespace: string;
  readonly name: string;
  readonly port: number;
}

/** A Secret that is named by a Gateway, with the host of the listener that uses it. */
export interface NamedSecret {
  readonly namespace: string;
  readonly name: string;
  readonly hostname: string;
}

/** The namespaces that manifests live in or name anywhere, besides `default`. */
export function namespacesOf(objects: readonly ManifestObject[]): readonly string[] {
  const found = new Set<string>();
  const visit = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    for (const [key, inner] of Object.entries(value)) {
      if (key === 'namespace' && typeof inner === 'string') found.add(inner);
      else visit(inner);
    }
  };
  objects.forEach(visit);
  found.delete('default');
  return [...found];
}

/** The Services that routes forward to. */
export function servicesOf(objects: readonly ManifestObject[]): readonly NamedService[] {
  return objects.flatMap(({ metadata, spec }) =>
    (spec?.rules ?? []).flatMap(({ backendRefs = [] }) =>
      backendRefs.map(({ name, port, namespace: space = metadata.namespace ?? 'default' }) => ({
        namespace: space,
        name,
        port,
      })),
    ),
  );
}

/** The Secrets that Gateways use. */
export function secretsOf(objects: readonly ManifestObject[]): readonly NamedSecret[] {
  return objects.flatMap(({ metadata, spec }) =>
    (spec?.listeners ?? []).flatMap(({ hostname = '*.example.com', tls }) =>
      (tls?.certificateRefs ?? []).map(({ name, namespace: space = metadata.namespace ?? 'default' }) => ({
        namespace: space,
        name,
        hostname,
      })),
    ),
  );
}

/** The GatewayClasses and Gateways that are named but not there: classes of our controller, Gateways open on port 80. */
export function parentsMissingFrom(objects: readonly ManifestObject[]): readonly string[] {
  const has = (kind: string, name: string): boolean =>
    objects.some((object) => object.kind === kind && object.metadata.name === name);
  const wanted = objects.flatMap(({ metadata, spec }) =>
    (spec?.parentRefs ?? []).map(({ name, namespace: space = metadata.namespace ?? 'default' }) => ({ name, space })),
  );
  const gateways = wanted.filter(({ name }) => !has('Gateway', name));
  const classes = objects.flatMap(({ spec }) => spec?.gatewayClassName ?? []);
  if (gateways.length > 0) classes.push('open');
  return [
    ...new Set(classes.filter((name) => !has('GatewayClass', name)).map(gatewayClass)),
    ...new Set(gateways.map(({ name, space }) => openGateway(space, name))),
  ];
}

/** Manifests of namespaces, with labels for some. */
export function namespaceManifests(
  names: readonly string[],
  labels: Readonly<Record<string, Readonly<Record<string, string>>>>,
): readonly string[] {
  return [...new Set([...names, ...Object.keys(labels)])].map((name) => namespace(name, labels[name]));
}

function openGateway(space: string, name: string): string {
  const allowedRoutes = { namespaces: { from: 'All' } };
  return JSON.stringify({
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind: 'Gateway',
    metadata: { name, namespace: space },
    spec: { gatewayClassName: 'open', listeners: [{ name: 'http', protocol: 'HTTP', port: 80, allowedRoutes }] },
  });
}
