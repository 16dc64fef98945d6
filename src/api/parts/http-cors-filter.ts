import type { Infer } from '../schema.ts';
import { array, boolean, integer, object, oneOf, string } from '../schema.ts';
import { httpToken } from './http-header.ts';
import { HTTP_METHODS } from './http-methods.ts';

const corsOrigin = string({
  minLength: 1,
  maxLength: 253,
  pattern: '(^\\*$)|(^(http(s)?):\\/\\/(((\\*\\.)?([a-zA-Z0-9\\-]+\\.)*[a-zA-Z0-9-]+|\\*)(:([0-9]{1,5}))?)$)',
});

const wildcardAlone = "!('*' in self && self.size() > 1)";

/** Answers preflight requests, and marks responses, so that browsers let pages of other origins call the backend. */
export const httpCorsFilter = object(
  {
    allowOrigins: array(corsOrigin, {
      description: 'Origins whose pages may call: https://app.example.com, with a wildcard label, or * for all.',
      maxItems: 64,
      'x-kubernetes-list-type': 'set',
      'x-kubernetes-validations': [
        { message: "AllowOrigins cannot contain '*' alongside other origins", rule: wildcardAlone },
      ],
    }),
    allowMethods: array(oneOf([...HTTP_METHODS, '*']), {
      description: 'Methods that pages may use, or * for all.',
      maxItems: 9,
      'x-kubernetes-list-type': 'set',
      'x-kubernetes-validations': [
        { message: "AllowMethods cannot contain '*' alongside other methods", rule: wildcardAlone },
      ],
    }),
    allowHeaders: array(httpToken('Name of a header, or *.'), {
      description: 'Request headers that pages may send, or * for all.',
      maxItems: 64,
      'x-kubernetes-list-type': 'set',
      'x-kubernetes-validations': [
        { message: "AllowHeaders cannot contain '*' alongside other methods", rule: wildcardAlone },
      ],
    }),
    exposeHeaders: array(httpToken('Name of a header, or *.'), {
      description: 'Response headers that pages may read, or * for all.',
      maxItems: 64,
      'x-kubernetes-list-type': 'set',
    }),
    allowCredentials: boolean({
      description: 'Whether pages may send cookies and other credentials. No where absent.',
    }),
    maxAge: integer({
      description: 'For how many seconds a browser may keep the answer to a preflight request.',
      format: 'int32',
      default: 5,
      minimum: 1,
    }),
  },
  { description: 'Lets pages of other origins call the backend (CORS).' },
);

/** Settings of a `CORS` filter. */
export type HTTPCORSFilter = Infer<typeof httpCorsFilter>;
