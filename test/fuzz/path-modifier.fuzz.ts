import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compilePathModifier } from '../../src/dataplane/filters/path-modifier.ts';
import { matchPath } from '../../src/dataplane/http1/match-path.ts';
import { FUZZ_OPTIONS } from '../support/fuzz-options.ts';
import { requestFor } from '../support/request-view.ts';

const SEGMENTS = ['a', 'b', '.', '..', '', '%2e', '%2E%2e', '%61', '%2F', 'a;x', '.hidden', '%C3%A9', '%20'] as const;

const target = fc
  .array(fc.constantFrom(...SEGMENTS), { minLength: 1, maxLength: 6 })
  .map((parts) => `/${parts.join('/')}`);
const prefix = fc.constantFrom('/', '/a', '/a/', '/a/b', '/b');
const value = fc.oneof(fc.constantFrom('', '/', '/x', '/x/', '/x/y'), fc.string({ maxLength: 8 }));

test('a backend sees the replacement and then what the route saw after the prefix, on one line', () => {
  fc.assert(
    fc.property(target, prefix, value, (path, replaced, replacement) => {
      const seen = matchPath(path);
      const bare = replaced === '/' ? '' : replaced.replace(/\/$/, '');
      fc.pre(seen !== undefined && (seen === bare || seen.startsWith(`${bare}/`)));
      const modify = compilePathModifier({ type: 'ReplacePrefixMatch', prefix: replaced, value: replacement });
      const result = modify(requestFor(path));
      expect(result).toMatch(/^\/[!-~]*$/);
      expect(result).not.toMatch(/[?#]/);
      if (replacement === '' || replacement === '/') expect(result).not.toMatch(/^\/\//);
      if (/^\/[xy/]*$/.test(replacement)) {
        const joined = `${replacement}/${(seen ?? '').slice(bare.length)}`;
        expect(matchPath(result)?.replace(/\/$/, '')).toBe(matchPath(joined)?.replace(/\/$/, ''));
      }
    }),
    FUZZ_OPTIONS,
  );
});
