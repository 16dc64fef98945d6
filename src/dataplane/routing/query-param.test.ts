import { expect, test } from 'vitest';
import { firstQueryParam } from './query-param.ts';

test.each([
  { name: 'a value is found', query: '?a=1&b=2', wanted: 'b', value: '2' },
  { name: 'the first of several counts', query: '?a=1&a=2', wanted: 'a', value: '1' },
  { name: 'a name without a value has an empty one', query: '?a&b=2', wanted: 'a', value: '' },
  { name: 'an equals sign may be part of a value', query: '?a=b=c', wanted: 'a', value: 'b=c' },
  { name: 'names and values are decoded', query: '?caf%C3%A9=%26+x', wanted: 'café', value: '& x' },
  { name: 'a plus in a name is a space, too', query: '?+=1', wanted: '+', value: undefined },
  { name: 'a plus that is encoded is a plus', query: '?%2B=1', wanted: '+', value: '1' },
  { name: 'a broken escape is taken as it came', query: '?a=%zz', wanted: 'a', value: '%zz' },
  { name: 'bytes that are not UTF-8 are taken as they came', query: '?a=%ff', wanted: 'a', value: '%ff' },
  { name: 'a name is no part of another one', query: '?aa=1', wanted: 'a', value: undefined },
  { name: 'an empty query has no parameters', query: '', wanted: 'a', value: undefined },
])('$name', ({ query, wanted, value }) => {
  expect(firstQueryParam(query, wanted)).toBe(value);
});
