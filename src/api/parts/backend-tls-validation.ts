import type { Infer } from '../schema.ts';
import { array, object, oneOf, required, string } from '../schema.ts';
import { hostname, preciseHostname } from './names.ts';
import { localObjectReference } from './references.ts';

const subjectAltName = object(
  {
    type: required(oneOf(['Hostname', 'URI'], { description: 'Which of the two fields is given.' })),
    hostname: hostname('A DNS name; the first label may be a wildcard.'),
    uri: string({
      description: 'A URI, such as spiffe://example.org/shop.',
      minLength: 1,
      maxLength: 253,
      pattern: '^(([^:/?#]+):)(//([^/?#]*))([^?#]*)(\\?([^#]*))?(#(.*))?',
    }),
  },
  {
    description: 'A name that a certificate may carry.',
    'x-kubernetes-validations': [
      {
        message: 'SubjectAltName element must contain Hostname, if Type is set to Hostname',
        rule: '!(self.type == "Hostname" && (!has(self.hostname) || self.hostname == ""))',
      },
      {
        message: 'SubjectAltName element must not contain Hostname, if Type is not set to Hostname',
        rule: '!(self.type != "Hostname" && has(self.hostname) && self.hostname != "")',
      },
      {
        message: 'SubjectAltName element must contain URI, if Type is set to URI',
        rule: '!(self.type == "URI" && (!has(self.uri) || self.uri == ""))',
      },
      {
        message: 'SubjectAltName element must not contain URI, if Type is not set to URI',
        rule: '!(self.type != "URI" && has(self.uri) && self.uri != "")',
      },
    ],
  },
);

/** A name that a certificate may carry. */
export type SubjectAltName = Infer<typeof subjectAltName>;

/** How the certificate of a backend is checked. */
export const backendTlsValidation = object(
  {
    hostname: required(
      preciseHostname(
        'Host name to ask for in the handshake (SNI), and which the certificate must carry unless subjectAltNames is given.',
      ),
    ),
    subjectAltNames: array(subjectAltName, {
      description: 'Names of which the certificate must carry one, in place of hostname.',
      maxItems: 5,
      'x-kubernetes-list-type': 'atomic',
    }),
    caCertificateRefs: array(localObjectReference, {
      description: 'The certificate authorities that the certificate may come from: ConfigMaps with the key ca.crt.',
      maxItems: 8,
      'x-kubernetes-list-type': 'atomic',
    }),
    wellKnownCACertificates: string({
      description: "A known set of certificate authorities: System is the machine's own.",
      minLength: 1,
      maxLength: 253,
      pattern:
        '^(System|([a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*/' +
        '([A-Za-z0-9][-A-Za-z0-9_.]{0,61})?[A-Za-z0-9]))$',
    }),
  },
  {
    description: 'How the certificate of the backend is checked.',
    'x-kubernetes-validations': [
      {
        message: 'must not contain both CACertificateRefs and WellKnownCACertificates',
        rule:
          '!(has(self.caCertificateRefs) && size(self.caCertificateRefs) > 0 && ' +
          'has(self.wellKnownCACertificates) && self.wellKnownCACertificates != "")',
      },
      {
        message: 'must specify either CACertificateRefs or WellKnownCACertificates',
        rule:
          '(has(self.caCertificateRefs) && size(self.caCertificateRefs) > 0 || ' +
          'has(self.wellKnownCACertificates) && self.wellKnownCACertificates != "")',
      },
    ],
  },
);

/** How the certificate of a backend is checked. */
export type BackendTLSValidation = Infer<typeof backendTlsValidation>;
