import { describe, expect, test } from 'vitest';
import { checkCrdSchema } from './check-crd-schema.ts';
import { renderFieldError } from './field-error.ts';
import type { JsonObject } from './json.ts';

const FIELD = 'spec.versions[0].schema.openAPIV3Schema';

function messagesFor(spec: JsonObject): readonly string[] {
  return checkCrdSchema({ type: 'object', properties: { spec } }, FIELD).map(renderFieldError);
}

const at = `${FIELD}.properties[spec]`;
const integerA = { type: 'object', properties: { a: { type: 'integer' } } };
const withRule = (rule: JsonObject) => ({ ...integerA, 'x-kubernetes-validations': [rule] });

const cases: readonly { readonly name: string; readonly spec: JsonObject; readonly errors: readonly string[] }[] = [
  { name: 'a structural schema', spec: integerA, errors: [] },
  {
    name: 'no type',
    spec: { type: 'object', properties: { a: {} } },
    errors: [`${at}.properties[a].type: Required value: must not be empty for specified object fields`],
  },
  {
    name: 'a type that does not exist',
    spec: { type: 'text' },
    errors: [
      `${at}.type: Unsupported value: "text": supported values: "array", "boolean", "integer", "number", "object", "string"`,
    ],
  },
  {
    name: 'a keyword of a wrong type',
    spec: { type: 'string', enum: 5 },
    errors: [`${at}.enum: Invalid value: "integer": ${at}.enum in body must be of type array: "integer"`],
  },
  {
    name: 'a default where a pattern below it is none',
    spec: { type: 'object', additionalProperties: { type: 'string', pattern: '(' }, default: { a: '(' } },
    errors: [
      `${at}.additionalProperties.pattern: Invalid value: "(": must be a valid regular expression, but isn't: error parsing regexp: missing closing ): \`(\``,
    ],
  },
  {
    name: 'an array without items',
    spec: { type: 'array' },
    errors: [`${at}.items: Required value: must be specified`],
  },
  {
    name: 'a type in oneOf',
    spec: { type: 'object', oneOf: [{ type: 'object' }] },
    errors: [`${at}.oneOf[0].type: Forbidden: must be empty to be structural`],
  },
  {
    name: 'the usual form of int-or-string',
    spec: { 'x-kubernetes-int-or-string': true, anyOf: [{ type: 'integer' }, { type: 'string' }] },
    errors: [],
  },
  {
    name: 'uniqueItems',
    spec: { type: 'array', uniqueItems: true, items: { type: 'string' } },
    errors: [
      `${at}.uniqueItems: Forbidden: uniqueItems cannot be set to true since the runtime complexity becomes quadratic`,
    ],
  },
  {
    name: 'properties beside additionalProperties',
    spec: { ...integerA, additionalProperties: { type: 'string' } },
    errors: [`${at}.additionalProperties: Forbidden: additionalProperties and properties are mutual exclusive`],
  },
  {
    name: 'a map list whose key may be absent',
    spec: {
      type: 'array',
      items: { type: 'object', properties: { name: { type: 'string' } } },
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-list-map-keys': ['name'],
    },
    errors: [
      `${at}.items.properties[name].default: Required value: this property is in x-kubernetes-list-map-keys, so it must have a default or be a required property`,
    ],
  },
  {
    name: 'a pattern that is not RE2',
    spec: { type: 'string', pattern: 'a(?=b)' },
    errors: [expect.stringContaining(`${at}.pattern: Invalid value: "a(?=b)": must be a valid regular expression`)],
  },
  {
    name: 'a default that breaks its own schema',
    spec: { type: 'integer', default: 0, minimum: 1 },
    errors: [`${at}.default: Invalid value: 0: ${at}.default in body should be greater than or equal to 1`],
  },
  {
    name: 'a rule about a field that does not exist',
    spec: withRule({ rule: 'self.b > 1' }),
    errors: [
      `${at}.x-kubernetes-validations[0].rule: Invalid value: "self.b > 1": compilation failed: ERROR: <input>: undefined field 'b'`,
    ],
  },
  {
    name: 'a rule with a function that does not exist',
    spec: withRule({ rule: "quantity('1') == self.a" }),
    errors: [
      `${at}.x-kubernetes-validations[0].rule: Invalid value: "quantity('1') == self.a": compilation failed: ERROR: <input>: undeclared reference to 'quantity' (in container '')`,
    ],
  },
  {
    name: 'a rule that is not CEL',
    spec: withRule({ rule: 'self.a >' }),
    errors: [
      expect.stringContaining(`${at}.x-kubernetes-validations[0].rule: Invalid value: "self.a >": compilation failed`),
    ],
  },
  {
    name: 'an empty rule',
    spec: withRule({ rule: '' }),
    errors: [`${at}.x-kubernetes-validations[0].rule: Required value: rule is not specified`],
  },
  {
    name: 'a message expression with a name that does not exist',
    spec: withRule({ rule: 'self.a > 1', messageExpression: 'foo' }),
    errors: [
      `${at}.x-kubernetes-validations[0].messageExpression: Invalid value: "foo": compilation failed: ERROR: <input>: undeclared reference to 'foo' (in container '')`,
    ],
  },
  {
    name: 'properties that are no schemas',
    spec: { type: 'object', properties: { a: 'string' } },
    errors: [`${at}.properties[a]: Invalid value: "string": must be a schema object`],
  },
];

describe('checkCrdSchema', () => {
  test.each(cases)('$name', ({ spec, errors }) => {
    expect(messagesFor(spec)).toEqual(errors);
  });

  test('the root may restrict nothing of metadata but the name', () => {
    const metadata = { type: 'object', properties: { labels: { type: 'object' } } };
    expect(checkCrdSchema({ type: 'object', properties: { metadata } }, FIELD).map(renderFieldError)).toEqual([
      `${FIELD}.properties[metadata]: Forbidden: must not specify anything other than name and generateName, but metadata is implicitly specified`,
    ]);
    const named = { type: 'object', properties: { name: { type: 'string', maxLength: 5 } } };
    expect(checkCrdSchema({ type: 'object', properties: { metadata: named } }, FIELD)).toEqual([]);
  });
});
