import type { KindDefinition } from '../../api/kind-definition.ts';
import type { JsonSchema } from '../../api/schema.ts';
import type { JsonObject } from './json.ts';
import { allDefinitions, type Dialect, type ServedVersion, servedVersions } from './openapi-definitions.ts';
import { commonParts, type OperationSketch, type ParameterSketch, pathItems } from './openapi-paths.ts';

const dialect: Dialect = {
  reference: (name, description) => ({
    ...(description !== undefined && { description }),
    $ref: `#/definitions/${name}`,
  }),
  schema: toV2,
  properties: propertiesInV2,
};

/** OpenAPI v2 has none of these; clients that read v2 refuse a schema that has them, or misread it. */
const NOT_IN_V2 = new Set<string>([
  'allOf',
  'anyOf',
  'oneOf',
  'not',
  'nullable',
  'additionalProperties',
  'items',
  'properties',
]);

function toV2(schema: JsonSchema): JsonObject {
  const { properties, items, additionalProperties } = schema;
  const kept = Object.fromEntries(Object.entries(schema).filter(([keyword]) => !NOT_IN_V2.has(keyword)));
  // A field that may be null has no type in v2, as Kubernetes publishes it, because v2 cannot say so.
  if (schema.nullable === true) delete kept['type'];
  return {
    ...kept,
    ...(properties && { properties: propertiesInV2(properties) }),
    ...(items && { items: toV2(items) }),
    ...(typeof additionalProperties === 'object' && { additionalProperties: toV2(additionalProperties) }),
  };
}

function propertiesInV2(properties: Readonly<Record<string, JsonSchema>>): JsonObject {
  return Object.fromEntries(Object.entries(properties).map(([name, property]) => [name, toV2(property)]));
}

/**
 * The OpenAPI v2 document of the whole API: what `/openapi/v2` answers as JSON, and its definitions as protobuf. Current
 * clients use v3; older ones read definitions here.
 */
export function openApiV2(kinds: readonly KindDefinition[]): JsonObject {
  const served = servedVersions(kinds);
  return {
    swagger: '2.0',
    info: { title: 'Kubernetes', version: 'v1.32.0' },
    paths: pathItems(served, { parameterOf, operationOf }),
    definitions: allDefinitions(served, dialect),
    securityDefinitions: { BearerToken: { type: 'apiKey', name: 'authorization', in: 'header' } },
  };
}

function parameterOf({ name, in: place, type, description }: ParameterSketch): JsonObject {
  return { name, in: place, type, description, uniqueItems: true, ...(place === 'path' && { required: true }) };
}

const JSON_AND_YAML = ['application/json', 'application/yaml'];
const PATCH_TYPES = [
  'application/json-patch+json',
  'application/merge-patch+json',
  'application/strategic-merge-patch+json',
  'application/apply-patch+yaml',
];

function operationOf(operation: OperationSketch, served: ServedVersion): JsonObject {
  const { method, body, parameters, codes, answer } = operation;
  const bodyParameter = body === undefined ? [] : [{ name: 'body', in: 'body', schema: dialect.reference(body) }];
  return {
    ...commonParts(operation, served),
    consumes: method === 'patch' ? PATCH_TYPES : ['*/*'],
    produces: JSON_AND_YAML,
    schemes: ['https'],
    parameters: [...bodyParameter, ...parameters.map(parameterOf)],
    responses: Object.fromEntries(
      codes.map((code) => [`${code}`, { description: 'OK', schema: dialect.reference(answer) }]),
    ),
  };
}
