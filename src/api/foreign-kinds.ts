import { kindSchema } from './core/object-meta.ts';
import { ageColumn, conditionColumn } from './gateway-api-kind.ts';
import { ingressClassKind, ingressKind } from './ingress.ts';
import type { KindDefinition, PrinterColumn } from './kind-definition.ts';
import { object, openObject } from './schema.ts';

/** What sets a kind of another project apart. */
interface ForeignKind {
  readonly kind: string;
  readonly plural: string;
  readonly description: string;
  readonly shortNames?: readonly string[];
  /** Namespaced where absent. */
  readonly scope?: 'Namespaced' | 'Cluster';
  /** Shown before the age. */
  readonly columns?: readonly PrinterColumn[];
}

/** What the kinds of a project have in common. */
interface ForeignGroup {
  readonly group: string;
  /** All served; objects are stored in the first. */
  readonly versions: readonly [string, ...string[]];
  readonly categories: readonly string[];
}

/**
 * A kind that manifests for a cluster often hold and that we only keep. Spec and status are taken as they are; the
 * project's own CRD replaces the definition when it is applied.
 */
function foreignKind({ group, versions, categories }: ForeignGroup, definition: ForeignKind): KindDefinition {
  const { kind, plural, description, shortNames = [], scope = 'Namespaced', columns = [] } = definition;
  const body = object({
    spec: openObject({ description: 'What is wanted. It is kept as written and not checked.' }),
    status: openObject({ description: 'How things stand. It is kept as written and not checked.' }),
  });
  return {
    group,
    kind,
    plural,
    singular: kind.toLowerCase(),
    listKind: `${kind}List`,
    shortNames,
    categories,
    scope,
    versions: versions.map((name, index) => ({
      name,
      served: true,
      storage: index === 0,
      schema: kindSchema(description, body),
      printerColumns: [...columns, ageColumn],
      hasStatus: true,
    })),
    hasGeneration: true,
    origin: 'Default',
  };
}

function column(name: string, jsonPath: string, priority = 0): PrinterColumn {
  return { name, type: 'string', jsonPath, ...(priority === 0 ? {} : { priority }) };
}

const istio: ForeignGroup = {
  group: 'networking.istio.io',
  versions: ['v1', 'v1beta1', 'v1alpha3'],
  categories: ['istio-io', 'networking-istio-io'],
};

const istioKinds: readonly KindDefinition[] = [
  foreignKind(istio, {
    kind: 'VirtualService',
    plural: 'virtualservices',
    shortNames: ['vs'],
    description: 'Routes the requests to hosts, in the words of Istio.',
    columns: [column('Gateways', '.spec.gateways'), column('Hosts', '.spec.hosts')],
  }),
  foreignKind(istio, {
    kind: 'DestinationRule',
    plural: 'destinationrules',
    shortNames: ['dr'],
    description: 'How the traffic to a host is handled, in the words of Istio.',
    columns: [column('Host', '.spec.host')],
  }),
  foreignKind(istio, {
    kind: 'ServiceEntry',
    plural: 'serviceentries',
    shortNames: ['se'],
    description: 'Makes a host known to the mesh, in the words of Istio.',
    columns: [
      column('Hosts', '.spec.hosts'),
      column('Location', '.spec.location'),
      column('Resolution', '.spec.resolution'),
    ],
  }),
];

const certManager: ForeignGroup = { group: 'cert-manager.io', versions: ['v1'], categories: ['cert-manager'] };
const acme: ForeignGroup = {
  group: 'acme.cert-manager.io',
  versions: ['v1'],
  categories: ['cert-manager', 'cert-manager-acme'],
};
const readyMessage = column('Status', '.status.conditions[?(@.type=="Ready")].message', 1);
const issuer = column('Issuer', '.spec.issuerRef.name', 1);

const certManagerKinds: readonly KindDefinition[] = [
  foreignKind(certManager, {
    kind: 'Certificate',
    plural: 'certificates',
    shortNames: ['cert', 'certs'],
    description: 'A certificate that cert-manager obtains and keeps in a Secret.',
    columns: [conditionColumn('Ready'), column('Secret', '.spec.secretName'), issuer, readyMessage],
  }),
  foreignKind(certManager, {
    kind: 'CertificateRequest',
    plural: 'certificaterequests',
    shortNames: ['cr', 'crs'],
    description: 'One request of cert-manager for a certificate.',
    columns: [
      conditionColumn('Approved'),
      conditionColumn('Denied'),
      conditionColumn('Ready'),
      column('Issuer', '.spec.issuerRef.name'),
      column('Requester', '.spec.username'),
      readyMessage,
    ],
  }),
  foreignKind(certManager, {
    kind: 'Issuer',
    plural: 'issuers',
    description: 'Where cert-manager obtains certificates for one namespace.',
    columns: [conditionColumn('Ready'), readyMessage],
  }),
  foreignKind(certManager, {
    kind: 'ClusterIssuer',
    plural: 'clusterissuers',
    scope: 'Cluster',
    description: 'Where cert-manager obtains certificates for all namespaces.',
    columns: [conditionColumn('Ready'), readyMessage],
  }),
  foreignKind(acme, {
    kind: 'Order',
    plural: 'orders',
    description: 'An order of cert-manager at an ACME server.',
    columns: [column('State', '.status.state'), issuer, column('Reason', '.status.reason', 1)],
  }),
  foreignKind(acme, {
    kind: 'Challenge',
    plural: 'challenges',
    description: 'A proof that an ACME server demands of cert-manager.',
    columns: [
      column('State', '.status.state'),
      column('Domain', '.spec.dnsName'),
      column('Reason', '.status.reason', 1),
    ],
  }),
];

const prometheus: ForeignGroup = {
  group: 'monitoring.coreos.com',
  versions: ['v1'],
  categories: ['prometheus-operator'],
};

const prometheusKinds: readonly KindDefinition[] = [
  foreignKind(prometheus, {
    kind: 'ServiceMonitor',
    plural: 'servicemonitors',
    shortNames: ['smon'],
    description: 'Which Services Prometheus scrapes.',
  }),
  foreignKind(prometheus, {
    kind: 'PodMonitor',
    plural: 'podmonitors',
    shortNames: ['pmon'],
    description: 'Which Pods Prometheus scrapes.',
  }),
  foreignKind(prometheus, {
    kind: 'PrometheusRule',
    plural: 'prometheusrules',
    shortNames: ['promrule'],
    description: 'Rules by which Prometheus records and alerts.',
  }),
];

/** Kinds that are kept but not acted upon, so that manifests which hold them can be applied as written. */
export const foreignKinds: readonly KindDefinition[] = [
  ingressKind,
  ingressClassKind,
  ...istioKinds,
  ...certManagerKinds,
  ...prometheusKinds,
];
