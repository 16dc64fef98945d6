import fc from 'fast-check';
import { expect, test } from 'vitest';
import { firstQueryParam } from '../../src/dataplane/routing/query-param.ts';
import { FUZZ_OPTIONS } from '../support/fuzz-options.ts';

const FRAGMENTS = ['a', 'A', 'b', '%41', '%61', '%20', '+', '%2B', '=', '&', '%26', '%3D', '%C3%A9', '?', '/'] as const;

const query = fc.array(fc.constantFrom(...FRAGMENTS), { maxLength: 12 }).map((parts) => `?${parts.join('')}`);
const name = fc
  .array(fc.constantFrom('a', 'A', ' ', '+', '=', '&', 'é'), { minLength: 1, maxLength: 3 })
  .map((parts) => parts.join(''));

test('the first value of a parameter is what URLSearchParams says', () => {
  fc.assert(
    fc.property(query, name, (text, wanted) => {
      expect(firstQueryParam(text, wanted)).toBe(new URLSearchParams(text).get(wanted) ?? undefined);
    }),
    FUZZ_OPTIONS,
  );
});

test('no query makes it fail', () => {
  fc.assert(
    fc.property(fc.string(), fc.string({ minLength: 1 }), (text, wanted) => {
      firstQueryParam(`?${text}`, wanted);
    }),
    FUZZ_OPTIONS,
  );
});
