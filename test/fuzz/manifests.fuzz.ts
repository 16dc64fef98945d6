import fc from 'fast-check';
import { expect, test } from 'vitest';
import { stringify } from 'yaml';
import { locateField, ManifestError, parseManifests } from '../../src/sources/parse-manifests.ts';
import { parseFieldPath } from '../../src/sources/parse-field-path.ts';

const SECONDS = Number(process.env['FUZZ_SECONDS'] ?? 10);
/** Shared among the three properties of this file. */
const options = { interruptAfterTimeLimit: (SECONDS * 1_000) / 3, numRuns: 1_000_000 };

/** Text that looks like YAML often enough to get past the first character. */
const text = fc
  .array(
    fc.oneof(
      fc.constantFrom('apiVersion: v1\n', 'kind: List\n', 'items:\n', '- ', '  ', '---\n', '...\n', '%YAML 1.2\n'),
      fc.constantFrom(
        'metadata:\n',
        '  name: a\n',
        '[',
        ']',
        '{',
        '}',
        '"',
        "'",
        '|\n',
        '>-\n',
        '&a ',
        '*a',
        '<<: ',
        '!!',
        '# ',
        '\t',
      ),
      fc.string({ maxLength: 8, unit: 'binary' }),
    ),
    { maxLength: 24 },
  )
  .map((parts) => parts.join(''));

const word = fc.stringMatching(/^[a-z][a-z0-9-]{0,10}$/);
const object = fc.record({
  apiVersion: fc.constantFrom('v1', 'gateway.networking.k8s.io/v1'),
  kind: fc.constantFrom('Service', 'HTTPRoute', 'Gateway'),
  metadata: fc.record({ name: word, annotations: fc.dictionary(word, fc.string()) }),
  spec: fc.dictionary(word, fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.array(fc.string(), { maxLength: 3 }))),
});

test('any text holds manifests or is refused at a place in it', () => {
  fc.assert(
    fc.property(text, (given) => {
      const lines = given.split('\n').length;
      try {
        for (const manifest of parseManifests(given)) {
          expect(locateField(given, manifest, 'spec.rules[0].name').line).toBeLessThanOrEqual(lines);
        }
      } catch (error) {
        if (!(error instanceof ManifestError)) throw error;
        expect(error.position.line).toBeGreaterThan(0);
        expect(error.position.line).toBeLessThanOrEqual(lines);
        expect(error.position.column).toBeGreaterThan(0);
      }
    }),
    options,
  );
});

test('objects that are written as YAML or JSON are read as they were', () => {
  fc.assert(
    fc.property(fc.array(object, { maxLength: 4 }), fc.boolean(), (objects, asYaml) => {
      const list = { apiVersion: 'v1', kind: 'List', items: objects };
      const given = asYaml ? objects.map((each) => stringify(each)).join('---\n') : JSON.stringify(list);
      expect(parseManifests(given).map((manifest) => manifest.object)).toEqual(objects);
    }),
    options,
  );
});

test('a field path is read into its steps, and any text is read without failing', () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(word, fc.nat(99))), fc.string(), (steps, anything) => {
      const path = steps.map((step) => (typeof step === 'number' ? `[${step}]` : `.${step}`)).join('');
      expect(parseFieldPath(path)).toEqual(steps);
      expect(parseFieldPath(anything).every((step) => step !== undefined)).toBe(true);
    }),
    options,
  );
});
