import { describe, expect, test } from 'vitest';
import type { JsonSchema } from '../../api/schema.ts';
import { causesOf, renderFieldError, renderFieldErrors } from './field-error.ts';
import { validate } from './validate.ts';

/** A kind whose `spec.value` has the schema that the case is about. */
function kindWith(value: JsonSchema): JsonSchema {
  return { type: 'object', properties: { spec: { type: 'object', properties: { value } } } };
}

function messagesFor(schema: JsonSchema, value: unknown, old?: unknown): readonly string[] {
  const wrap = (inner: unknown) => ({
    apiVersion: 'a.b/v1',
    kind: 'K',
    metadata: { name: 'n' },
    spec: { value: inner },
  });
  return validate(kindWith(schema), wrap(value), old === undefined ? {} : { old: wrap(old) }).map(renderFieldError);
}

interface Case {
  readonly name: string;
  readonly schema: JsonSchema;
  readonly value: unknown;
  readonly errors: readonly string[];
}

const text: JsonSchema = { type: 'string' };
const NOT_CHECKED =
  '<nil>: Invalid value: "null": some validation rules were not checked because the object was invalid; correct the existing errors to complete validation';

const cases: readonly Case[] = [
  {
    name: 'a value of another type names both types',
    schema: text,
    value: 3,
    errors: ['spec.value: Invalid value: "integer": spec.value in body must be of type string: "integer"'],
  },
  {
    name: 'a fraction is no integer',
    schema: { type: 'integer' },
    value: 1.5,
    errors: ['spec.value: Invalid value: "number": spec.value in body must be of type integer: "number"'],
  },
  {
    name: 'null is refused where it is not allowed',
    schema: text,
    value: null,
    errors: ['spec.value: Invalid value: "null": spec.value in body must be of type string: "null"'],
  },
  { name: 'null is accepted where it is allowed', schema: { ...text, nullable: true }, value: null, errors: [] },
  { name: 'an integer is a number', schema: { type: 'number' }, value: 2, errors: [] },
  {
    name: 'int-or-string refuses a truth value',
    schema: { 'x-kubernetes-int-or-string': true },
    value: true,
    errors: ['spec.value: Invalid value: "boolean": spec.value in body must be of type integer,string: "boolean"'],
  },
  {
    name: 'a pattern that does not match is shown',
    schema: { ...text, pattern: '^/' },
    value: 'x',
    errors: [`spec.value: Invalid value: "x": spec.value in body should match '^/'`],
  },
  {
    name: 'a pattern matches anywhere unless it is anchored',
    schema: { ...text, pattern: 'b+' },
    value: 'abbc',
    errors: [],
  },
  {
    name: 'too long a string is not shown',
    schema: { ...text, maxLength: 3 },
    value: 'abcd',
    errors: ['spec.value: Too long: may not be more than 3 bytes'],
  },
  { name: 'length counts characters, not UTF-16 units', schema: { ...text, maxLength: 2 }, value: '😀😀', errors: [] },
  {
    name: 'too short a string is told',
    schema: { ...text, minLength: 1 },
    value: '',
    errors: ['spec.value: Invalid value: "": spec.value in body should be at least 1 chars long'],
  },
  {
    name: 'a value that is not in the enum gets the list',
    schema: { ...text, enum: ['A', 'B'] },
    value: 'x',
    errors: ['spec.value: Unsupported value: "x": supported values: "A", "B"'],
  },
  {
    name: 'below the minimum',
    schema: { type: 'integer', minimum: 1 },
    value: 0,
    errors: ['spec.value: Invalid value: 0: spec.value in body should be greater than or equal to 1'],
  },
  {
    name: 'at an exclusive maximum',
    schema: { type: 'integer', maximum: 10, exclusiveMaximum: true },
    value: 10,
    errors: ['spec.value: Invalid value: 10: spec.value in body should be less than 10'],
  },
  {
    name: 'not a multiple',
    schema: { type: 'integer', multipleOf: 5 },
    value: 7,
    errors: ['spec.value: Invalid value: 7: spec.value in body should be a multiple of 5'],
  },
  {
    name: 'too many items',
    schema: { type: 'array', maxItems: 1, items: text },
    value: ['a', 'b'],
    errors: ['spec.value: Too many: 2: must have at most 1 items'],
  },
  {
    name: 'too few items',
    schema: { type: 'array', minItems: 1, items: text },
    value: [],
    errors: ['spec.value: Invalid value: 0: spec.value in body should have at least 1 items'],
  },
  {
    name: 'an item is named by its index',
    schema: { type: 'array', items: { type: 'object', required: ['name'], properties: { name: text } } },
    value: [{ name: 'a' }, {}],
    errors: ['spec.value[1].name: Required value'],
  },
  {
    name: 'too many properties',
    schema: { type: 'object', maxProperties: 1, additionalProperties: text },
    value: { a: 'x', b: 'y' },
    errors: ['spec.value: Too many: 2: must have at most 1 items'],
  },
  {
    name: 'values of a map are checked',
    schema: { type: 'object', additionalProperties: text },
    value: { a: 1 },
    errors: ['spec.value.a: Invalid value: "integer": spec.value.a in body must be of type string: "integer"'],
  },
  {
    name: 'a format that does not hold',
    schema: { ...text, format: 'date-time' },
    value: 'yesterday',
    errors: ['spec.value: Invalid value: "yesterday": spec.value in body must be of type date-time: "yesterday"'],
  },
  { name: 'an unknown format is ignored', schema: { ...text, format: 'nonsense' }, value: 'x', errors: [] },
  {
    name: 'oneOf without a match tells the nearest alternative as well',
    schema: { type: 'object', properties: { a: text, b: text }, oneOf: [{ required: ['a'] }, { required: ['b'] }] },
    value: {},
    errors: [
      '<nil>: Invalid value: "": "spec.value" must validate one and only one schema (oneOf). Found none valid',
      'spec.value.a: Required value',
    ],
  },
  {
    name: 'oneOf with two matches',
    schema: { type: 'object', properties: { a: text, b: text }, oneOf: [{ required: ['a'] }, { required: ['b'] }] },
    value: { a: 'x', b: 'y' },
    errors: [
      '<nil>: Invalid value: "": "spec.value" must validate one and only one schema (oneOf). Found 2 valid alternatives',
    ],
  },
  {
    name: 'not',
    schema: { ...text, not: { enum: ['x'] } },
    value: 'x',
    errors: ['<nil>: Invalid value: "": "spec.value" must not validate the schema (not)'],
  },
  {
    name: 'a set that repeats an item',
    schema: { type: 'array', items: text, 'x-kubernetes-list-type': 'set' },
    value: ['a', 'b', 'a', 'a'],
    errors: ['spec.value[2]: Duplicate value: "a"'],
  },
  {
    name: 'a map list that repeats a key',
    schema: {
      type: 'array',
      items: { type: 'object', properties: { name: text } },
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-list-map-keys': ['name'],
    },
    value: [{ name: 'a' }, { name: 'a' }],
    errors: ['spec.value[1]: Duplicate value: {"name":"a"}'],
  },
  {
    name: 'a rule that fails says its message',
    schema: {
      type: 'object',
      properties: { a: text },
      'x-kubernetes-validations': [{ rule: 'has(self.a)', message: 'a is needed' }],
    },
    value: {},
    errors: ['spec.value: Invalid value: "object": a is needed'],
  },
  {
    name: 'a rule without a message shows itself',
    schema: { ...text, 'x-kubernetes-validations': [{ rule: "self.startsWith('/')" }] },
    value: 'x',
    errors: [`spec.value: Invalid value: "string": failed rule: self.startsWith('/')`],
  },
  {
    name: 'a message expression is evaluated',
    schema: {
      type: 'integer',
      'x-kubernetes-validations': [{ rule: 'self > 1', messageExpression: '"got " + string(self)' }],
    },
    value: 1,
    errors: ['spec.value: Invalid value: "integer": got 1'],
  },
  {
    name: 'reason and fieldPath of a rule are used',
    schema: {
      type: 'object',
      properties: { a: text },
      'x-kubernetes-validations': [
        { rule: 'has(self.a)', message: 'a!', reason: 'FieldValueRequired', fieldPath: '.a' },
      ],
    },
    value: {},
    errors: ['spec.value.a: Required value: a!'],
  },
  {
    name: 'an error while evaluating a rule is an error of the object',
    schema: { type: 'object', additionalProperties: text, 'x-kubernetes-validations': [{ rule: "self['a'] == 'x'" }] },
    value: {},
    errors: [`spec.value: Invalid value: "object": no such key: a evaluating rule: self['a'] == 'x'`],
  },
  {
    name: 'rules are not run on an object of the wrong shape',
    schema: { type: 'integer', 'x-kubernetes-validations': [{ rule: 'self > 1' }] },
    value: 'x',
    errors: ['spec.value: Invalid value: "string": spec.value in body must be of type integer: "string"', NOT_CHECKED],
  },
  {
    name: 'rules run on items and values of maps',
    schema: {
      type: 'object',
      additionalProperties: { type: 'integer', 'x-kubernetes-validations': [{ rule: 'self > 1' }] },
    },
    value: { a: 1, b: 2 },
    errors: ['spec.value[a]: Invalid value: "integer": failed rule: self > 1'],
  },
];

describe('validate', () => {
  test.each(cases)('$name', ({ schema, value, errors }) => {
    expect(messagesFor(schema, value)).toEqual(errors);
  });

  test('a rule about the old value runs only on updates', () => {
    const schema: JsonSchema = {
      ...text,
      'x-kubernetes-validations': [{ rule: 'self == oldSelf', message: 'immutable' }],
    };
    expect(messagesFor(schema, 'b')).toEqual([]);
    expect(messagesFor(schema, 'b', 'a')).toEqual(['spec.value: Invalid value: "string": immutable']);
    expect(messagesFor(schema, 'a', 'a')).toEqual([]);
  });

  test('with optionalOldSelf a rule about the old value runs on create as well', () => {
    const rule = { rule: '!oldSelf.hasValue() || oldSelf.value() == self', optionalOldSelf: true };
    const schema: JsonSchema = { ...text, 'x-kubernetes-validations': [rule] };
    expect(messagesFor(schema, 'b')).toEqual([]);
    expect(messagesFor(schema, 'b', 'a')).toHaveLength(1);
  });

  test('what was wrong before an update and is unchanged does not stop it', () => {
    expect(messagesFor({ ...text, pattern: '^/' }, 'x', 'x')).toEqual([]);
    expect(messagesFor({ ...text, pattern: '^/' }, 'y', 'x')).toHaveLength(1);
  });

  test('metadata is checked although the schema does not speak of it', () => {
    const object = { apiVersion: 'a.b/v1', kind: 'K', metadata: { name: 'n', labels: { a: 1 } } };
    expect(validate({ type: 'object' }, object).map(renderFieldError)).toEqual([
      'metadata.labels.a: Invalid value: "integer": metadata.labels.a in body must be of type string: "integer"',
    ]);
  });

  test('errors make the causes and the message of a Status', () => {
    const errors = validate(kindWith({ type: 'integer', minimum: 1 }), { spec: { value: 0 } });
    expect(causesOf(errors)).toEqual([
      {
        reason: 'FieldValueInvalid',
        message: 'Invalid value: 0: spec.value in body should be greater than or equal to 1',
        field: 'spec.value',
      },
    ]);
    expect(renderFieldErrors([...errors, ...errors])).toBe(
      'spec.value: Invalid value: 0: spec.value in body should be greater than or equal to 1',
    );
  });
});
