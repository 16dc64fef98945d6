import { Ajv } from 'ajv';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { JsonSchema } from '../../src/api/schema.ts';
import { applyDefaults } from '../../src/apiserver/schema/defaults.ts';
import { isObject } from '../../src/apiserver/schema/json.ts';
import { prune } from '../../src/apiserver/schema/prune.ts';
import { validate } from '../../src/apiserver/schema/validate.ts';

const PROPERTIES = 3;
const timeLimitMs = (Number(process.env['FUZZ_SECONDS'] ?? 10) * 1_000) / PROPERTIES;
const limits = { numRuns: 1_000_000, interruptAfterTimeLimit: timeLimitMs } as const;

const NAMES = ['a', 'b', 'c', '__proto__', 'constructor'];
const PATTERNS = ['^a', 'b$', '^[a-z]+$', '[0-9]', '^$'];
const name = fc.constantFrom(...NAMES);
const small = fc.integer({ min: 0, max: 4 });
const shortText = fc.oneof(fc.constantFrom('', 'a', 'b', 'ab', '1'), fc.string({ unit: 'grapheme', maxLength: 4 }));

function optional<T>(key: string, value: fc.Arbitrary<T>): fc.Arbitrary<object> {
  return fc.option(value, { nil: undefined }).map((given) => (given === undefined ? {} : { [key]: given }));
}

function merged(...parts: readonly fc.Arbitrary<object>[]): fc.Arbitrary<JsonSchema> {
  return fc.tuple(...parts).map((all) => Object.assign({}, ...all) as JsonSchema);
}

const nullable = optional('nullable', fc.constant(true));
const textSchema = merged(
  fc.constant({ type: 'string' }),
  optional('minLength', small),
  optional('maxLength', small),
  optional('pattern', fc.constantFrom(...PATTERNS)),
  optional('enum', fc.uniqueArray(shortText, { minLength: 1, maxLength: 3 })),
  nullable,
);
const numberSchema = merged(
  fc.constantFrom({ type: 'integer' }, { type: 'number' }),
  optional('minimum', fc.integer({ min: -3, max: 3 })),
  optional('maximum', fc.integer({ min: -3, max: 3 })),
  optional('multipleOf', fc.integer({ min: 1, max: 3 })),
  nullable,
);
const scalarSchema = fc.oneof(
  textSchema,
  numberSchema,
  merged(fc.constant({ type: 'boolean' }), nullable),
  fc.constant<JsonSchema>({ 'x-kubernetes-int-or-string': true }),
  fc.constant<JsonSchema>({ 'x-kubernetes-preserve-unknown-fields': true }),
);

const { schema: anySchema } = fc.letrec<{ schema: JsonSchema }>((tie) => ({
  schema: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    scalarSchema,
    merged(
      fc.constant({ type: 'array' }),
      tie('schema').map((items) => ({ items })),
      optional('minItems', small),
      optional('maxItems', small),
      optional('uniqueItems', fc.constant(true)),
    ),
    merged(
      fc.constant({ type: 'object' }),
      tie('schema').map((additionalProperties) => ({ additionalProperties })),
      optional('minProperties', small),
      optional('maxProperties', small),
    ),
    merged(
      fc.constant({ type: 'object' }),
      fc
        .dictionary(fc.constantFrom('a', 'b', 'c'), tie('schema'), { maxKeys: 3 })
        .map((properties) => ({ properties })),
      optional('required', fc.uniqueArray(fc.constantFrom('a', 'b', 'c'), { minLength: 1 })),
      optional('anyOf', fc.array(requirement(), { minLength: 1, maxLength: 3 })),
      optional('oneOf', fc.array(requirement(), { minLength: 1, maxLength: 3 })),
      optional('allOf', fc.array(requirement(), { minLength: 1, maxLength: 2 })),
      optional('not', requirement()),
    ),
  ),
}));

function requirement(): fc.Arbitrary<JsonSchema> {
  return fc.uniqueArray(fc.constantFrom('a', 'b', 'c'), { minLength: 1 }).map((required) => ({ required }));
}

const anyValue = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    fc.constantFrom<unknown>(null, true, false, 0, 1, 2, -1, 1.5),
    shortText,
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(name, tie('value'), { maxKeys: 4 }),
  ),
})).value;

/** A value that the schema mostly likes, so that validation gets further than the type of the root. */
function valueFor(schema: JsonSchema): fc.Arbitrary<unknown> {
  const { type, items, properties, additionalProperties } = schema;
  if (type === 'array' && items !== undefined) return often(fc.array(valueFor(items), { maxLength: 4 }));
  if (type === 'object' && typeof additionalProperties === 'object') {
    return often(fc.dictionary(name, valueFor(additionalProperties), { maxKeys: 4 }));
  }
  if (type === 'object') {
    const members = Object.entries(properties ?? {}).map(([key, member]) => [key, valueFor(member)] as const);
    return often(fc.record(Object.fromEntries(members), { requiredKeys: [] }));
  }
  if (type === 'string') return often(fc.oneof(shortText, fc.constantFrom(...(schema.enum ?? ['a']))));
  if (type === 'integer' || type === 'number') return often(fc.integer({ min: -4, max: 6 }));
  return type === 'boolean' ? often(fc.boolean()) : anyValue;
}

function often(value: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> {
  return fc.oneof({ weight: 9, arbitrary: value }, { weight: 1, arbitrary: anyValue });
}

const schemaAndValue = anySchema.chain((schema) => fc.tuple(fc.constant(schema), valueFor(schema)));

/** The same schema in the words of current JSON Schema. */
function forAjv(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(forAjv);
  if (!isObject(schema)) return schema;
  const { 'x-kubernetes-int-or-string': isIntOrString, nullable: isNullable, ...rest } = schema;
  const converted = Object.fromEntries(
    Object.entries(rest)
      .filter(([key]) => !key.startsWith('x-'))
      .map(([key, value]) => [key, key === 'enum' || key === 'required' ? value : forAjv(value)]),
  );
  if (isIntOrString === true) return { ...converted, type: ['integer', 'string'] };
  return isNullable === true ? { ...converted, type: [converted['type'], 'null'] } : converted;
}

function kindWith(spec: JsonSchema): JsonSchema {
  return { type: 'object', properties: { spec } };
}

describe('schemas', () => {
  test('an object is valid here exactly if it is for ajv', { timeout: timeLimitMs * 3 }, () => {
    const ajv = new Ajv({ strict: false, allErrors: false, addUsedSchema: false, logger: false });
    fc.assert(
      fc.property(schemaAndValue, ([schema, spec]) => {
        const isValid = ajv.validate({ type: 'object', properties: { spec: forAjv(schema) } }, { spec });
        expect(validate(kindWith(schema), { spec }).length === 0).toBe(isValid);
      }),
      limits,
    );
  });

  test('pruning leaves nothing unknown, and pruning again changes nothing', { timeout: timeLimitMs * 3 }, () => {
    fc.assert(
      fc.property(anySchema, anyValue, (schema, spec) => {
        const once = prune(kindWith(schema), { spec });
        const twice = prune(kindWith(schema), once.value);
        expect(twice.value).toBe(once.value);
        expect(twice.unknownFields).toEqual([]);
      }),
      limits,
    );
  });

  test('defaulting again changes nothing, and does not change what was given', { timeout: timeLimitMs * 3 }, () => {
    const defaulted = anySchema.chain((schema) =>
      valueFor(schema).map((value): JsonSchema => (value === undefined ? schema : { ...schema, default: value })),
    );
    const properties = fc.dictionary(fc.constantFrom('a', 'b', 'c'), defaulted, { maxKeys: 3 });
    fc.assert(
      fc.property(properties, anyValue, (members, spec) => {
        const schema = kindWith({ type: 'object', properties: members });
        const before = JSON.stringify(spec);
        const once = applyDefaults(schema, { spec });
        expect(applyDefaults(schema, once)).toEqual(once);
        expect(JSON.stringify(spec)).toBe(before);
      }),
      limits,
    );
  });
});
