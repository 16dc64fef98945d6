import { describe, expect, test } from 'vitest';
import { jsonPatch } from './json-patch.ts';

const document = { spec: { list: ['a', 'b'], name: 'x', 'a/b': 1, 'c~d': 2 } };

const applies = [
  { name: 'adds a member', ops: [{ op: 'add', path: '/spec/new', value: 1 }], spec: { new: 1 } },
  { name: 'inserts an item', ops: [{ op: 'add', path: '/spec/list/1', value: 'x' }], spec: { list: ['a', 'x', 'b'] } },
  { name: 'appends an item', ops: [{ op: 'add', path: '/spec/list/-', value: 'c' }], spec: { list: ['a', 'b', 'c'] } },
  { name: 'replaces', ops: [{ op: 'replace', path: '/spec/list/0', value: 'z' }], spec: { list: ['z', 'b'] } },
  { name: 'removes an item', ops: [{ op: 'remove', path: '/spec/list/0' }], spec: { list: ['b'] } },
  { name: 'unescapes names', ops: [{ op: 'replace', path: '/spec/a~1b', value: 3 }], spec: { 'a/b': 3 } },
  { name: 'copies', ops: [{ op: 'copy', from: '/spec/c~0d', path: '/spec/e' }], spec: { e: 2 } },
  {
    name: 'tests, and goes on',
    ops: [
      { op: 'test', path: '/spec/name', value: 'x' },
      { op: 'add', path: '/spec/name', value: 'y' },
    ],
    spec: { name: 'y' },
  },
];

const fails = [
  {
    name: 'a parent that is missing',
    ops: [{ op: 'add', path: '/nothing/a', value: 1 }],
    code: 422,
    message: 'add operation does not apply: doc is missing path: "/nothing/a": missing value',
  },
  {
    name: 'replacing what is not there',
    ops: [{ op: 'replace', path: '/spec/none', value: 1 }],
    code: 422,
    message: 'replace operation does not apply: doc is missing key: /spec/none: missing value',
  },
  {
    name: 'removing what is not there',
    ops: [{ op: 'remove', path: '/spec/none' }],
    code: 422,
    message: 'Unable to remove nonexistent key: none: missing value',
  },
  {
    name: 'an index out of range',
    ops: [{ op: 'remove', path: '/spec/list/7' }],
    code: 422,
    message: 'Unable to access invalid index: 7: invalid index referenced',
  },
  {
    name: 'a test that fails',
    ops: [{ op: 'test', path: '/spec/name', value: 'y' }],
    code: 422,
    message: 'testing value /spec/name failed: test failed',
  },
  { name: 'an unknown operation', ops: [{ op: 'swap', path: '/spec' }], code: 422, message: 'Unexpected kind: swap' },
  {
    name: 'a patch that is no list',
    ops: {},
    code: 400,
    message: 'error decoding patch: json: cannot unmarshal object into Go value of type jsonpatch.Patch',
  },
];

describe('jsonPatch', () => {
  test.each(applies)('$name', ({ ops, spec }) => {
    expect(jsonPatch(document, ops)).toEqual({ spec: { ...document.spec, ...spec } });
  });

  test('moves', () => {
    const { name, ...rest } = document.spec;
    const moved = jsonPatch(document, [{ op: 'move', from: '/spec/name', path: '/spec/title' }]);
    expect(moved).toEqual({ spec: { ...rest, title: name } });
  });

  test.each(fails)('refuses $name', ({ ops, code, message }) => {
    expect(() => jsonPatch(document, ops)).toThrow(expect.objectContaining({ code, message }));
  });

  test('the document itself is never changed', () => {
    const before = JSON.stringify(document);
    jsonPatch(document, [{ op: 'add', path: '/spec/list/0', value: 'x' }]);
    expect(JSON.stringify(document)).toBe(before);
  });
});
