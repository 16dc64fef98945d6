import type { ConfigMap } from '../../api/core/config-map.ts';
import type { EndpointSlice } from '../../api/core/endpoint-slice.ts';
import type { Namespace } from '../../api/core/namespace.ts';
import type { Pod } from '../../api/core/pod.ts';
import type { Secret } from '../../api/core/secret.ts';
import type { Service } from '../../api/core/service.ts';
import type { Deployment } from '../../api/core/workloads.ts';
import type { KubeObject } from '../../api/object.ts';
import type { KindRules } from '../kind-rules.ts';
import { type FieldError, forbidden, invalid, missing, notSupported } from '../schema/field-error.ts';
import { deepEqual } from '../schema/json.ts';
import { formatCheck } from '../schema/formats.ts';
import { serviceErrors } from './service-errors.ts';

interface RulesFor<T extends KubeObject> {
  readonly prepare?: (object: T, existing: T | undefined) => KubeObject;
  readonly validate?: (object: T, existing: T | undefined) => readonly FieldError[];
}

/** The objects have been validated against the schema of the kind when its rules see them. */
function rulesFor<T extends KubeObject>({ prepare, validate }: RulesFor<T>): KindRules {
  return {
    ...(prepare && { prepare: (object, existing) => prepare(object as T, existing as T | undefined) }),
    ...(validate && { validate: (object, existing) => validate(object as T, existing as T | undefined) }),
  };
}

function preparedNamespace(namespace: Namespace): Namespace {
  const { metadata, status } = namespace;
  const labels = { ...metadata.labels, 'kubernetes.io/metadata.name': metadata.name };
  return { ...namespace, metadata: { ...metadata, labels }, status: { ...status, phase: status?.phase ?? 'Active' } };
}

function preparedService(service: Service): Service {
  const spec = service.spec ?? {};
  const ports = spec.ports?.map((port) => ({ ...port, targetPort: port.targetPort || port.port }));
  const { type = 'ClusterIP', sessionAffinity = 'None' } = spec;
  const traffic = type === 'ExternalName' ? {} : { internalTrafficPolicy: spec.internalTrafficPolicy ?? 'Cluster' };
  return {
    ...service,
    spec: { ...spec, ...(ports && { ports }), sessionAffinity, type, ...traffic },
    status: { loadBalancer: {}, ...service.status },
  };
}

function preparedSecret(secret: Secret): Secret {
  const { stringData, ...rest } = secret;
  const encoded = Object.entries(stringData ?? {}).map(([key, text]) => [key, Buffer.from(text).toString('base64')]);
  const data = stringData === undefined ? secret.data : { ...secret.data, ...Object.fromEntries(encoded) };
  return { ...rest, ...(data && { data }), type: secret.type ?? 'Opaque' };
}

const KEY = /^[-._a-zA-Z0-9]+$/;
const TLS_KEYS = ['tls.crt', 'tls.key'];

function secretErrors(secret: Secret, existing: Secret | undefined): readonly FieldError[] {
  const data = secret.data ?? {};
  const lacking = secret.type === 'kubernetes.io/tls' ? TLS_KEYS.filter((key) => !Object.hasOwn(data, key)) : [];
  const isOtherType = existing?.type !== undefined && existing.type !== secret.type;
  return [
    ...keyErrors(Object.keys(data), 'data'),
    ...lacking.map((key) => missing(`data[${key}]`)),
    ...(isOtherType ? [invalid('type', secret.type, 'field is immutable')] : []),
    ...immutableErrors(secret, existing),
  ];
}

function configMapErrors(configMap: ConfigMap, existing: ConfigMap | undefined): readonly FieldError[] {
  return [
    ...keyErrors(Object.keys(configMap.data ?? {}), 'data'),
    ...keyErrors(Object.keys(configMap.binaryData ?? {}), 'binaryData'),
    ...immutableErrors(configMap, existing),
  ];
}

function keyErrors(keys: readonly string[], field: string): readonly FieldError[] {
  const detail =
    "a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')";
  return keys.filter((key) => !KEY.test(key)).map((key) => invalid(`${field}[${key}]`, key, detail));
}

function immutableErrors<T extends Secret | ConfigMap>(object: T, existing: T | undefined): readonly FieldError[] {
  if (existing?.immutable !== true) return [];
  const detail = 'field is immutable when `immutable` is set';
  const isSameData = deepEqual(object.data ?? {}, existing.data ?? {});
  return [
    ...(object.immutable === true ? [] : [forbidden('immutable', detail)]),
    ...(isSameData ? [] : [forbidden('data', detail)]),
  ];
}

const ADDRESS_CHECKS: Readonly<
  Record<string, { readonly isValid: (text: string) => boolean; readonly detail: string }>
> = {
  IPv4: { isValid: formatCheck('ipv4') ?? Boolean, detail: 'must be a valid IPv4 address, (e.g. 10.9.8.7)' },
  IPv6: { isValid: formatCheck('ipv6') ?? Boolean, detail: 'must be a valid IPv6 address' },
  FQDN: { isValid: formatCheck('hostname') ?? Boolean, detail: 'must be a fully qualified domain name' },
};

// Loopback addresses are welcome here, other than in a cluster: the endpoints of a laptop are there.
function endpointSliceErrors(slice: EndpointSlice, existing: EndpointSlice | undefined): readonly FieldError[] {
  const { addressType, endpoints = [] } = slice;
  const check = Object.hasOwn(ADDRESS_CHECKS, addressType) ? ADDRESS_CHECKS[addressType] : undefined;
  if (check === undefined) return [notSupported('addressType', addressType, Object.keys(ADDRESS_CHECKS).sort())];
  const isChanged = existing !== undefined && existing.addressType !== addressType;
  const wrong = endpoints.flatMap(({ addresses }, index) =>
    addresses.flatMap((address, at) =>
      check.isValid(address) ? [] : [invalid(`endpoints[${index}].addresses[${at}]`, address, check.detail)],
    ),
  );
  return isChanged ? [invalid('addressType', addressType, 'field is immutable'), ...wrong] : wrong;
}

function preparedPod(pod: Pod): KubeObject & Pod {
  const spec = pod.spec && { restartPolicy: 'Always', terminationGracePeriodSeconds: 30, ...pod.spec };
  return { ...pod, ...(spec && { spec }), status: { ...pod.status, phase: pod.status?.phase ?? 'Pending' } };
}

function preparedDeployment(deployment: Deployment): Deployment {
  const { spec } = deployment;
  if (spec === undefined || (spec.strategy?.type ?? 'RollingUpdate') !== 'RollingUpdate') return deployment;
  const rollingUpdate = { maxSurge: '25%', maxUnavailable: '25%', ...spec.strategy?.rollingUpdate };
  return { ...deployment, spec: { ...spec, strategy: { type: 'RollingUpdate', rollingUpdate } } };
}

/**
 * What core kinds do beyond their schema, by `kindKey`: what Kubernetes fills in on a write, and what it refuses although
 * the schema allows it.
 */
export const coreRules: ReadonlyMap<string, KindRules> = new Map([
  ['Namespace', rulesFor<Namespace>({ prepare: preparedNamespace })],
  ['Service', rulesFor<Service>({ prepare: preparedService, validate: serviceErrors })],
  ['Secret', rulesFor<Secret>({ prepare: preparedSecret, validate: secretErrors })],
  ['ConfigMap', rulesFor<ConfigMap>({ validate: configMapErrors })],
  ['Pod', rulesFor<Pod>({ prepare: preparedPod })],
  ['Deployment.apps', rulesFor<Deployment>({ prepare: preparedDeployment })],
  ['EndpointSlice.discovery.k8s.io', rulesFor<EndpointSlice>({ validate: endpointSliceErrors })],
]);
