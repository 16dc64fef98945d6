import type { KindDefinition } from '../../api/kind-definition.ts';
import type { JsonObject } from './json.ts';
import { allDefinitions, type Dialect, type ServedVersion, servedVersions } from './openapi-definitions.ts';
import { commonParts, type OperationSketch, type ParameterSketch, pathItems } from './openapi-paths.ts';

const dialect: Dialect = {
  // A reference may have no siblings in OpenAPI 3.0, hence the allOf where there is a description.
  reference: (name, description) => {
    const reference = { $ref: `#/components/schemas/${name}` };
    return description === undefined ? reference : { description, allOf: [reference], default: {} };
  },
  schema: (schema) => ({ ...schema }),
  properties: (properties) => properties,
};

/**
 * The OpenAPI v3 document of one group version: what `/openapi/v3/api/v1` or `/openapi/v3/apis/GROUP/VERSION` answers.
 * `kubectl` explains kinds from it, and sees in it that the server validates fields and can do dry runs.
 */
export function openApiV3(kinds: readonly KindDefinition[], group: string, version: string): JsonObject {
  const served = servedVersions(kinds).filter((each) => each.kind.group === group && each.version.name === version);
  return {
    openapi: '3.0.0',
    info: { title: 'Kubernetes', version: 'v1.32.0' },
    paths: pathItems(served, { parameterOf, operationOf }),
    components: {
      schemas: allDefinitions(served, dialect),
      securitySchemes: { BearerToken: { type: 'apiKey', name: 'authorization', in: 'header' } },
    },
  };
}

function parameterOf({ name, in: place, type, description }: ParameterSketch): JsonObject {
  const isRequired = place === 'path' ? { required: true } : {};
  return { name, in: place, description, ...isRequired, schema: { type, uniqueItems: true } };
}

// Strategic merge patches work, but are not told here: `kubectl` would then compute them from these schemas, which keep
// fields that they do not list, instead of from the complete types that it has compiled in.
const PATCH_TYPES = ['application/apply-patch+yaml', 'application/json-patch+json', 'application/merge-patch+json'];

function operationOf(operation: OperationSketch, served: ServedVersion): JsonObject {
  const { method, body, parameters, codes, answer } = operation;
  const types = method === 'patch' ? PATCH_TYPES : ['*/*'];
  const content = (mediaTypes: readonly string[], name: string) =>
    Object.fromEntries(mediaTypes.map((type) => [type, { schema: dialect.reference(name) }]));
  return {
    ...commonParts(operation, served),
    tags: [groupVersionTag(served)],
    parameters: parameters.map(parameterOf),
    ...(body !== undefined && { requestBody: { content: content(types, body) } }),
    responses: Object.fromEntries(
      codes.map((code) => [`${code}`, { description: 'OK', content: content(['application/json'], answer) }]),
    ),
  };
}

function groupVersionTag({ kind, version }: ServedVersion): string {
  return `${kind.group === '' ? 'core' : kind.group.replaceAll('.', '_')}_${version.name}`;
}
