import { describe, expect, test } from 'vitest';
import type { JsonSchema } from '../../../api/schema.ts';
import { validate } from '../validate.ts';

const schema: JsonSchema = {
  type: 'object',
  properties: {
    a: { type: 'string' },
    n: { type: 'integer' },
    d: { type: 'number' },
    list: { type: 'array', items: { type: 'string' } },
    numbers: { type: 'array', items: { type: 'integer' } },
    objects: { type: 'array', items: { type: 'object', properties: { name: { type: 'string' } } } },
    labels: { type: 'object', additionalProperties: { type: 'string' } },
    port: { 'x-kubernetes-int-or-string': true },
    time: { type: 'string', format: 'date-time' },
    'dashed-name': { type: 'string' },
    namespace: { type: 'string' },
    open: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
  },
};

const value = {
  a: 'Abc',
  n: 3,
  d: 0.5,
  list: ['b', 'a', 'b'],
  numbers: [3, 1, 2],
  objects: [{ name: 'x' }, { name: 'y' }],
  labels: { 'app.kubernetes.io/name': 'web' },
  port: 80,
  time: '2030-01-01T00:00:00Z',
  'dashed-name': 'd',
  namespace: 'ns',
  open: { x: { y: 1 } },
};

/** Expressions that must be true of `value`. */
const holds: readonly string[] = [
  'self.n == 3 && self.n / 2 == 1 && self.d == 0.5',
  "self.a.lowerAscii() == 'abc' && self.a.upperAscii() == 'ABC'",
  "self.list.join(',') == 'b,a,b' && 'a,b'.split(',') == ['a', 'b']",
  "self.a.replace('A', 'x') == 'xbc' && self.a.substring(1) == 'bc' && ' a '.trim() == 'a'",
  "self.a.find('[a-z]+') == 'bc' && 'a1b2'.findAll('[0-9]') == ['1', '2'] && 'a1b2'.findAll('[0-9]', 1) == ['1']",
  "self.a.matches('^A.c$') && !self.a.matches('^b')",
  'self.numbers.sum() == 6 && self.numbers.min() == 1 && self.numbers.max() == 3 && !self.numbers.isSorted()',
  "self.list.indexOf('b') == 0 && self.list.lastIndexOf('b') == 2 && self.list.indexOf('z') == -1",
  "self.objects.all(o, has(o.name)) && self.objects.exists_one(o, o.name == 'x')",
  "self.objects.map(o, o.name) == ['x', 'y'] && self.objects.filter(o, o.name != 'x').size() == 1",
  "self.labels['app.kubernetes.io/name'] == 'web' && self.labels.all(k, k.size() > 3)",
  "type(self.port) == int && self.port == 80 && self.port != 'http'",
  "self.time > timestamp('2029-01-01T00:00:00Z') && duration('90s') == duration('1m30s')",
  "self.dashed__dash__name == 'd' && self.__namespace__ == 'ns'",
  'self.open.x.y == 1 && !has(self.open.z)',
  "isIP('10.0.0.1') && isIP('::1') && !isIP('a') && ip('::1').family() == 6 && isCIDR('10.0.0.0/8')",
  "isURL('https://example.com/') && !isURL('example')",
  "format.dns1123Label().validate('a-b') == null && format.dns1123Label().validate('A_b').hasValue()",
  "self.?missing.orValue('x') == 'x' && self.?a.orValue('x') == 'Abc' && self.?a.hasValue()",
  "self.labels[?'b'].orValue('none') == 'none' && !self.?open.?w.v.hasValue()",
  "'%s is %d'.format([self.a, self.n]) == 'Abc is 3'",
  "['a.?b', '[?'].size() == 2 && self.?a.hasValue()",
];

function errorsOf(rule: string, object: object): readonly string[] {
  const open: JsonSchema = { ...schema, properties: { ...schema.properties, missing: { type: 'string' } } };
  return validate(
    { type: 'object', properties: { spec: { ...open, 'x-kubernetes-validations': [{ rule }] } } },
    { spec: object },
  ).map(({ detail }) => detail);
}

describe('CEL rules', () => {
  test.each(holds)('%s', (rule) => {
    expect(errorsOf(rule, value)).toEqual([]);
  });

  test.each([
    { rule: 'self.n / 0 == 1', detail: 'division by zero evaluating rule: self.n / 0 == 1' },
    { rule: 'self.list[9] == ""', detail: 'index out of bounds: 9 evaluating rule: self.list[9] == ""' },
    {
      rule: 'self.port + "x" == ""',
      detail:
        '\'no such overload\': call arguments did not match a supported operator, function or macro signature for rule: self.port + "x" == ""',
    },
    { rule: 'self.missing == ""', detail: 'no such key: missing evaluating rule: self.missing == ""' },
  ])('the error of $rule is worded as Kubernetes words it', ({ rule, detail }) => {
    expect(errorsOf(rule, value)).toEqual([detail]);
  });

  test('items of map lists are compared with the item of the same key before the update', () => {
    const item: JsonSchema = {
      type: 'object',
      required: ['name'],
      properties: { name: { type: 'string' }, port: { type: 'integer' } },
      'x-kubernetes-validations': [{ rule: 'self.port >= oldSelf.port', message: 'may only grow' }],
    };
    const keyed: JsonSchema = {
      type: 'object',
      properties: {
        list: { type: 'array', items: item, 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': ['name'] },
      },
    };
    const before = {
      list: [
        { name: 'a', port: 5 },
        { name: 'b', port: 1 },
      ],
    };
    const after = {
      list: [
        { name: 'b', port: 2 },
        { name: 'a', port: 4 },
        { name: 'c', port: 0 },
      ],
    };
    expect(validate(keyed, after, { old: before })).toEqual([
      { reason: 'FieldValueInvalid', field: 'list[1]', badValue: 'object', detail: 'may only grow' },
    ]);
  });
});
