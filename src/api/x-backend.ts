import { ageColumn, gatewayApiKind } from './gateway-api-kind.ts';
import type { KubeObject } from './object.ts';
import { backendTlsValidation } from './parts/backend-tls-validation.ts';
import { conditions } from './parts/conditions.ts';
import { controllerName, GATEWAY_API_EXPERIMENTAL_GROUP, portNumber, preciseHostname } from './parts/names.ts';
import { parentReference } from './parts/parent-reference.ts';
import { secretObjectReference } from './parts/references.ts';
import type { Infer } from './schema.ts';
import { array, described, object, oneOf, required, string } from './schema.ts';

const externalHostname = object(
  {
    hostname: required(
      preciseHostname('The host name, which is looked up in DNS.', {
        'x-kubernetes-validations': [
          {
            message: 'hostname must not be an IP address or end with .cluster.local',
            rule: "!self.endsWith('.cluster.local')",
          },
        ],
      }),
    ),
  },
  { description: 'A host outside the cluster. Only for the type ExternalHostname.' },
);

const port = object(
  {
    name: string({
      description: 'Name of the port.',
      maxLength: 63,
      'x-kubernetes-validations': [
        {
          message: 'Name must be a valid DNS label',
          rule: 'size(self) == 0 || format.dns1123Label().validate(self) == null',
        },
      ],
    }),
    port: required(portNumber('The number of the port.')),
  },
  { description: 'The port to send to.' },
);

const tls = object(
  {
    mode: required(
      oneOf(['None', 'ServerOnly', 'ClientAndServer'], {
        description: 'Whether TLS is spoken, and whether the Gateway shows a certificate of its own.',
      }),
    ),
    clientCertificateRef: described(secretObjectReference, 'The certificate that the Gateway shows to the backend.'),
    validation: backendTlsValidation,
  },
  {
    description: 'How to speak TLS to the backend.',
    'x-kubernetes-validations': [
      {
        message: 'clientCertificateRef must be set if and only if mode is ClientAndServer',
        rule: "self.mode == 'ClientAndServer' ? has(self.clientCertificateRef) : !has(self.clientCertificateRef)",
      },
    ],
  },
);

const spec = object(
  {
    type: required(oneOf(['ExternalHostname'], { description: 'What the backend is.' })),
    externalHostname,
    port: required(port),
    protocol: oneOf(['TCP', 'HTTP', 'HTTP2', 'HTTP11', 'H2C', 'MCP'], { description: 'What the backend speaks.' }),
    tls,
  },
  {
    description: 'Where the backend is and how to speak to it.',
    'x-kubernetes-validations': [
      {
        message: 'externalHostname must be set when type is ExternalHostname and must be unset otherwise',
        rule: "self.type == 'ExternalHostname' ? has(self.externalHostname) : !has(self.externalHostname)",
      },
    ],
  },
);

/** The spec of an XBackend. */
export type XBackendSpec = Infer<typeof spec>;

const parentStatus = object(
  {
    parentRef: required(described(parentReference, 'The Gateway that uses the backend.')),
    controllerName: required(controllerName('The controller that wrote this entry.')),
    conditions: conditions('How the backend stands with this Gateway.', {}),
  },
  { description: 'How the backend stands with one Gateway.' },
);

const status = object(
  {
    parents: array(parentStatus, {
      description: 'How the backend stands: one entry a Gateway and controller.',
      maxItems: 32,
      'x-kubernetes-list-type': 'atomic',
    }),
  },
  { description: 'How the backend is taken, written by controllers.' },
);

/** The status of an XBackend. */
export type XBackendStatus = Infer<typeof status>;

/** A backend other than a Service: so far a host outside the cluster. */
export interface XBackend extends KubeObject {
  readonly spec: XBackendSpec;
  readonly status?: XBackendStatus;
}

/** The kind XBackend. */
export const xBackendKind = gatewayApiKind({
  group: GATEWAY_API_EXPERIMENTAL_GROUP,
  kind: 'XBackend',
  plural: 'xbackends',
  shortNames: ['xbackend'],
  description: 'A backend other than a Service: so far a host outside the cluster.',
  versions: [{ name: 'v1alpha1', storage: true, spec, status, columns: [ageColumn] }],
});
