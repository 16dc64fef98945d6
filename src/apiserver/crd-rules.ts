import type { KubeObject } from '../api/object.ts';
import { kindOfCrd } from './kind-of-crd.ts';
import type { KindRegistry } from './kind-registry.ts';
import type { KindRules } from './kind-rules.ts';
import { parseJsonPath } from './json-path.ts';
import { checkCrdSchema } from './schema/check-crd-schema.ts';
import { invalid, missing } from './schema/field-error.ts';
import type { FieldError } from './schema/field-error.ts';
import { deepEqual, isList, isObject } from './schema/json.ts';
import type { JsonObject } from './schema/json.ts';

/** Holds a deleted CRD until its objects are gone. */
export const CLEANUP_FINALIZER = 'customresourcecleanup.apiextensions.k8s.io';

/** What CustomResourceDefinitions do beyond their schema. */
export function crdRules(registry: KindRegistry): KindRules {
  return {
    prepare: (crd, existing) => ({ ...crd, ...preparedCrd({ ...crd }, existing === undefined) }),
    validate: (crd, existing) => validateCrd({ ...crd }, existing === undefined ? undefined : { ...existing }),
    warnings: (crd) => builtInWarning(crd, registry),
  };
}

function preparedCrd(crd: KubeObject & JsonObject, isNew: boolean): KubeObject & JsonObject {
  const spec = isObject(crd['spec']) ? crd['spec'] : {};
  const names = isObject(spec['names']) ? spec['names'] : {};
  const { kind } = names;
  const inferred = typeof kind === 'string' ? { singular: kind.toLowerCase(), listKind: `${kind}List` } : {};
  const finalizers = [...new Set([...(crd.metadata.finalizers ?? []), CLEANUP_FINALIZER])];
  return {
    ...crd,
    metadata: isNew ? { ...crd.metadata, finalizers } : crd.metadata,
    spec: { conversion: { strategy: 'None' }, ...spec, names: { ...inferred, ...names } },
  };
}

function validateCrd(crd: KubeObject & JsonObject, existing: JsonObject | undefined): readonly FieldError[] {
  const spec = isObject(crd['spec']) ? crd['spec'] : {};
  const names = isObject(spec['names']) ? spec['names'] : {};
  const versions = isList(spec['versions']) ? spec['versions'].filter(isObject) : [];
  const unchanged = existing !== undefined && deepEqual(existing['spec'], spec);
  if (unchanged) return [];
  return [
    ...nameErrors(crd.metadata.name, names, spec),
    ...storageErrors(versions),
    ...versions.flatMap((version, index) => versionErrors(version, `spec.versions[${index}]`)),
    ...(existing === undefined ? [] : immutableErrors(spec, isObject(existing['spec']) ? existing['spec'] : {})),
  ];
}

function nameErrors(name: string, { plural }: JsonObject, { group }: JsonObject): readonly FieldError[] {
  if (typeof plural !== 'string' || typeof group !== 'string') return [];
  if (name === `${plural}.${group}`) return [];
  return [invalid('metadata.name', name, 'must be spec.names.plural+"."+spec.group')];
}

function storageErrors(versions: readonly JsonObject[]): readonly FieldError[] {
  const stored = versions.filter(({ storage }) => storage === true).length;
  if (stored === 1 || versions.length === 0) return [];
  return [invalid('spec.versions', versions, 'must have exactly one version marked as storage version')];
}

function versionErrors(version: JsonObject, path: string): readonly FieldError[] {
  const schema = isObject(version['schema']) ? version['schema']['openAPIV3Schema'] : undefined;
  const field = `${path}.schema.openAPIV3Schema`;
  if (!isObject(schema)) return [missing(field, 'schemas are required')];
  const columns = isList(version['additionalPrinterColumns'])
    ? version['additionalPrinterColumns'].filter(isObject)
    : [];
  return [
    ...checkCrdSchema(schema, field),
    ...columns.flatMap((column, index) => columnErrors(column, `${path}.additionalPrinterColumns[${index}].jsonPath`)),
  ];
}

function columnErrors({ jsonPath }: JsonObject, field: string): readonly FieldError[] {
  if (typeof jsonPath !== 'string' || jsonPath === '') return [missing(field)];
  try {
    parseJsonPath(jsonPath);
    return [];
  } catch (error) {
    const because = error instanceof SyntaxError ? error.message : String(error);
    return [invalid(field, jsonPath, `is an invalid JSONPath: ${because}`)];
  }
}

function immutableErrors(spec: JsonObject, before: JsonObject): readonly FieldError[] {
  return ['group', 'scope']
    .filter((field) => spec[field] !== before[field])
    .map((field) => invalid(`spec.${field}`, spec[field], 'field is immutable'));
}

function builtInWarning(crd: KubeObject, registry: KindRegistry): readonly string[] {
  const kind = kindOfCrd(crd, 'Custom');
  if (kind === undefined || registry.kind(kind)?.origin !== 'BuiltIn') return [];
  return [
    `${kind.kind} is built into Sallyport: this definition is stored and shown, but the built-in schema stays in effect`,
  ];
}
