import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { serviceKind } from '../../src/api/core/service.ts';
import type { KubeObject } from '../../src/api/object.ts';
import type { JsonSchema } from '../../src/api/schema.ts';
import { parseFieldsV1, renderFieldsV1 } from '../../src/apiserver/patch/field-set.ts';
import { jsonPatch } from '../../src/apiserver/patch/json-patch.ts';
import { updateManagedFields } from '../../src/apiserver/patch/managed-fields.ts';
import { mergePatch } from '../../src/apiserver/patch/merge-patch.ts';
import { PatchError } from '../../src/apiserver/patch/patch-error.ts';
import { serverSideApply } from '../../src/apiserver/patch/server-side-apply.ts';
import { strategicMergePatch } from '../../src/apiserver/patch/strategic-merge-patch.ts';
import { canonicalJson, deepEqual, isObject, type JsonObject } from '../../src/apiserver/schema/json.ts';

const PROPERTIES = 7;
const timeLimitMs = (Number(process.env['FUZZ_SECONDS'] ?? 10) * 1_000) / PROPERTIES;
const limits = { numRuns: 1_000_000, interruptAfterTimeLimit: timeLimitMs } as const;
const T1 = '2030-01-01T00:00:00Z';

const name = fc.constantFrom('a', 'b', 'c', 'd/e', '~', '__proto__');
const { value: anyValue } = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    fc.constantFrom<unknown>(null, true, 0, 1, 'x', ''),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(name, tie('value'), { maxKeys: 3 }),
  ),
}));

const pointer = fc
  .array(fc.oneof(name, fc.constantFrom('0', '1', '-', '9', '-1')), { maxLength: 3 })
  .map((steps) => steps.map((step) => `/${step.replaceAll('~', '~0').replaceAll('/', '~1')}`).join(''));
const operation = fc.record(
  {
    op: fc.constantFrom('add', 'remove', 'replace', 'move', 'copy', 'test', 'other'),
    path: pointer,
    from: pointer,
    value: anyValue,
  },
  { requiredKeys: ['op', 'path'] },
);

/** The merge patch that makes `to` of `from`; neither may hold null. */
function mergeDiff(from: unknown, to: unknown): unknown {
  if (!isObject(from) || !isObject(to)) return to;
  const patch: [string, unknown][] = [];
  for (const key of Object.keys(from)) if (!Object.hasOwn(to, key)) patch.push([key, null]);
  for (const [key, value] of Object.entries(to)) {
    if (!Object.hasOwn(from, key)) patch.push([key, value]);
    else if (!deepEqual(from[key], value)) patch.push([key, mergeDiff(from[key], value)]);
  }
  return Object.fromEntries(patch);
}

function hasNull(value: unknown): boolean {
  if (value === null) return true;
  return typeof value === 'object' && Object.values(value).some(hasNull);
}

const schema: JsonSchema = {
  type: 'object',
  properties: {
    spec: {
      type: 'object',
      properties: {
        text: { type: 'string' },
        nested: { type: 'object', properties: { a: { type: 'string' }, b: { type: 'string' } } },
        labels: { type: 'object', additionalProperties: { type: 'string' } },
        atomic: { type: 'array', items: { type: 'string' } },
        set: { type: 'array', items: { type: 'string' }, 'x-kubernetes-list-type': 'set' },
        items: {
          type: 'array',
          'x-kubernetes-list-type': 'map',
          'x-kubernetes-list-map-keys': ['name'],
          items: {
            type: 'object',
            required: ['name'],
            properties: { name: { type: 'string' }, v: { type: 'string' } },
          },
        },
      },
    },
  },
};

const word = fc.constantFrom('x', 'y', 'z');
const item = fc.record({ name: fc.constantFrom('n1', 'n2', 'n3'), v: word }, { requiredKeys: ['name'] });
const specMembers = {
  text: word,
  nested: fc.record({ a: word, b: word }, { requiredKeys: [] }),
  labels: fc.dictionary(fc.constantFrom('l1', 'l2'), word),
  atomic: fc.array(word, { maxLength: 3 }),
  // Empty lists of this kind are owned by nobody, in Kubernetes as well.
  set: fc.uniqueArray(word, { minLength: 1 }),
  items: fc.uniqueArray(item, { minLength: 1, selector: ({ name: key }) => key }),
};
const spec = fc.record(specMembers, { requiredKeys: [] });

function objectWith(members: JsonObject): KubeObject {
  const object = { apiVersion: 'e/v1', kind: 'K', metadata: { name: 'x' }, spec: members };
  return object;
}

function applied(live: KubeObject | undefined, manager: string, members: JsonObject, force = true): KubeObject {
  const request = { schema, live, applied: objectWith(members), manager, force, time: T1 };
  const { object, conflicts } = serverSideApply(request);
  expect(conflicts).toEqual([]);
  return object;
}

/** The object with its lists sorted, since the order in which appliers come decides the order of their items. */
function unordered(object: unknown): unknown {
  if (Array.isArray(object)) {
    return object.map(unordered).sort((left, right) => (canonicalJson(left) < canonicalJson(right) ? -1 : 1));
  }
  if (!isObject(object)) return object;
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [key, unordered(value)]));
}

describe('patches', () => {
  const options = { timeout: timeLimitMs * 3 };

  test('a merge patch applied twice is the same as once', options, () => {
    fc.assert(
      fc.property(anyValue, anyValue, (value, patch) => {
        const once = mergePatch(value, patch);
        expect(mergePatch(once, patch)).toEqual(once);
      }),
      limits,
    );
  });

  test('the difference of two values, as a merge patch, makes the second of the first', options, () => {
    const noNull = anyValue.filter((value) => !hasNull(value));
    fc.assert(
      fc.property(noNull, noNull, (from, to) => {
        expect(canonicalJson(mergePatch(from, mergeDiff(from, to)))).toBe(canonicalJson(to));
      }),
      limits,
    );
  });

  test('a JSON patch either applies or is refused with a PatchError, and never changes its input', options, () => {
    fc.assert(
      fc.property(anyValue, fc.array(operation, { maxLength: 3 }), (value, operations) => {
        const before = JSON.stringify(value);
        try {
          JSON.stringify(jsonPatch(value, operations));
        } catch (error) {
          expect(error).toBeInstanceOf(PatchError);
        }
        expect(JSON.stringify(value)).toBe(before);
      }),
      limits,
    );
  });

  test('a strategic merge patch either applies or is refused with a PatchError', options, () => {
    const service: JsonSchema = serviceKind.versions[0]?.schema ?? {};
    const directive = fc.constantFrom('$patch', '$retainKeys', '$setElementOrder/ports', '$deleteFromPrimitiveList/x');
    const ports = fc.dictionary(fc.oneof(directive, fc.constantFrom('ports', 'selector')), anyValue);
    fc.assert(
      fc.property(ports, ports, (live, patch) => {
        try {
          strategicMergePatch(service, { spec: live }, { spec: patch });
        } catch (error) {
          expect(error).toBeInstanceOf(PatchError);
        }
      }),
      limits,
    );
  });

  test('applying the same twice changes nothing, and withdrawing it leaves nothing', options, () => {
    fc.assert(
      fc.property(spec, (members) => {
        const once = applied(undefined, 'me', members);
        expect(applied(once, 'me', members)).toEqual(once);
        const withdrawn = applied(once, 'me', {});
        expect(canonicalJson(Reflect.get(withdrawn, 'spec') ?? {})).toBe('{}');
      }),
      limits,
    );
  });

  test('two managers of different fields may come in any order', options, () => {
    const { text, nested, ...others } = specMembers;
    const mine = fc.record({ text, nested }, { requiredKeys: [] });
    const yours = fc.record(others, { requiredKeys: [] });
    fc.assert(
      fc.property(mine, yours, (first, second) => {
        const one = applied(applied(undefined, 'me', first, false), 'you', second, false);
        const other = applied(applied(undefined, 'you', second, false), 'me', first, false);
        expect(canonicalJson(unordered(one))).toBe(canonicalJson(unordered(other)));
      }),
      limits,
    );
  });

  test('whoever writes, the record stays readable and every value that was changed has an owner', options, () => {
    const writes = fc.array(fc.tuple(fc.constantFrom('a', 'b'), fc.boolean(), spec), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(writes, (all) => {
        let live: KubeObject | undefined;
        for (const [manager, isApply, members] of all) {
          if (isApply) {
            live = applied(live, manager, members);
          } else {
            const after = { ...objectWith(members), metadata: live?.metadata ?? { name: 'x' } };
            const { managedFields: _record, ...metadata } = after.metadata;
            live = updateManagedFields({ schema, before: live, after: { ...after, metadata }, manager, time: T1 });
          }
        }
        for (const { fieldsV1 } of live?.metadata.managedFields ?? []) {
          expect(renderFieldsV1(parseFieldsV1(fieldsV1))).toEqual(fieldsV1);
        }
        const owners = JSON.stringify(live?.metadata.managedFields ?? []);
        const values = Reflect.get(live ?? {}, 'spec') as JsonObject | undefined;
        if (values?.['text'] !== undefined) expect(owners).toContain('"f:text"');
      }),
      limits,
    );
  });
});
