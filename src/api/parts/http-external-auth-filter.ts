import type { Infer } from '../schema.ts';
import { array, described, integer, object, oneOf, required, string } from '../schema.ts';
import { backendObjectReference } from './backend-ref.ts';

function headerNames(description: string) {
  return array(string(), { description, maxItems: 64, 'x-kubernetes-list-type': 'set' });
}

/** Asks another service whether a request may pass. */
export const httpExternalAuthFilter = object(
  {
    protocol: required(oneOf(['HTTP', 'GRPC'], { description: 'How the service is asked.' })),
    backendRef: required(described(backendObjectReference, 'The service to ask.')),
    grpc: object(
      { allowedHeaders: headerNames('Request headers that the service gets to see.') },
      { description: 'How to ask over gRPC, in the protocol of Envoy (ext_authz).' },
    ),
    http: object(
      {
        path: string({
          description: 'What to put before the path of the request when asking.',
          maxLength: 1024,
          pattern: "^(?:[-A-Za-z0-9/._~!$&'()*+,;=:@]|[%][0-9a-fA-F]{2})+$",
        }),
        allowedHeaders: headerNames('Further request headers that the service gets to see.'),
        allowedResponseHeaders: headerNames('Headers of the answer that go on to the backend.'),
      },
      { description: 'How to ask over HTTP.' },
    ),
    forwardBody: object(
      { maxSize: integer({ description: 'How many bytes of the body the service gets at most; 0 for none.' }) },
      { description: 'Sends the body of the request along. It stays behind where this is absent.' },
    ),
  },
  {
    description: 'Asks another service whether the request may pass.',
    'x-kubernetes-validations': [
      {
        message: "grpc must be specified when protocol is set to 'GRPC'",
        rule: "self.protocol == 'GRPC' ? has(self.grpc) : true",
      },
      { message: "protocol must be 'GRPC' when grpc is set", rule: "has(self.grpc) ? self.protocol == 'GRPC' : true" },
      {
        message: "http must be specified when protocol is set to 'HTTP'",
        rule: "self.protocol == 'HTTP' ? has(self.http) : true",
      },
      { message: "protocol must be 'HTTP' when http is set", rule: "has(self.http) ? self.protocol == 'HTTP' : true" },
    ],
  },
);

/** Settings of an `ExternalAuth` filter. */
export type HTTPExternalAuthFilter = Infer<typeof httpExternalAuthFilter>;
