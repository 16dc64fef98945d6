import fc from 'fast-check';
import { expect, test } from 'vitest';
import { jsonDataProblem } from '../../src/lib/json-data.ts';
import { apiInMemory } from '../../src/apiserver/testdata/api-in-memory.ts';
import { ManifestSource, type SourceEvent } from '../../src/sources/manifest-source.ts';
import { locateField, ManifestError, parseManifests } from '../../src/sources/parse-manifests.ts';
import { FUZZ_OPTIONS } from '../support/fuzz-options.ts';

const GOOD = [
  'apiVersion: v1\nkind: Service\nmetadata: {name: s}\nspec: {ports: [{port: 80}]}\n',
  'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: c\n  namespace: other\ndata: {a: b}\n',
  'apiVersion: gateway.networking.k8s.io/v1\nkind: HTTPRoute\nmetadata: {name: r}\nspec:\n  rules:\n  - backendRefs: [{name: s, port: 80}]\n',
  'apiVersion: v1\nkind: List\nitems:\n- {apiVersion: v1, kind: ConfigMap, metadata: {name: i}}\n',
  '{"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "other"}}\n',
];
const ODD = [
  'apiVersion: v1\nkind: Namespace\nmetadata: {name: default}\n',
  'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: 1}\n',
  'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: n, namespace: 5}\n',
  'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: n, labels: [x], annotations: 3, finalizers: 1, ownerReferences: {}}\n',
  'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: n, managedFields: 1, uid: 2, generation: x}\n',
  'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: "a/../b"}\n',
  'apiVersion: v1/2/3\nkind: X\nmetadata: {name: n}\n',
  'apiVersion: v1\nkind: {toString: 1}\nmetadata: {name: n}\n',
  'apiVersion: v1\nkind: List\nitems:\n- {apiVersion: v1, kind: List, items: [{}]}\n',
  'apiVersion: v1\nkind: List\nitems: 1\nmetadata: {name: n}\n',
  'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: n}\ndata: &a {a: *a}\n',
  'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: n}\ndata: {a: .nan, b: .inf}\n',
  '%YAML 1.1\n---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: n}\ndata: {a: 2001-01-01, b: !!binary aGk=, c: !!set {x}}\n',
  'a: &a [1, 1]\nb: &b [*a, *a]\nc: [*b, *b]\n',
  'apiVersion: v1\nkind: ConfigMap\nmetadata: &m {name: n}\n<<: *m\n',
  'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: n, __proto__: {a: 1}, constructor: 1}\n',
  `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: n}\ndata: ${'['.repeat(400)}${']'.repeat(400)}\n`,
  `${'['.repeat(9_000)}`,
  '? [a, {b: c}]\n: d\n',
  '!!js/function "x"\n',
  '- 1\n- 2\n',
  'hello\n',
  '# nothing\n',
];
const SCRAPS = [
  '---\n',
  '...\n',
  ': ',
  '- ',
  '&a ',
  '*a',
  '<<: *a\n',
  '\t',
  '\r\n',
  '\uFEFF',
  '"',
  "'",
  '{',
  '}',
  '[',
  ']',
  '|\n',
  '>-\n',
  '!!',
  '%',
  '@',
  '`',
  '\0',
  '🙂',
  '\u2028',
];

const whole = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...GOOD) },
  { weight: 2, arbitrary: fc.constantFrom(...ODD) },
);
const cut = fc.tuple(whole, fc.nat(200)).map(([text, end]) => text.slice(0, end));
const scrap = fc.constantFrom(...SCRAPS);
const marred = fc.tuple(whole, fc.nat(120), scrap).map(([text, at, part]) => text.slice(0, at) + part + text.slice(at));
const document = fc.oneof(
  whole,
  whole,
  cut,
  marred,
  fc.string({ unit: 'binary' }),
  fc.array(scrap).map((parts) => parts.join('')),
);
const text = fc
  .tuple(fc.array(document, { maxLength: 3 }), fc.constantFrom('---\n', '---\r\n', ''), fc.boolean())
  .map(([documents, separator, isDos]) => {
    const joined = documents.join(separator);
    return isDos ? joined.replaceAll('\n', '\r\n') : joined;
  });

test('a text is a list of objects, or an error at a place in it', () => {
  fc.assert(
    fc.property(text, (given) => {
      try {
        for (const manifest of parseManifests(given)) {
          expect(jsonDataProblem(manifest.object)).toBeUndefined();
          const { line, column } = locateField(given, manifest, 'spec.rules[0].backendRefs[7].name');
          expect([line, column].every((count) => count >= 1)).toBe(true);
        }
      } catch (error) {
        if (!(error instanceof ManifestError)) throw error;
        expect(error.message).toMatch(/^[^\n]+[.!?]$/);
        expect(error.position.line).toBeLessThanOrEqual(given.split(/\r\n|\n|\r/).length);
      }
    }),
    FUZZ_OPTIONS,
  );
});

const NEIGHBOUR = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: neighbour}\n';

test('whatever a file holds, following it goes on: its last good content and other files stay in effect', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(text, { maxLength: 5 }), async (texts) => {
      const { store, client } = apiInMemory();
      const events: SourceEvent[] = [];
      let files = [{ path: 'b.yaml', text: NEIGHBOUR }];
      const source = new ManifestSource({
        client,
        scan: () => Promise.resolve({ files, refused: [], directories: [] }),
        watch: () => ({ follow: () => undefined, close: () => undefined }),
        onEvent: (event) => void events.push(event),
      });
      const names = () =>
        ['Service', 'ConfigMap'].flatMap((kind) =>
          store.list({ group: '', kind }).map(({ metadata }) => metadata.name),
        );
      for (const each of [...texts, NEIGHBOUR.replaceAll('neighbour', 'last')]) {
        const before = names();
        files = [
          { path: 'a.yaml', text: each },
          { path: 'b.yaml', text: NEIGHBOUR },
        ];
        events.length = 0;
        await source.sync();
        if (isBroken(each)) expect(names()).toEqual(expect.arrayContaining(before));
        expect(names()).toContain('neighbour');
      }
      expect(names()).toContain('last');
      await source.close();
    }),
    FUZZ_OPTIONS,
  );
});

function isBroken(given: string): boolean {
  try {
    parseManifests(given);
    return false;
  } catch {
    return true;
  }
}
