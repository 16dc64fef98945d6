import fc from 'fast-check';
import { test } from 'vitest';
import { secretKind } from '../../src/api/core/secret.ts';
import { chooseDiscovery, chooseRepresentation } from '../../src/apiserver/media-types.ts';
import { parseResourcePath } from '../../src/apiserver/request-info.ts';
import { parseFieldSelector, parseLabelSelector } from '../../src/apiserver/selectors.ts';
import { ApiError } from '../../src/store/api-error.ts';

const timeLimitMs = (Number(process.env['FUZZ_SECONDS'] ?? 10) * 1000) / 2;
const limits = { interruptAfterTimeLimit: timeLimitMs, numRuns: Number.MAX_SAFE_INTEGER };
const object = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'x', labels: { a: 'b' } } };

/** Text of the pieces that a parser looks for, and of any others. */
function textOf(...pieces: readonly string[]): fc.Arbitrary<string> {
  return fc.oneof(
    fc.string(),
    fc.array(fc.constantFrom(...pieces)).map((parts) => parts.join('')),
  );
}

function refusesOnlyAsTheApiDoes(read: () => unknown): void {
  try {
    read();
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
  }
}

test('a selector selects or is refused with an ApiError', () => {
  const selector = textOf(
    'a',
    'b/c',
    '=',
    '==',
    '!=',
    '!',
    ',',
    ' in ',
    ' notin ',
    '(',
    ')',
    ' ',
    'metadata.name',
    'type',
  );
  fc.assert(
    fc.property(selector, (text) => {
      refusesOnlyAsTheApiDoes(() => parseLabelSelector(text)?.(object));
      refusesOnlyAsTheApiDoes(() => parseFieldSelector(text, secretKind)?.(object));
    }),
    limits,
  );
});

test('a path or Accept header is understood or refused with an ApiError', () => {
  const path = textOf('/', 'api', 'apis', 'v1', 'namespaces', 'x', 'status', '%2F', '%', '..');
  const accept = textOf('application/json', '*/*', ';', ',', 'as=Table', 'g=meta.k8s.io', 'v=v1', '=', ' ');
  fc.assert(
    fc.property(path, accept, (url, header) => {
      refusesOnlyAsTheApiDoes(() => parseResourcePath(url));
      chooseRepresentation(header);
      chooseDiscovery(header);
    }),
    limits,
  );
});
