import type { Infer, Schema, SchemaOptions } from '../schema.ts';
import { array, object, required, string } from '../schema.ts';

/** The name of an HTTP header, or of a query parameter. */
export function httpToken(description: string): Schema<string> {
  return string({ description, minLength: 1, maxLength: 256, pattern: "^[A-Za-z0-9!#$%&'*+\\-.^_\\x60|~]+$" });
}

/** The value of an HTTP header. */
export function headerValue(description: string): Schema<string> {
  return string({ description, minLength: 1, maxLength: 4096, pattern: '^[!-~]+([\\t ]?[!-~]+)*$' });
}

/** How lists are listed whose items are told apart by their name. */
export const byName: SchemaOptions = { 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': ['name'] };

const httpHeader = object(
  {
    name: required(httpToken('Name of the header; upper and lower case are the same.')),
    value: required(headerValue('Value of the header.')),
  },
  { description: 'A header with its value.' },
);

/** A header with its value. */
export type HTTPHeader = Infer<typeof httpHeader>;

/** Changes the headers of requests or of responses. */
export const httpHeaderFilter = object(
  {
    set: array(httpHeader, {
      description: 'Headers to set, in place of any values they have.',
      maxItems: 16,
      ...byName,
    }),
    add: array(httpHeader, { description: 'Headers to add, after any values they have.', maxItems: 16, ...byName }),
    remove: array(string(), {
      description: 'Names of headers to remove.',
      maxItems: 16,
      'x-kubernetes-list-type': 'set',
    }),
  },
  { description: 'Changes headers: sets, adds and removes.' },
);

/** Settings of a `RequestHeaderModifier` or `ResponseHeaderModifier` filter. */
export type HTTPHeaderFilter = Infer<typeof httpHeaderFilter>;
