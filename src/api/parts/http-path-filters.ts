import type { Infer, ValidationRule } from '../schema.ts';
import { integer, object, oneOf, required, string } from '../schema.ts';
import { portNumber, preciseHostname } from './names.ts';

function pathFieldMatchesType(field: string, type: string): readonly ValidationRule[] {
  return [
    {
      message: `${field} must be specified when type is set to '${type}'`,
      rule: `self.type == '${type}' ? has(self.${field}) : true`,
    },
    {
      message: `type must be '${type}' when ${field} is set`,
      rule: `has(self.${field}) ? self.type == '${type}' : true`,
    },
  ];
}

const httpPathModifier = object(
  {
    type: required(
      oneOf(['ReplaceFullPath', 'ReplacePrefixMatch'], {
        description: 'Whether the whole path or the matched prefix is replaced.',
      }),
    ),
    replaceFullPath: string({ description: 'What comes in place of the whole path.', maxLength: 1024 }),
    replacePrefixMatch: string({
      description: 'What comes in place of the prefix that the rule matched; the rest of the path stays.',
      maxLength: 1024,
    }),
  },
  {
    description: 'What becomes of the path. It stays as it is where absent.',
    'x-kubernetes-validations': [
      ...pathFieldMatchesType('replaceFullPath', 'ReplaceFullPath'),
      ...pathFieldMatchesType('replacePrefixMatch', 'ReplacePrefixMatch'),
    ],
  },
);

/** What becomes of the path of a request. */
export type HTTPPathModifier = Infer<typeof httpPathModifier>;

/** Answers with a redirect. */
export const httpRequestRedirectFilter = object(
  {
    scheme: oneOf(['http', 'https'], { description: "Scheme of the new location; the request's own where absent." }),
    hostname: preciseHostname("Host of the new location; the request's own where absent."),
    path: httpPathModifier,
    port: portNumber("Port of the new location; where absent, the one that goes with the scheme, or the listener's."),
    statusCode: integer({ description: 'Status code of the answer.', default: 302, enum: [301, 302, 303, 307, 308] }),
  },
  { description: 'Answers with a redirect; nothing reaches a backend.' },
);

/** Settings of a `RequestRedirect` filter. */
export type HTTPRequestRedirectFilter = Infer<typeof httpRequestRedirectFilter>;

/** Changes host and path of a request on its way to the backend. */
export const httpUrlRewriteFilter = object(
  {
    hostname: preciseHostname('What comes in place of the Host header.'),
    path: httpPathModifier,
  },
  { description: 'Changes host and path of the request on its way to the backend.' },
);

/** Settings of a `URLRewrite` filter. */
export type HTTPURLRewriteFilter = Infer<typeof httpUrlRewriteFilter>;
