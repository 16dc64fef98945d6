import type { EndpointSlice } from '../api/core/endpoint-slice.ts';
import type { Pod } from '../api/core/pod.ts';
import type { Service } from '../api/core/service.ts';
import { namespacedName, type KubeObject } from '../api/object.ts';
import { earlier, inOrder, smaller } from '../lib/comparator.ts';
import type { Lookup } from './derivations.ts';
import { parseEndpointsAnnotation } from './endpoints-annotation.ts';
import { typed } from './kinds.ts';
import type { BackendView } from './topology.ts';
import { endpointSlicesOf, podsIn } from './topics.ts';

/** The annotation of a Service that names its endpoints where no cluster does. */
export const ENDPOINTS_ANNOTATION = 'sallyport.dev/endpoints';

/** The part of a backend that changes with its endpoints. */
export type Endpoints = Pick<BackendView, 'endpoints' | 'from' | 'problem'>;
type Endpoint = Endpoints['endpoints'][number];
type ServicePort = NonNullable<NonNullable<Service['spec']>['ports']>[number];

const NONE: Endpoints = { endpoints: [], from: 'None' };

/**
 * The ready endpoints of a Service port: from EndpointSlices; else, without a cluster, from Pods, else from the
 * annotation.
 */
export function endpointsOf(service: Service, port: ServicePort, isEmbedded: boolean, lookup: Lookup): Endpoints {
  const { type, externalName } = service.spec ?? {};
  if (type === 'ExternalName')
    return externalName === undefined
      ? NONE
      : { endpoints: [{ address: externalName, port: port.port }], from: 'ExternalName' };
  const namespace = service.metadata.namespace ?? '';
  const slices = lookup.under(endpointSlicesOf(namespace, service.metadata.name));
  if (slices.length > 0)
    return { endpoints: ordered(slices.flatMap((slice) => fromSlice(slice, port))), from: 'EndpointSlice' };
  if (!isEmbedded) return NONE;
  const pods = podsOf(service, lookup);
  if (pods.length > 0) return { endpoints: ordered(pods.flatMap((pod) => fromPod(pod, service, port))), from: 'Pods' };
  const annotation = service.metadata.annotations?.[ENDPOINTS_ANNOTATION];
  return annotation === undefined ? NONE : fromAnnotation(annotation, service);
}

/**
 * EndpointConditions.ready: "nil should be interpreted as true". Addresses of type FQDN are deprecated and not used.
 */
function fromSlice(object: KubeObject, { name = '' }: ServicePort): readonly Endpoint[] {
  const { addressType, ports = [], endpoints = [] } = typed<EndpointSlice>(object);
  const port = ports.find((candidate) => (candidate.name ?? '') === name)?.port;
  if (port === undefined || addressType === 'FQDN') return [];
  return endpoints.flatMap(({ addresses, conditions }) => {
    const [address] = addresses;
    return address === undefined || conditions?.ready === false ? [] : [{ address, port }];
  });
}

/** The Pods that the Service's selector selects and that have an address. */
function podsOf({ metadata, spec }: Service, lookup: Lookup): readonly Pod[] {
  const selector = Object.entries(spec?.selector ?? {});
  if (selector.length === 0) return [];
  return lookup
    .under(podsIn(metadata.namespace ?? ''))
    .map((object) => typed<Pod>(object))
    .filter(
      ({ metadata: { labels = {} }, status }) =>
        status?.podIP !== undefined && status.podIP !== '' && selector.every(([key, value]) => labels[key] === value),
    );
}

function fromPod(pod: Pod, { spec }: Service, servicePort: ServicePort): readonly Endpoint[] {
  const address = pod.status?.podIP;
  const port = targetPort(pod, servicePort);
  const isServing = spec?.publishNotReadyAddresses === true || isReady(pod);
  return address === undefined || port === undefined || !isServing ? [] : [{ address, port }];
}

function isReady({ metadata, status }: Pod): boolean {
  const hasEnded = status?.phase === 'Succeeded' || status?.phase === 'Failed';
  const ready = status?.conditions?.find(({ type }) => type === 'Ready');
  return metadata.deletionTimestamp === undefined && !hasEnded && ready?.status !== 'False';
}

/** ServicePort.targetPort: a number, or the name of a container port; the Service's own port where absent. */
function targetPort({ spec }: Pod, { port, targetPort: target = port }: ServicePort): number | undefined {
  if (typeof target === 'number') return target === 0 ? port : target;
  const ports = (spec?.containers ?? []).flatMap(({ ports: ofContainer = [] }) => ofContainer);
  return ports.find(({ name }) => name === target)?.containerPort;
}

function fromAnnotation(annotation: string, service: Service): Endpoints {
  const { endpoints, unusable } = parseEndpointsAnnotation(annotation);
  const problem =
    `Annotation "${ENDPOINTS_ANNOTATION}" of Service "${namespacedName(service.metadata)}" has "${unusable.join(', ')}", ` +
    'which is no address with a port such as 127.0.0.1:3000.';
  return { endpoints: ordered(endpoints), from: 'Annotation', ...(unusable.length === 0 ? {} : { problem }) };
}

const byAddress = inOrder<Endpoint>(
  earlier(({ address }) => address),
  smaller(({ port }) => port),
);

/** By address and port, none twice. */
function ordered(endpoints: readonly Endpoint[]): readonly Endpoint[] {
  const byName = new Map(endpoints.map((endpoint) => [`${endpoint.address} ${endpoint.port}`, endpoint]));
  return [...byName.values()].sort(byAddress);
}
