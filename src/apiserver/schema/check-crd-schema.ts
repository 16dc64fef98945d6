import type { JsonSchema, ValidationRule } from '../../api/schema.ts';
import { CelCompileError } from './cel/program.ts';
import { compileRule } from './cel/rules.ts';
import { duplicateKeyErrors, listErrors, mapErrors } from './check-crd-lists.ts';
import { type FieldError, forbidden, invalid, missing, notSupported, renderFieldError } from './field-error.ts';
import { isList, isObject, type JsonObject } from './json.ts';
import { keywordTypeErrors } from './crd-keywords.ts';
import { compilePattern } from './patterns.ts';
import { checkOf } from './validate-value.ts';
import type { Walk } from './walk.ts';
import { wholeSchema } from './whole-schema.ts';

const TYPES = ['array', 'boolean', 'integer', 'number', 'object', 'string'];
const REASONS = ['FieldValueDuplicate', 'FieldValueForbidden', 'FieldValueInvalid', 'FieldValueRequired'];
const UNSUPPORTED = ['$ref', 'additionalItems', 'definitions', 'dependencies', 'id', 'patternProperties'] as const;

/**
 * What keeps a user's schema from being served: it is not structural, an extension is misused, a default breaks its own
 * schema, or a CEL rule does not compile. `field` is where the schema stands, such as
 * `spec.versions[0].schema.openAPIV3Schema`. Errors are in the words of Kubernetes and sorted.
 */
export function checkCrdSchema(schema: JsonObject, field: string): readonly FieldError[] {
  const shape = shapeErrors(schema, field);
  if (shape.length > 0) return shape;
  const root = schema as JsonSchema;
  const errors = [...nodeErrors(root, { field, level: 'Root' })];
  const sorted = errors.sort((left, right) => (renderFieldError(left) < renderFieldError(right) ? -1 : 1));
  return sorted.length > 0 ? sorted : ruleErrors(wholeSchema(root), field);
}

/** Whether the parts of a schema are schemas at all; everything else relies on it. */
function shapeErrors(schema: unknown, field: string): readonly FieldError[] {
  if (!isObject(schema)) return [invalid(field, schema, 'must be a schema object')];
  const { properties = {}, items, additionalProperties, not } = schema;
  if (!isObject(properties)) return [invalid(`${field}.properties`, properties, 'must be an object of schemas')];
  if (isList(items)) return [forbidden(`${field}.items`, 'items must be a schema object and not an array')];
  const ofKeywords = keywordTypeErrors(schema, field);
  if (ofKeywords.length > 0) return ofKeywords;
  const inner: (readonly [string, unknown])[] = Object.entries(properties).map(([name, property]) => [
    `.properties[${name}]`,
    property,
  ]);
  if (items !== undefined) inner.push(['.items', items]);
  if (not !== undefined) inner.push(['.not', not]);
  if (additionalProperties !== undefined && typeof additionalProperties !== 'boolean') {
    inner.push(['.additionalProperties', additionalProperties]);
  }
  for (const junctor of ['allOf', 'anyOf', 'oneOf']) {
    const parts = schema[junctor] ?? [];
    if (!isList(parts)) return [invalid(`${field}.${junctor}`, parts, 'must be a list of schemas')];
    parts.forEach((part, index) => inner.push([`.${junctor}[${index}]`, part]));
  }
  return inner.flatMap(([step, part]) => shapeErrors(part, `${field}${step}`));
}

/** Where a schema stands in the one that is checked. */
interface Place {
  readonly field: string;
  readonly level: 'Root' | 'Field' | 'Item';
}

const MUST_HAVE_TYPE: Readonly<Record<Place['level'], string>> = {
  Root: 'must not be empty at the root',
  Field: 'must not be empty for specified object fields',
  Item: 'must not be empty for specified array items',
};

function* nodeErrors(schema: JsonSchema, { field, level }: Place): Generator<FieldError> {
  yield* typeErrors(schema, { field, level });
  yield* keywordErrors(schema, field);
  yield* listErrors(schema, field);
  yield* mapErrors(schema, field);
  yield* duplicateKeyErrors(schema, field);
  yield* defaultErrors(schema, field);
  yield* junctorErrors(schema, field);
  yield* resourceErrors(schema, { field, level });
  for (const [name, property] of Object.entries(schema.properties ?? {})) {
    yield* nodeErrors(property, { field: `${field}.properties[${name}]`, level: 'Field' });
  }
  if (schema.items !== undefined) yield* nodeErrors(schema.items, { field: `${field}.items`, level: 'Item' });
  if (typeof schema.additionalProperties === 'object') {
    yield* nodeErrors(schema.additionalProperties, { field: `${field}.additionalProperties`, level: 'Field' });
  }
}

function* typeErrors(schema: JsonSchema, { field, level }: Place): Generator<FieldError> {
  const { type } = schema;
  const isIntOrString = schema['x-kubernetes-int-or-string'] === true;
  const isOpen = schema['x-kubernetes-preserve-unknown-fields'] === true;
  if (schema['x-kubernetes-embedded-resource'] === true && type !== 'object') {
    yield missing(`${field}.type`, 'must be object if x-kubernetes-embedded-resource is true');
  } else if (type === undefined && !isIntOrString && !isOpen) {
    yield missing(`${field}.type`, MUST_HAVE_TYPE[level]);
  } else if (type !== undefined && !TYPES.includes(type)) {
    yield notSupported(`${field}.type`, type, TYPES);
  } else if (level === 'Root' && type !== undefined && type !== 'object') {
    yield invalid(`${field}.type`, type, 'must be object at the root');
  }
  if (type === 'array' && schema.items === undefined) yield missing(`${field}.items`, 'must be specified');
  if (isIntOrString && isOpen) {
    const detail = 'must be false if x-kubernetes-int-or-string is true';
    yield invalid(`${field}.x-kubernetes-preserve-unknown-fields`, true, detail);
  }
}

function* keywordErrors(schema: JsonSchema, field: string): Generator<FieldError> {
  for (const keyword of UNSUPPORTED) {
    if (keyword in schema) yield forbidden(`${field}.${keyword}`, `${keyword} is not supported`);
  }
  if (schema.uniqueItems === true) {
    const detail = 'uniqueItems cannot be set to true since the runtime complexity becomes quadratic';
    yield forbidden(`${field}.uniqueItems`, detail);
  }
  if (schema.additionalProperties === false) {
    yield forbidden(`${field}.additionalProperties`, 'additionalProperties cannot be set to false');
  }
  if (schema.properties !== undefined && schema.additionalProperties !== undefined) {
    yield forbidden(`${field}.additionalProperties`, 'additionalProperties and properties are mutual exclusive');
  }
  if (schema['x-kubernetes-preserve-unknown-fields'] === false) {
    yield invalid(`${field}.x-kubernetes-preserve-unknown-fields`, false, 'must be true or undefined');
  }
  yield* patternErrors(schema, field);
}

function* patternErrors({ pattern }: JsonSchema, field: string): Generator<FieldError> {
  if (pattern === undefined) return;
  try {
    compilePattern(pattern);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    yield invalid(`${field}.pattern`, pattern, `must be a valid regular expression, but isn't: ${reason}`);
  }
}

/** The schema and every one below it. */
function* schemasIn(schema: JsonSchema): Generator<JsonSchema> {
  const { properties = {}, items, additionalProperties, not, allOf = [], anyOf = [], oneOf = [] } = schema;
  yield schema;
  const below = [...Object.values(properties), items, additionalProperties, not, ...allOf, ...anyOf, ...oneOf];
  for (const each of below) if (typeof each === 'object') yield* schemasIn(each);
}

function* defaultErrors(schema: JsonSchema, field: string): Generator<FieldError> {
  if (schema.default === undefined) return;
  // A bad pattern has an error of its own, and without it nothing can be said about the default.
  for (const each of schemasIn(schema)) if (!patternErrors(each, field).next().done) return;
  const walk: Walk = { path: [`${field}.default`], errors: [] };
  checkOf(schema)(schema.default, undefined, walk);
  yield* walk.errors;
}

function* resourceErrors(schema: JsonSchema, { field, level }: Place): Generator<FieldError> {
  const isRoot = level === 'Root';
  if (!isRoot && schema['x-kubernetes-embedded-resource'] !== true) return;
  if (isRoot && schema.additionalProperties !== undefined) {
    yield forbidden(`${field}.additionalProperties`, 'must not be used at the root');
  }
  if (isRoot && schema.nullable === true) yield forbidden(`${field}.nullable`, 'nullable cannot be true at the root');
  const { apiVersion, kind, metadata } = schema.properties ?? {};
  for (const [name, property, type] of [
    ['apiVersion', apiVersion, 'string'],
    ['kind', kind, 'string'],
    ['metadata', metadata, 'object'],
  ] as const) {
    if (property !== undefined && property.type !== type) {
      yield invalid(`${field}.properties[${name}].type`, property.type ?? '', `must be ${type}`);
    }
  }
  const others = Object.keys(metadata?.properties ?? {}).filter((name) => name !== 'name' && name !== 'generateName');
  if (isRoot && others.length > 0) {
    const detail = 'must not specify anything other than name and generateName, but metadata is implicitly specified';
    yield forbidden(`${field}.properties[metadata]`, detail);
  }
}

const NOT_IN_JUNCTORS: readonly (readonly [keyof JsonSchema, string])[] = [
  ['type', 'must be empty to be structural'],
  ['additionalProperties', 'must be undefined to be structural'],
  ['default', 'must be undefined to be structural'],
  ['title', 'must be empty to be structural'],
  ['description', 'must be empty to be structural'],
  ['nullable', 'must be false to be structural'],
  ['x-kubernetes-preserve-unknown-fields', 'must be false to be structural'],
  ['x-kubernetes-embedded-resource', 'must be false to be structural'],
  ['x-kubernetes-int-or-string', 'must be false to be structural'],
  ['x-kubernetes-list-map-keys', 'must be empty to be structural'],
  ['x-kubernetes-list-type', 'must be undefined to be structural'],
  ['x-kubernetes-map-type', 'must be undefined to be structural'],
  ['x-kubernetes-validations', 'must be empty to be structural'],
];

/** Checks what stands in `allOf`, `anyOf`, `oneOf` and `not`: these may restrict values, and specify nothing. */
function* junctorErrors(schema: JsonSchema, field: string): Generator<FieldError> {
  const isIntOrString = schema['x-kubernetes-int-or-string'] === true;
  for (const junctor of ['allOf', 'anyOf', 'oneOf'] as const) {
    for (const [index, part] of (schema[junctor] ?? []).entries()) {
      if (isIntOrString && isTypeOnly(part)) continue;
      yield* nestedErrors(part, `${field}.${junctor}[${index}]`);
    }
  }
  if (schema.not !== undefined) yield* nestedErrors(schema.not, `${field}.not`);
}

/** The two ways in which generators write int-or-string: `anyOf` of the two types, by itself or first in an `allOf`. */
function isTypeOnly(part: JsonSchema): boolean {
  const keys = Object.keys(part);
  if (keys.length !== 1) return false;
  return part.type === 'integer' || part.type === 'string' || (part.anyOf ?? []).some(isTypeOnly);
}

function* nestedErrors(schema: JsonSchema, field: string): Generator<FieldError> {
  for (const [keyword, detail] of NOT_IN_JUNCTORS) {
    if (schema[keyword] !== undefined && schema[keyword] !== false) yield forbidden(`${field}.${keyword}`, detail);
  }
  if (schema.properties?.['metadata'] !== undefined) {
    yield forbidden(`${field}.properties[metadata]`, 'must not be specified in a nested context');
  }
  yield* patternErrors(schema, field);
  yield* junctorErrors(schema, field);
  for (const [name, property] of Object.entries(schema.properties ?? {})) {
    yield* nestedErrors(property, `${field}.properties[${name}]`);
  }
  if (schema.items !== undefined) yield* nestedErrors(schema.items, `${field}.items`);
}

function ruleErrors(schema: JsonSchema, field: string): readonly FieldError[] {
  const own = (schema['x-kubernetes-validations'] ?? []).flatMap((rule, index) =>
    oneRuleErrors(rule, schema, `${field}.x-kubernetes-validations[${index}]`),
  );
  const members = Object.entries(schema.properties ?? {}).flatMap(([name, property]) =>
    ruleErrors(property, `${field}.properties[${name}]`),
  );
  const items = schema.items === undefined ? [] : ruleErrors(schema.items, `${field}.items`);
  const others =
    typeof schema.additionalProperties === 'object'
      ? ruleErrors(schema.additionalProperties, `${field}.additionalProperties`)
      : [];
  return [...own, ...members, ...items, ...others];
}

function oneRuleErrors(rule: ValidationRule, schema: JsonSchema, field: string): readonly FieldError[] {
  if (typeof rule.rule !== 'string' || rule.rule.trim() === '')
    return [missing(`${field}.rule`, 'rule is not specified')];
  if (rule.reason !== undefined && !REASONS.includes(rule.reason)) {
    return [notSupported(`${field}.reason`, rule.reason, REASONS)];
  }
  try {
    compileRule({ rule: rule.rule }, schema);
  } catch (error) {
    if (!(error instanceof CelCompileError)) throw error;
    return [invalid(`${field}.rule`, rule.rule, error.message)];
  }
  try {
    compileRule(rule, schema);
  } catch (error) {
    if (!(error instanceof CelCompileError)) throw error;
    return [invalid(`${field}.messageExpression`, rule.messageExpression, error.message)];
  }
  return [];
}
