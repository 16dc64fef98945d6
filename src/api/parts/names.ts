import type { Schema, SchemaOptions } from '../schema.ts';
import { integer, string } from '../schema.ts';

const DNS_SUBDOMAIN = '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*';

/** The group in which every kind of the Gateway API proper lives. */
export const GATEWAY_API_GROUP = 'gateway.networking.k8s.io';

/** The group of kinds that are still experiments of the Gateway API; their names start with an X. */
export const GATEWAY_API_EXPERIMENTAL_GROUP = 'gateway.networking.x-k8s.io';

/** An API group; the empty string is the core group. */
export function groupName(description: string, options: SchemaOptions = {}): Schema<string> {
  return string({ description, maxLength: 253, pattern: `^$|^${DNS_SUBDOMAIN}$`, ...options });
}

/** The name of a kind, such as `Service`. */
export function kindName(description: string, options: SchemaOptions = {}): Schema<string> {
  return string({
    description,
    minLength: 1,
    maxLength: 63,
    pattern: '^[a-zA-Z]([-a-zA-Z0-9]*[a-zA-Z0-9])?$',
    ...options,
  });
}

/** The name of an object. */
export function objectName(description: string): Schema<string> {
  return string({ description, minLength: 1, maxLength: 253 });
}

/** The name of a namespace. */
export function namespaceName(description: string): Schema<string> {
  return string({ description, minLength: 1, maxLength: 63, pattern: '^[a-z0-9]([-a-z0-9]*[a-z0-9])?$' });
}

/** The name of a part of an object: a listener, a rule of a route, a port of a Service. */
export function sectionName(description: string): Schema<string> {
  return string({ description, minLength: 1, maxLength: 253, pattern: `^${DNS_SUBDOMAIN}$` });
}

/** A port number, 1 to 65535. */
export function portNumber(description: string): Schema<number> {
  return integer({ description, format: 'int32', minimum: 1, maximum: 65535 });
}

/** A host name whose first label may be `*`. */
export function hostname(description: string): Schema<string> {
  return string({ description, minLength: 1, maxLength: 253, pattern: `^(\\*\\.)?${DNS_SUBDOMAIN}$` });
}

/** A host name without wildcard. */
export function preciseHostname(description: string, options: SchemaOptions = {}): Schema<string> {
  return string({ description, minLength: 1, maxLength: 253, pattern: `^${DNS_SUBDOMAIN}$`, ...options });
}

/** The name by which a controller marks what it owns: a domain and a path. */
export function controllerName(description: string, options: SchemaOptions = {}): Schema<string> {
  return string({
    description,
    minLength: 1,
    maxLength: 253,
    pattern: `^${DNS_SUBDOMAIN}\\/[A-Za-z0-9\\/\\-._~%!$&'()*+,;=:]+$`,
    ...options,
  });
}

/** A duration as GEP-2257 writes it: `1h30m`, `500ms`. */
export function duration(description: string, options: SchemaOptions = {}): Schema<string> {
  return string({ description, pattern: '^([0-9]{1,5}(h|m|s|ms)){1,4}$', ...options });
}

/** The type of a Gateway's address: a known one or `domain/name`. The pattern is anchored as loosely as the official one. */
export function addressType(description: string): Schema<string> {
  return string({
    description,
    default: 'IPAddress',
    minLength: 1,
    maxLength: 253,
    pattern: `^Hostname|IPAddress|NamedAddress|${DNS_SUBDOMAIN}\\/[A-Za-z0-9\\/\\-._~%!$&'()*+,;=:]+$`,
  });
}

/** The protocol of a listener: a known one or `domain/name`. */
export function protocolName(description: string): Schema<string> {
  return string({
    description,
    minLength: 1,
    maxLength: 255,
    pattern: `^[a-zA-Z0-9]([-a-zA-Z0-9]*[a-zA-Z0-9])?$|${DNS_SUBDOMAIN}\\/[A-Za-z0-9]+$`,
  });
}
