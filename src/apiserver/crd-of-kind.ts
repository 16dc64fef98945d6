import type { KindDefinition, PrinterColumn, VersionDefinition } from '../api/kind-definition.ts';
import type { KubeObject } from '../api/object.ts';

// What `kubectl get crd -o yaml` shows of the built-in Gateway API kinds, and what other tools ask a cluster for.
const GATEWAY_API_ANNOTATIONS = {
  'gateway.networking.k8s.io/bundle-version': 'v1.6.1',
  'gateway.networking.k8s.io/channel': 'experimental',
};

/** The CRD that shows a kind which is served without one having been applied. */
export function crdOfKind(kind: KindDefinition): KubeObject & { readonly spec: unknown } {
  const isGatewayApi = kind.group.startsWith('gateway.networking.');
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: {
      name: `${kind.plural}.${kind.group}`,
      ...(isGatewayApi ? { annotations: GATEWAY_API_ANNOTATIONS } : {}),
    },
    spec: {
      group: kind.group,
      names: {
        kind: kind.kind,
        listKind: kind.listKind,
        plural: kind.plural,
        singular: kind.singular,
        ...(kind.shortNames.length === 0 ? {} : { shortNames: kind.shortNames }),
        ...(kind.categories.length === 0 ? {} : { categories: kind.categories }),
      },
      scope: kind.scope,
      versions: kind.versions.map(crdVersion),
    },
  };
}

function crdVersion(version: VersionDefinition): unknown {
  const { name, served, storage, schema, printerColumns, deprecationWarning, hasStatus } = version;
  return {
    name,
    served,
    storage,
    ...(deprecationWarning === undefined ? {} : { deprecated: true, deprecationWarning }),
    schema: { openAPIV3Schema: schema },
    ...(hasStatus ? { subresources: { status: {} } } : {}),
    ...(printerColumns.length === 0 ? {} : { additionalPrinterColumns: printerColumns.map(crdColumn) }),
  };
}

function crdColumn({ name, type, jsonPath, description, format, priority }: PrinterColumn): unknown {
  return {
    name,
    type,
    jsonPath,
    ...(description === undefined ? {} : { description }),
    ...(format === undefined ? {} : { format }),
    ...(priority === undefined ? {} : { priority }),
  };
}
