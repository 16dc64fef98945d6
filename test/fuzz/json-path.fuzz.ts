import fc from 'fast-check';
import { test } from 'vitest';
import { parseJsonPath } from '../../src/apiserver/json-path.ts';

const timeLimitMs = Number(process.env['FUZZ_SECONDS'] ?? 10) * 1000;

test('a JSONPath is read or refused with a SyntaxError, and finds something in any value without failing', () => {
  const path = fc.array(
    fc.constantFrom('.', '..', '[', ']', '*', '?(', ')', '@', '==', '"', "'", '\\', 'a', 'b', '0', '-1', ':', ' '),
  );
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        path.map((parts) => parts.join('')),
      ),
      fc.jsonValue(),
      (text, value) => {
        try {
          parseJsonPath(text)(value);
        } catch (error) {
          if (!(error instanceof SyntaxError)) throw error;
        }
      },
    ),
    { interruptAfterTimeLimit: timeLimitMs, numRuns: Number.MAX_SAFE_INTEGER },
  );
});
