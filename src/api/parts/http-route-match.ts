import type { Infer, ValidationRule } from '../schema.ts';
import { array, object, oneOf, required, string } from '../schema.ts';
import { byName, headerValue, httpToken } from './http-header.ts';
import { HTTP_METHODS } from './http-methods.ts';

const PATH_PATTERN = "^(?:[-A-Za-z0-9/._~!$&'()*+,;=:@]|[%][0-9a-fA-F]{2})+$";
const LITERAL_TYPES = "['Exact', 'PathPrefix']";

function literalPath(message: string, demand: string): ValidationRule {
  return { message, rule: `(self.type in ['Exact','PathPrefix']) ? ${demand} : true` };
}

const pathRules: readonly ValidationRule[] = [
  literalPath(
    `value must be an absolute path and start with '/' when type one of ${LITERAL_TYPES}`,
    "self.value.startsWith('/')",
  ),
  ...['//', '/./', '/../', '%2f', '%2F', '#'].map((text) =>
    literalPath(`must not contain '${text}' when type one of ${LITERAL_TYPES}`, `!self.value.contains('${text}')`),
  ),
  ...['/..', '/.'].map((text) =>
    literalPath(`must not end with '${text}' when type one of ${LITERAL_TYPES}`, `!self.value.endsWith('${text}')`),
  ),
  {
    message: "type must be one of ['Exact', 'PathPrefix', 'RegularExpression']",
    rule: "self.type in ['Exact','PathPrefix'] || self.type == 'RegularExpression'",
  },
  literalPath(
    `must only contain valid characters (matching ${PATH_PATTERN}) for types ${LITERAL_TYPES}`,
    `self.value.matches(r"""${PATH_PATTERN}""")`,
  ),
];

const httpPathMatch = object(
  {
    type: oneOf(['Exact', 'PathPrefix', 'RegularExpression'], {
      description: 'How the value is compared with the path. A prefix is compared element by element.',
      default: 'PathPrefix',
    }),
    value: string({ description: 'What the path must be, begin with or match.', default: '/', maxLength: 1024 }),
  },
  {
    description: 'The path of the request.',
    default: { type: 'PathPrefix', value: '/' },
    'x-kubernetes-validations': pathRules,
  },
);

/** The path of a request; every path by default. */
export type HTTPPathMatch = Infer<typeof httpPathMatch>;

/** How the value of a header or query parameter is compared. */
export const valueMatchType = oneOf(['Exact', 'RegularExpression'], {
  description: 'How the value is compared.',
  default: 'Exact',
});

const httpHeaderMatch = object(
  {
    type: valueMatchType,
    name: required(httpToken('Name of the header; upper and lower case are the same.')),
    value: required(headerValue('What the value of the header must be or match.')),
  },
  { description: 'A header of the request.' },
);

/** A header of a request. */
export type HTTPHeaderMatch = Infer<typeof httpHeaderMatch>;

const httpQueryParamMatch = object(
  {
    type: valueMatchType,
    name: required(httpToken('Name of the query parameter; upper and lower case differ.')),
    value: required(
      string({ description: 'What the value of the query parameter must be or match.', minLength: 1, maxLength: 1024 }),
    ),
  },
  { description: 'A query parameter of the request.' },
);

/** A query parameter of a request. */
export type HTTPQueryParamMatch = Infer<typeof httpQueryParamMatch>;

const httpRouteMatch = object(
  {
    path: httpPathMatch,
    headers: array(httpHeaderMatch, {
      description: 'Headers that the request must have, all of them.',
      maxItems: 16,
      ...byName,
    }),
    queryParams: array(httpQueryParamMatch, {
      description: 'Query parameters that the request must have, all of them.',
      maxItems: 16,
      ...byName,
    }),
    method: oneOf(HTTP_METHODS, { description: 'Method of the request; every method where absent.' }),
  },
  { description: 'What a request must be like; all of it.' },
);

/** What a request must be like, all of it. */
export type HTTPRouteMatch = Infer<typeof httpRouteMatch>;

/** `rules[].matches` of an HTTPRoute. */
export const httpRouteMatches = array(httpRouteMatch, {
  description: 'Which requests the rule is for. One match is enough; the most specific rule of all routes is applied.',
  default: [{ path: { type: 'PathPrefix', value: '/' } }],
  maxItems: 64,
  'x-kubernetes-list-type': 'atomic',
});
