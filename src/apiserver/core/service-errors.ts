import type { Service } from '../../api/core/service.ts';
import { duplicate, type FieldError, invalid, missing, notSupported } from '../schema/field-error.ts';

type ServicePort = NonNullable<NonNullable<Service['spec']>['ports']>[number];

const TYPES = ['ClusterIP', 'ExternalName', 'LoadBalancer', 'NodePort'];
const AFFINITIES = ['ClientIP', 'None'];
const PROTOCOLS = ['SCTP', 'TCP', 'UDP'];
const LABEL = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
const LABEL_DETAIL =
  "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";
const RANGE_DETAIL = 'must be between 1 and 65535, inclusive';

/** What is wrong with a Service that its schema cannot tell. */
export function serviceErrors({ spec = {} }: Service): readonly FieldError[] {
  const { type = 'ClusterIP', sessionAffinity = 'None', ports = [] } = spec;
  const errors: FieldError[] = [];
  if (!TYPES.includes(type)) errors.push(notSupported('spec.type', type, TYPES));
  if (!AFFINITIES.includes(sessionAffinity)) {
    errors.push(notSupported('spec.sessionAffinity', sessionAffinity, AFFINITIES));
  }
  const needsPorts = type !== 'ExternalName' && spec.clusterIP !== 'None';
  if (ports.length === 0 && needsPorts) errors.push(missing('spec.ports'));
  if (type === 'ExternalName' && !spec.externalName) errors.push(missing('spec.externalName'));
  for (const [index, port] of ports.entries()) {
    errors.push(
      ...portErrors(port, {
        field: `spec.ports[${index}]`,
        before: ports.slice(0, index),
        needsName: ports.length > 1,
      }),
    );
  }
  return errors;
}

interface PortPlace {
  readonly field: string;
  readonly before: readonly ServicePort[];
  readonly needsName: boolean;
}

function* portErrors(port: ServicePort, { field, before, needsName }: PortPlace): Generator<FieldError> {
  const { name = '', protocol = 'TCP', targetPort } = port;
  if (name === '' && needsName) yield missing(`${field}.name`);
  else if (name !== '' && !LABEL.test(name)) yield invalid(`${field}.name`, name, LABEL_DETAIL);
  else if (name !== '' && before.some((other) => other.name === name)) yield duplicate(`${field}.name`, name);
  if (!isPort(port.port)) yield invalid(`${field}.port`, port.port, RANGE_DETAIL);
  if (!PROTOCOLS.includes(protocol)) yield notSupported(`${field}.protocol`, protocol, PROTOCOLS);
  if (typeof targetPort === 'number' && !isPort(targetPort)) {
    yield invalid(`${field}.targetPort`, targetPort, RANGE_DETAIL);
  }
}

function isPort(port: number): boolean {
  return port >= 1 && port <= 65_535;
}
