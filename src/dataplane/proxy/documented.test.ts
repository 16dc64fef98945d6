import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { PROXY_ERRORS } from '../errors.ts';
import { DEFAULT_TIMEOUTS } from './proxy-config.ts';

/** The rows of the first table of a page, cells without their marks. */
function table(page: string): string[][] {
  const text = readFileSync(new URL(`../../../docs/${page}`, import.meta.url), 'utf8');
  const rows = text.split('\n').filter((line) => line.startsWith('| `'));
  return rows.map((row) =>
    row
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim().replaceAll('`', '')),
  );
}

test('docs/errors.md lists every error as it is', () => {
  const errors = Object.entries(PROXY_ERRORS).map(([code, { source, http, grpc, retry }]) => [
    code,
    source,
    String(http),
    grpc,
    retry,
  ]);
  expect(table('errors.md')).toEqual(errors);
});

test('docs/timeouts.md lists every timeout with its default', () => {
  const defaults = Object.entries(DEFAULT_TIMEOUTS).map(([name, ms]) => [name, `${ms / 1000} s`]);
  expect(table('timeouts.md').map((row) => row.slice(0, 2))).toEqual(defaults);
});
