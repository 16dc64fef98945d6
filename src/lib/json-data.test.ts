import { expect, test } from 'vitest';
import { jsonDataProblem } from './json-data.ts';

function nested(depth: number): unknown {
  let value: unknown = 1;
  for (let level = 0; level < depth; level++) value = [value];
  return value;
}

test.each([null, true, 'a', 1.5, [], { a: [{ b: null }] }, nested(256)])('%j is JSON data', (value) => {
  expect(jsonDataProblem(value)).toBeUndefined();
});

const cyclic: { self?: unknown } = {};
cyclic.self = cyclic;

test.each([
  { name: 'a number that is none', value: { a: Number.NaN }, problem: 'NaN is not a number that JSON has.' },
  { name: 'a time', value: [new Date(0)], problem: 'JSON has no times, sets or binary values.' },
  { name: 'a set', value: new Set([1]), problem: 'JSON has no times, sets or binary values.' },
  { name: 'deep nesting', value: nested(257), problem: 'Values are nested more than 256 deep.' },
  { name: 'a value that contains itself', value: cyclic, problem: 'Values are nested more than 256 deep.' },
])('$name is not', ({ value, problem }) => {
  expect(jsonDataProblem(value)).toBe(problem);
});
