import type { KindDefinition } from '../api/kind-definition.ts';
import { apiVersionOf } from '../api/object.ts';
import type { KindRegistry, ServedResource } from './kind-registry.ts';

const VERBS = ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch'];
const SUBRESOURCE_VERBS = ['get', 'patch', 'update'];

/** `/apis` and `/api` in the aggregated form: every group, version and resource in one answer. */
export function aggregatedDiscovery(registry: KindRegistry, options: { isCore: boolean; version: string }): unknown {
  const groups = [...registry.groups()].filter(([group]) => (group === '') === options.isCore);
  return {
    kind: 'APIGroupDiscoveryList',
    apiVersion: `apidiscovery.k8s.io/${options.version}`,
    metadata: {},
    items: groups.map(([group, versions]) => ({
      metadata: { ...(group === '' ? {} : { name: group }), creationTimestamp: null },
      versions: versions.map((version) => ({
        version,
        resources: registry.resourcesIn(group, version).map(discoveredResource),
        freshness: 'Current',
      })),
    })),
  };
}

function discoveredResource({ kind, version }: ServedResource): unknown {
  const responseKind = { group: kind.group, version: version.name, kind: kind.kind };
  return {
    resource: kind.plural,
    responseKind,
    scope: kind.scope === 'Namespaced' ? 'Namespaced' : 'Cluster',
    singularResource: kind.singular,
    verbs: VERBS,
    ...namesOf(kind),
    ...(version.hasStatus ? { subresources: [{ subresource: 'status', responseKind, verbs: SUBRESOURCE_VERBS }] } : {}),
  };
}

function namesOf({ shortNames, categories }: KindDefinition) {
  return { ...(shortNames.length === 0 ? {} : { shortNames }), ...(categories.length === 0 ? {} : { categories }) };
}

/** `/api` in the classic form. */
export function coreVersions(serverAddress: string): unknown {
  return {
    kind: 'APIVersions',
    versions: ['v1'],
    serverAddressByClientCIDRs: [{ clientCIDR: '0.0.0.0/0', serverAddress }],
  };
}

/** `/apis` in the classic form. */
export function groupList(registry: KindRegistry): unknown {
  const groups = [...registry.groups()].filter(([group]) => group !== '');
  return {
    kind: 'APIGroupList',
    apiVersion: 'v1',
    groups: groups.map(([group, versions]) => describe(group, versions)),
  };
}

/** `/apis/GROUP`; undefined if there is no such group. */
export function groupDiscovery(registry: KindRegistry, group: string): unknown {
  const versions = registry.groups().get(group);
  return versions === undefined ? undefined : { kind: 'APIGroup', apiVersion: 'v1', ...describe(group, versions) };
}

function describe(group: string, versions: readonly string[]) {
  const named = versions.map((version) => ({ groupVersion: apiVersionOf(group, version), version }));
  return { name: group, versions: named, preferredVersion: named[0] };
}

/** `/api/v1` and `/apis/GROUP/VERSION`; undefined if there is no such version. */
export function resourceList(registry: KindRegistry, group: string, version: string): unknown {
  const resources = registry.resourcesIn(group, version);
  if (resources.length === 0) return undefined;
  return {
    kind: 'APIResourceList',
    apiVersion: 'v1',
    groupVersion: apiVersionOf(group, version),
    resources: resources.flatMap(listedResources),
  };
}

function listedResources({ kind, version }: ServedResource): readonly unknown[] {
  const { kind: name, scope } = kind;
  const namespaced = scope === 'Namespaced';
  const main = {
    name: kind.plural,
    singularName: kind.singular,
    namespaced,
    kind: name,
    verbs: VERBS,
    ...namesOf(kind),
  };
  const status = { name: `${kind.plural}/status`, singularName: '', namespaced, kind: name, verbs: SUBRESOURCE_VERBS };
  return version.hasStatus ? [main, status] : [main];
}
