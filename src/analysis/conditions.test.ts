import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { CONDITIONS, OWN_CONDITION_TYPES, verdictParts } from './conditions.ts';

const PAGE = join(import.meta.dirname, '../../docs/conditions.md');

test('the page on conditions has exactly those of the code, with their meaning', () => {
  const rows = readFileSync(PAGE, 'utf8').matchAll(/^\| `([^`]+)` \| [^|]+ \| ([^|]+) \|$/gm);
  expect([...rows].map(([, verdict, meaning]) => [verdict, meaning])).toEqual(Object.entries(CONDITIONS));
});

test('a verdict has a type that may have a domain, a status and a reason', () => {
  expect(verdictParts('sallyport.dev/Programmed=False/Pending')).toEqual({
    condition: 'sallyport.dev/Programmed',
    status: 'False',
    reason: 'Pending',
  });
  expect([...OWN_CONDITION_TYPES]).toContain('sallyport.dev/Programmed');
});
