import type { ConfigMap } from '../../api/core/config-map.ts';
import type { EndpointSlice } from '../../api/core/endpoint-slice.ts';
import type { Event } from '../../api/core/event.ts';
import type { Pod } from '../../api/core/pod.ts';
import type { Secret } from '../../api/core/secret.ts';
import type { Service } from '../../api/core/service.ts';
import type { Deployment, ReplicaSet } from '../../api/core/workloads.ts';
import type { KubeObject } from '../../api/object.ts';
import { humanDuration } from '../human-duration.ts';

/** The head of a column, as in a `Table`. */
export interface ColumnHead {
  readonly name: string;
  readonly type: string;
  readonly format: string;
  readonly description: string;
  /** 0 is always shown; above that only with `-o wide`. */
  readonly priority: number;
}

/** The columns of a kind, cells computed. The name is one of them. */
export interface ComputedColumns {
  readonly definitions: readonly ColumnHead[];
  /** The cells of an object, one a column; `nowMs` is what ages are counted from. */
  cells(object: KubeObject, nowMs: number): readonly unknown[];
}

interface Column<T> {
  readonly head: ColumnHead;
  readonly cell: (object: T, nowMs: number) => unknown;
}

type ColumnOptions = Partial<Omit<ColumnHead, 'name'>>;

function column<T>(name: string, cell: Column<T>['cell'], options: ColumnOptions = {}): Column<T> {
  return { head: { name, type: 'string', format: '', description: '', priority: 0, ...options }, cell };
}

const wide: ColumnOptions = { priority: 1 };
const nameColumn = column<KubeObject>('Name', ({ metadata }) => metadata.name, {
  format: 'name',
  description: 'Unique within the namespace, or within the API for kinds without namespaces.',
});
const ageColumn = column<KubeObject>('Age', ({ metadata }, nowMs) => age(metadata.creationTimestamp, nowMs));

/** `kubectl` prints what stands for nothing as `<none>` in core kinds. */
const NONE = '<none>';

function columns<T extends KubeObject>(...all: readonly Column<T>[]): ComputedColumns {
  return {
    definitions: all.map(({ head }) => head),
    cells: (object, nowMs) => all.map(({ cell }) => cell(object as T, nowMs)),
  };
}

function age(timestamp: string | undefined, nowMs: number): string {
  const since = Date.parse(timestamp ?? '');
  return Number.isNaN(since) ? '<unknown>' : humanDuration(nowMs - since);
}

function orNone(text: string | undefined): string {
  return text === undefined || text === '' ? NONE : text;
}

function labels(selector: Readonly<Record<string, string>> | undefined): string {
  const pairs = Object.entries(selector ?? {}).map(([key, value]) => `${key}=${value}`);
  return orNone(pairs.sort().join(','));
}

const serviceColumns = columns<Service>(
  nameColumn,
  column('Type', ({ spec }) => spec?.type ?? NONE),
  column('Cluster-IP', ({ spec }) => orNone(spec?.clusterIP)),
  column('External-IP', externalIp),
  column('Port(s)', ({ spec }) =>
    orNone(
      (spec?.ports ?? [])
        .map(({ port, nodePort, protocol = 'TCP' }) => `${port}${nodePort ? `:${nodePort}` : ''}/${protocol}`)
        .join(','),
    ),
  ),
  ageColumn,
  column('Selector', ({ spec }) => labels(spec?.selector), wide),
);

function externalIp({ spec, status }: Service): string {
  if (spec?.type === 'ExternalName') return orNone(spec.externalName);
  const balancers = (status?.loadBalancer?.ingress ?? []).map(({ ip, hostname }) => ip ?? hostname ?? '');
  const all = [...(spec?.type === 'LoadBalancer' ? balancers : []), ...(spec?.externalIPs ?? [])];
  return all.length === 0 && spec?.type === 'LoadBalancer' ? '<pending>' : orNone(all.join(','));
}

const podColumns = columns<Pod>(
  nameColumn,
  column('Ready', ({ spec, status }) => {
    const ready = (status?.containerStatuses ?? []).filter((container) => container.ready === true).length;
    return `${ready}/${spec?.containers.length ?? 0}`;
  }),
  column('Status', ({ metadata, status }) => {
    if (metadata.deletionTimestamp !== undefined) return 'Terminating';
    return status?.reason ?? status?.phase ?? 'Unknown';
  }),
  column('Restarts', ({ status }) =>
    (status?.containerStatuses ?? []).reduce((sum, { restartCount = 0 }) => sum + restartCount, 0),
  ),
  ageColumn,
  column('IP', ({ status }) => orNone(status?.podIP ?? status?.podIPs?.[0]?.ip), wide),
  column('Node', ({ spec }) => orNone(spec?.nodeName), wide),
);

const endpointSliceColumns = columns<EndpointSlice>(
  nameColumn,
  column('AddressType', ({ addressType }) => addressType),
  column('Ports', ({ ports }) =>
    short(
      (ports ?? []).map(({ port }) => (port === undefined ? '*' : `${port}`)),
      '<unset>',
    ),
  ),
  column('Endpoints', ({ endpoints }) =>
    short(
      (endpoints ?? []).flatMap(({ addresses }) => addresses),
      '<unset>',
    ),
  ),
  ageColumn,
);

const MAX_SHOWN = 3;

function short(items: readonly string[], none: string): string {
  if (items.length === 0) return none;
  const shown = items.slice(0, MAX_SHOWN).join(',');
  return items.length > MAX_SHOWN ? `${shown} + ${items.length - MAX_SHOWN} more...` : shown;
}

const eventColumns = columns<Event>(
  column('Last Seen', (event, nowMs) => age(lastSeen(event), nowMs)),
  column('Type', ({ type }) => type ?? ''),
  column('Reason', ({ reason }) => reason ?? ''),
  column('Object', ({ involvedObject: { kind = '', name = '' } }) => `${kind.toLowerCase()}/${name}`),
  column('Subobject', ({ involvedObject }) => involvedObject.fieldPath ?? '', wide),
  column('Source', ({ source, reportingComponent }) => source?.component ?? reportingComponent ?? '', wide),
  column('Message', ({ message }) => message?.trim() ?? ''),
  column('First Seen', (event, nowMs) => age(event.firstTimestamp ?? event.eventTime, nowMs), wide),
  column('Count', ({ count, series }) => series?.count ?? count ?? 1, { ...wide, type: 'integer' }),
  column('Name', ({ metadata }) => metadata.name, { ...wide, format: 'name' }),
);

function lastSeen({ series, lastTimestamp, eventTime, metadata }: Event): string | undefined {
  return series?.lastObservedTime ?? lastTimestamp ?? eventTime ?? metadata.creationTimestamp;
}

const deploymentColumns = columns<Deployment>(
  nameColumn,
  column('Ready', ({ spec, status }) => `${status?.readyReplicas ?? 0}/${spec?.replicas ?? 1}`),
  column('Up-to-date', ({ status }) => status?.updatedReplicas ?? 0, { type: 'integer' }),
  column('Available', ({ status }) => status?.availableReplicas ?? 0, { type: 'integer' }),
  ageColumn,
  column(
    'Containers',
    ({ spec }) =>
      containers(spec)
        .map(({ name }) => name)
        .join(','),
    wide,
  ),
  column(
    'Images',
    ({ spec }) =>
      containers(spec)
        .map(({ image = '' }) => image)
        .join(','),
    wide,
  ),
  column('Selector', ({ spec }) => labels(spec?.selector.matchLabels), wide),
);

function containers(spec: Deployment['spec']): readonly { readonly name: string; readonly image?: string }[] {
  return spec?.template.spec?.containers ?? [];
}

const replicaSetColumns = columns<ReplicaSet>(
  nameColumn,
  column('Desired', ({ spec }) => spec?.replicas ?? 1, { type: 'integer' }),
  column('Current', ({ status }) => status?.replicas ?? 0, { type: 'integer' }),
  column('Ready', ({ status }) => status?.readyReplicas ?? 0, { type: 'integer' }),
  ageColumn,
);

const secretColumns = columns<Secret>(
  nameColumn,
  column('Type', ({ type }) => type ?? 'Opaque'),
  column('Data', ({ data }) => Object.keys(data ?? {}).length, { type: 'string' }),
  ageColumn,
);

const configMapColumns = columns<ConfigMap>(
  nameColumn,
  column('Data', ({ data, binaryData }) => Object.keys(data ?? {}).length + Object.keys(binaryData ?? {}).length),
  ageColumn,
);

/** Columns that no JSONPath can give, as `kubectl get` shows them for a cluster, by `kindKey`. */
export const computedColumns: ReadonlyMap<string, ComputedColumns> = new Map([
  ['Service', serviceColumns],
  ['Pod', podColumns],
  ['Secret', secretColumns],
  ['ConfigMap', configMapColumns],
  ['Event', eventColumns],
  ['EndpointSlice.discovery.k8s.io', endpointSliceColumns],
  ['Deployment.apps', deploymentColumns],
  ['ReplicaSet.apps', replicaSetColumns],
]);
