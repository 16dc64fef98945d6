import type { KindDefinition, PrinterColumn, VersionDefinition } from '../api/kind-definition.ts';
import type { KubeObject } from '../api/object.ts';
import type { JsonSchema } from '../api/schema.ts';
import { isList, isObject } from './schema/json.ts';
import type { JsonObject } from './schema/json.ts';

const ageColumn: PrinterColumn = { name: 'Age', type: 'date', jsonPath: '.metadata.creationTimestamp' };

/**
 * The kind that a CustomResourceDefinition describes; undefined while it lacks what every CRD must have. That the schema is
 * a structural one is checked when the CRD is written.
 */
export function kindOfCrd(crd: KubeObject, origin: KindDefinition['origin']): KindDefinition | undefined {
  const spec = objectIn(crd, 'spec');
  const names = objectIn(spec, 'names');
  const [group, kind, plural] = [textIn(spec, 'group'), textIn(names, 'kind'), textIn(names, 'plural')];
  const versions = listIn(spec, 'versions').flatMap((version) => versionOfCrd(version, { group, kind }));
  if (group === undefined || kind === undefined || plural === undefined || versions.length === 0) return undefined;
  return {
    group,
    kind,
    plural,
    singular: textIn(names, 'singular') ?? kind.toLowerCase(),
    listKind: textIn(names, 'listKind') ?? `${kind}List`,
    shortNames: textsIn(names, 'shortNames'),
    categories: textsIn(names, 'categories'),
    scope: spec['scope'] === 'Cluster' ? 'Cluster' : 'Namespaced',
    versions,
    hasGeneration: true,
    origin,
  };
}

function versionOfCrd(
  version: unknown,
  { group, kind }: { readonly group: string | undefined; readonly kind: string | undefined },
): readonly VersionDefinition[] {
  if (!isObject(version)) return [];
  const name = textIn(version, 'name');
  if (name === undefined) return [];
  const columns = listIn(version, 'additionalPrinterColumns').filter(isObject).map(columnOfCrd);
  const deprecated = version['deprecated'] === true;
  const warning = textIn(version, 'deprecationWarning');
  return [
    {
      name,
      served: version['served'] === true,
      storage: version['storage'] === true,
      ...(deprecated ? { deprecationWarning: warning ?? `${group}/${name} ${kind} is deprecated` } : {}),
      schema: parseSchema(objectIn(version, 'schema')['openAPIV3Schema']),
      printerColumns: columns.length === 0 ? [ageColumn] : columns,
      hasStatus: objectIn(version, 'subresources')['status'] !== undefined,
    },
  ];
}

function columnOfCrd(column: JsonObject): PrinterColumn {
  const { description, format, priority } = column;
  return {
    name: textIn(column, 'name') ?? '',
    type: parseColumnType(column['type']),
    jsonPath: textIn(column, 'jsonPath') ?? '',
    ...(typeof description === 'string' ? { description } : {}),
    ...(typeof format === 'string' ? { format } : {}),
    ...(typeof priority === 'number' ? { priority } : {}),
  };
}

function parseColumnType(type: unknown): PrinterColumn['type'] {
  if (type === 'number') return 'integer';
  return type === 'integer' || type === 'boolean' || type === 'date' ? type : 'string';
}

function parseSchema(schema: unknown): JsonSchema {
  return isObject(schema) ? (schema as JsonSchema) : { type: 'object', 'x-kubernetes-preserve-unknown-fields': true };
}

function objectIn(parent: object, field: string): JsonObject {
  const value: unknown = Reflect.get(parent, field);
  return isObject(value) ? value : {};
}

function textIn(parent: JsonObject, field: string): string | undefined {
  const value = parent[field];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function listIn(parent: JsonObject, field: string): readonly unknown[] {
  const value = parent[field];
  return isList(value) ? value : [];
}

function textsIn(parent: JsonObject, field: string): readonly string[] {
  return listIn(parent, field).filter((item) => typeof item === 'string');
}
