import fc from 'fast-check';
import { expect, test } from 'vitest';
import { apiInMemory, plainWrite, settled } from '../../src/apiserver/testdata/api-in-memory.ts';
import { ApiError } from '../../src/store/api-error.ts';
import { FUZZ_OPTIONS } from '../support/fuzz-options.ts';

const DEFINITION = {
  group: 'apiextensions.k8s.io',
  kind: 'CustomResourceDefinition',
  namespace: '',
  name: 'things.fuzz.example',
};
const THING = { group: 'fuzz.example', kind: 'Thing', namespace: 'default', name: 'a' };

const RULES = [
  [
    'self.a == 1',
    'self',
    'has(self.a)',
    'self.all(x, x == x)',
    '1 +',
    'oldSelf == self',
    'size(self) > 3',
    'self == oldSelf.a',
  ],
  [
    'self.exists(k, k == "a")',
    'int(self) / 0 == 1',
    'self.matches("(")',
    'duration(self) > duration("1s")',
    'self[9] == 1',
  ],
  [
    'quantity(self).isGreaterThan(quantity("1"))',
    'isIP(self)',
    'self.a.b.c',
    'true',
    'url(self).getHost() == ""',
    "self.split(',').size() > 0",
  ],
].flat();
const KEYS = ['a', 'b', 'spec', 'status', '__proto__', 'constructor', 'namespace', 'in'];

const value = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    fc.constantFrom<unknown>(null, true, 0, -1, 1.5, 1e21, '', 'a', '1s', '127.0.0.1', '(', '🙂'),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom(...KEYS), tie('value'), { maxKeys: 3 }),
  ),
})).value;

const extension = fc.oneof(
  { weight: 4, arbitrary: fc.constant({}) },
  fc.constantFrom(...RULES).map((rule) => ({ 'x-kubernetes-validations': [{ rule }] })),
  fc
    .constantFrom(...RULES)
    .map((rule) => ({ 'x-kubernetes-validations': [{ rule, messageExpression: "'at ' + string(self)" }] })),
  value.map((given) => ({ default: given })),
  fc.constantFrom<object>(
    { nullable: true },
    { enum: ['a', 1] },
    { pattern: '^a' },
    { pattern: '(' },
    { maxItems: 1 },
    { maxLength: 1 },
  ),
  fc.constantFrom<object>(
    { enum: 5 },
    { required: [1] },
    { maxLength: 'a' },
    { minimum: 'a' },
    { 'x-kubernetes-validations': 1 },
    { 'x-kubernetes-validations': [1] },
    { 'x-kubernetes-validations': [{ rule: 5 }] },
    { 'x-kubernetes-list-map-keys': 1 },
    { format: 5 },
    { not: { pattern: '(' } },
    { pattern: 5 },
    { 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': ['a'] },
    { 'x-kubernetes-list-type': 'set' },
  ),
);

const { schema } = fc.letrec<{ schema: object }>((tie) => ({
  schema: fc
    .tuple(
      fc.oneof(
        { depthSize: 'small' },
        fc.constantFrom<object>(
          { type: 'string' },
          { type: 'integer' },
          { type: 'number' },
          { type: 'boolean' },
          { type: 'string', format: 'date-time' },
          { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
          { 'x-kubernetes-int-or-string': true },
          { type: 'nonsense' },
        ),
        tie('schema').map((items) => ({ type: 'array', items })),
        tie('schema').map((additionalProperties) => ({ type: 'object', additionalProperties })),
        fc
          .dictionary(fc.constantFrom(...KEYS), tie('schema'), { maxKeys: 3 })
          .map((properties) => ({ type: 'object', properties })),
      ),
      extension,
    )
    .map(([type, more]) => ({ ...type, ...more })),
}));

function definitionWith(spec: object): object {
  return {
    metadata: { name: DEFINITION.name },
    spec: {
      group: 'fuzz.example',
      names: { plural: 'things', singular: 'thing', kind: 'Thing', listKind: 'ThingList' },
      scope: 'Namespaced',
      versions: [
        {
          name: 'v1',
          served: true,
          storage: true,
          subresources: { status: {} },
          schema: { openAPIV3Schema: { type: 'object', properties: { spec } } },
        },
      ],
    },
  };
}

/** Whether a write goes through. @throws For anything but an answer of the API. */
function goesThrough(write: () => unknown): boolean {
  try {
    write();
    return true;
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    expect(error.code).toBeLessThan(500);
    return false;
  }
}

test('objects of any definition that is taken are taken or refused, and never a fault', async () => {
  await fc.assert(
    fc.asyncProperty(schema, fc.array(value, { minLength: 1, maxLength: 4 }), async (spec, values) => {
      const { writes, target, controllers } = apiInMemory();
      const isDefined = goesThrough(() => writes.create(target(DEFINITION), definitionWith(spec), plainWrite));
      await settled();
      if (isDefined) {
        for (const given of values) {
          const existing = writes.find(target(THING));
          const resourceVersion = existing?.metadata.resourceVersion ?? '';
          const body = { metadata: { name: 'a' }, spec: given };
          const update = { metadata: { name: 'a', resourceVersion }, spec: given };
          if (existing === undefined) goesThrough(() => writes.create(target(THING), body, plainWrite));
          else goesThrough(() => writes.update(target(THING), update, plainWrite));
          const applied = { apiVersion: 'fuzz.example/v1', kind: 'Thing', ...body };
          goesThrough(() => writes.patch(target(THING), { type: 'Apply', applied, force: true }, plainWrite));
          if (existing !== undefined)
            goesThrough(() => writes.patch(target(THING), { type: 'Merge', patch: { spec: given } }, plainWrite));
        }
      }
      for (const controller of controllers) controller.close();
    }),
    FUZZ_OPTIONS,
  );
});
