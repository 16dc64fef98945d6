import fc from 'fast-check';
import { RE2JS } from 're2js';
import { expect, test } from 'vitest';
import { compileRegex } from '../../src/dataplane/routing/regex.ts';
import { FUZZ_OPTIONS } from '../support/fuzz-options.ts';

const LITERALS = ['a', 'b', 'A', '/', '{', '}', '-', ',', '\\.', '\\*', '\\\\', '\\x61'];
const CLASSES = ['.', '[ab]', '[^a]', '\\d', '\\w', '\\pL', '^', '$', '\\b'];
const OPERATORS = ['*', '+', '?', '|', '(', ')', '(?:', '{0}', '{0,1}', '{2}', '(?i)', '(?s)', '\\Q', '\\E'];
const FRAGMENTS = [...LITERALS, ...CLASSES, ...OPERATORS];

const pattern = fc.array(fc.constantFrom(...FRAGMENTS), { maxLength: 8 }).map((parts) => parts.join(''));
const text = fc.string({
  unit: fc.constantFrom('a', 'b', 'A', '/', '.', '*', '1', '{', '0', '}', '\\', '-'),
  maxLength: 6,
});

test('looking at the literal start first changes no answer', () => {
  fc.assert(
    fc.property(pattern, fc.array(text, { minLength: 1, maxLength: 8 }), (source, texts) => {
      const reference = compiled(source);
      fc.pre(reference !== undefined);
      const regex = compileRegex(source);
      for (const each of texts)
        expect({ each, matches: regex.test(each) }).toEqual({ each, matches: reference?.testExact(each) });
    }),
    FUZZ_OPTIONS,
  );
});

function compiled(source: string): RE2JS | undefined {
  try {
    return RE2JS.compile(source);
  } catch {
    return undefined;
  }
}
