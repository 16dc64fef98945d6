import type { Infer } from '../schema.ts';
import { array, described, object, oneOf, required } from '../schema.ts';
import { portNumber } from './names.ts';
import { objectReference, secretObjectReference } from './references.ts';

const frontendTlsValidation = object(
  {
    caCertificateRefs: required(
      array(objectReference, {
        description:
          "The certificate authorities that a client's certificate may come from: ConfigMaps with the key ca.crt.",
        minItems: 1,
        maxItems: 16,
        'x-kubernetes-list-type': 'atomic',
      }),
    ),
    mode: oneOf(['AllowValidOnly', 'AllowInsecureFallback'], {
      description: 'Whether a client without a valid certificate is refused, or let in for the backend to judge.',
      default: 'AllowValidOnly',
    }),
  },
  { description: 'How the certificates of clients are checked. They are not asked for where absent.' },
);

/** How certificates of clients are checked. */
export type FrontendTLSValidation = Infer<typeof frontendTlsValidation>;

const frontendTlsConfig = object(
  { validation: frontendTlsValidation },
  { description: 'What is demanded of clients on HTTPS listeners.' },
);

/** What is demanded of clients that connect with TLS; nothing without `validation`. */
export type FrontendTLSConfig = Infer<typeof frontendTlsConfig>;

const portTlsConfig = object(
  {
    port: required(portNumber('The port that this is for.')),
    tls: required(described(frontendTlsConfig, 'What is demanded of clients on this port, in place of the default.')),
  },
  { description: 'What is demanded of clients on one port.' },
);

/** `spec.tls` of a Gateway: what holds for all its listeners. */
export const gatewayTlsConfig = object(
  {
    backend: object(
      {
        clientCertificateRef: described(
          secretObjectReference,
          'The certificate that the Gateway shows to its backends.',
        ),
      },
      { description: 'How the Gateway speaks TLS to backends.' },
    ),
    frontend: object(
      {
        default: required(
          described(frontendTlsConfig, 'What is demanded of clients on ports that perPort does not name.'),
        ),
        perPort: array(portTlsConfig, {
          description: 'What is demanded of clients on single ports.',
          maxItems: 64,
          'x-kubernetes-list-type': 'map',
          'x-kubernetes-list-map-keys': ['port'],
          'x-kubernetes-validations': [
            {
              message: 'Port for TLS configuration must be unique within the Gateway',
              rule: 'self.all(t1, self.exists_one(t2, t1.port == t2.port))',
            },
          ],
        }),
      },
      { description: 'How the Gateway checks clients that connect with TLS.' },
    ),
  },
  { description: 'TLS settings of the whole Gateway, towards clients and towards backends.' },
);

/** TLS settings of a whole Gateway. */
export type GatewayTLSConfig = Infer<typeof gatewayTlsConfig>;
