import { objectMeta } from '../../api/core/object-meta.ts';
import type { JsonSchema } from '../../api/schema.ts';

const wholeSchemas = new WeakMap<JsonSchema, JsonSchema>();

/**
 * The schema with what Kubernetes takes for granted written out: `apiVersion`, `kind` and `metadata` at the root and in
 * each embedded resource. A CRD may leave them out, or restrict only the name. Every function of this folder takes
 * schemas as they are written and works on this form; it is made once for a schema.
 */
export function wholeSchema(schema: JsonSchema): JsonSchema {
  const known = wholeSchemas.get(schema);
  if (known !== undefined) return known;
  const whole = asResource(completed(schema));
  wholeSchemas.set(schema, whole);
  wholeSchemas.set(whole, whole);
  return whole;
}

function completed(schema: JsonSchema): JsonSchema {
  const { properties, items, additionalProperties } = schema;
  const inner: JsonSchema = {
    ...schema,
    ...(properties && { properties: mapValues(properties, completed) }),
    ...(items && { items: completed(items) }),
    ...(typeof additionalProperties === 'object' && { additionalProperties: completed(additionalProperties) }),
  };
  return schema['x-kubernetes-embedded-resource'] === true ? asResource(inner) : inner;
}

function asResource(schema: JsonSchema): JsonSchema {
  const { apiVersion, kind, metadata, ...others } = schema.properties ?? {};
  return {
    ...schema,
    properties: {
      apiVersion: { type: 'string', ...apiVersion },
      kind: { type: 'string', ...kind },
      metadata: wholeMetadata(metadata),
      ...others,
    },
  };
}

function wholeMetadata(metadata: JsonSchema | undefined): JsonSchema {
  if (metadata?.properties === undefined) return objectMeta;
  const properties: Record<string, JsonSchema> = { ...objectMeta.properties };
  for (const [name, schema] of Object.entries(metadata.properties))
    properties[name] = { ...properties[name], ...schema };
  return { ...objectMeta, ...metadata, properties };
}

function mapValues(
  properties: Readonly<Record<string, JsonSchema>>,
  change: (schema: JsonSchema) => JsonSchema,
): Readonly<Record<string, JsonSchema>> {
  return Object.fromEntries(Object.entries(properties).map(([name, schema]) => [name, change(schema)]));
}

/** The schema of a member of an object: a property's own, or that of `additionalProperties`; undefined if it has none. */
export function memberSchema(schema: JsonSchema | undefined, key: string): JsonSchema | undefined {
  const property = schema?.properties;
  if (property !== undefined && Object.hasOwn(property, key)) return property[key];
  return typeof schema?.additionalProperties === 'object' ? schema.additionalProperties : undefined;
}
