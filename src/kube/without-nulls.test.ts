import { expect, test } from 'vitest';
import { withoutNulls } from './without-nulls.ts';

test.each([
  { name: 'a field that is null is left out', value: { endpoints: null, ports: [] }, expected: { ports: [] } },
  {
    name: 'so it is at any depth',
    value: { spec: { rules: [{ matches: null }] } },
    expected: { spec: { rules: [{}] } },
  },
  { name: 'an item of a list keeps its place', value: { list: [1, null] }, expected: { list: [1, null] } },
  { name: 'other falsy values stay', value: { a: 0, b: '', c: false }, expected: { a: 0, b: '', c: false } },
])('$name', ({ value, expected }) => {
  expect(withoutNulls(value)).toEqual(expected);
});

test('what holds no null is not copied', () => {
  const object = { spec: { rules: [{ matches: [] }] } };
  expect(withoutNulls(object)).toBe(object);
});
