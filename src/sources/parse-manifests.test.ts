import { describe, expect, test } from 'vitest';
import { locateField, ManifestError, parseManifests } from './parse-manifests.ts';

const route = `apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata:
  name: web
  annotations:
    example.com/owner: me
spec:
  rules:
    - matches:
        - path:
            type: Wrong
`;

describe('parseManifests', () => {
  test.each([
    {
      name: 'one document is one object',
      text: 'apiVersion: v1\nkind: Namespace\nmetadata: { name: a }',
      names: ['a'],
    },
    { name: 'documents keep their order', text: `${route}---\n${route.replace('web', 'api')}`, names: ['web', 'api'] },
    { name: 'empty documents are passed over', text: `---\n# nothing\n---\n${route}---\n`, names: ['web'] },
    { name: 'an empty text holds nothing', text: '', names: [] },
    {
      name: 'a List is unrolled',
      text: `apiVersion: v1\nkind: List\nitems:\n- {apiVersion: v1, kind: Service, metadata: {name: s}}\n`,
      names: ['s'],
    },
    {
      name: 'JSON is read as well',
      text: '{\t"apiVersion": "v1",\n\t"kind": "Secret", "metadata": {"name": "j"}}',
      names: ['j'],
    },
  ])('$name', ({ text, names }) => {
    expect(parseManifests(text).map(({ object }) => object.metadata.name)).toEqual(names);
  });

  test.each([
    { name: 'a syntax error', text: 'apiVersion: v1\nkind: [', position: { line: 2, column: 8 } },
    { name: 'a repeated key', text: 'apiVersion: v1\nkind: A\nkind: B', position: { line: 3, column: 1 } },
    {
      name: 'an object without a kind',
      text: `${route}---\napiVersion: v1\nmetadata: {name: x}`,
      position: { line: 13, column: 1 },
    },
    { name: 'an object without a name', text: 'apiVersion: v1\nkind: A', position: { line: 1, column: 1 } },
    { name: 'a bare word', text: 'hello', position: { line: 1, column: 1 } },
    {
      name: 'an item that is no object',
      text: 'apiVersion: v1\nkind: List\nitems:\n- 1',
      position: { line: 4, column: 3 },
    },
    {
      name: 'a kind that is no text',
      text: 'apiVersion: v1\nkind: {toString: 1}\nmetadata: {name: a}',
      position: { line: 1, column: 1 },
    },
    {
      name: 'a namespace that is no text',
      text: 'apiVersion: v1\nkind: A\nmetadata: {name: a, namespace: 5}',
      position: { line: 1, column: 1 },
    },
    {
      name: 'a value that JSON does not have',
      text: `${route}---\napiVersion: v1\nkind: A\nmetadata: {name: a}\nspec: .nan`,
      position: { line: 13, column: 1 },
    },
    {
      name: 'a mapping that contains itself',
      text: 'apiVersion: v1\nkind: A\nmetadata: {name: a}\nspec: &s {in: *s}',
      position: { line: 1, column: 1 },
    },
  ])('$name is refused at its line and column', ({ text, position }) => {
    expect(() => parseManifests(text)).toThrow(ManifestError);
    expect(() => parseManifests(text)).toThrow(expect.objectContaining({ position }));
  });

  test('a namespace of null is none', () => {
    const [manifest] = parseManifests('apiVersion: v1\nkind: A\nmetadata:\n  name: a\n  namespace:');
    expect(manifest?.object.metadata).toEqual({ name: 'a' });
  });

  test('nesting without end is refused', () => {
    expect(() => parseManifests('['.repeat(20_000))).toThrow('Values are nested too deeply.');
  });

  test('aliases that expand without bound are refused', () => {
    const levels = Array.from({ length: 9 }, (_, n) => `l${n + 1}: &l${n + 1} [${Array(9).fill(`*l${n}`).join(', ')}]`);
    expect(() => parseManifests(`l0: &l0 [x]\n${levels.join('\n')}`)).toThrow(ManifestError);
  });
});

describe('locateField', () => {
  test.each([
    { name: 'a field', field: 'spec.rules[0].matches[0].path.type', position: { line: 11, column: 19 } },
    {
      name: 'a map key in brackets',
      field: 'metadata.annotations[example.com/owner]',
      position: { line: 6, column: 24 },
    },
    {
      name: 'a missing field by its nearest ancestor',
      field: 'spec.rules[0].backendRefs[3].port',
      position: { line: 9, column: 7 },
    },
    { name: 'the whole object', field: '', position: { line: 1, column: 1 } },
  ])('finds $name', ({ field, position }) => {
    const [manifest] = parseManifests(route);
    expect(manifest && locateField(route, manifest, field)).toEqual(position);
  });

  test('counts from the item of a List', () => {
    const text = `apiVersion: v1\nkind: List\nitems:\n- apiVersion: v1\n  kind: A\n  metadata: {name: a}\n  spec: 1\n`;
    const [manifest] = parseManifests(text);
    expect(manifest && locateField(text, manifest, 'spec')).toEqual({ line: 7, column: 9 });
  });
});
