import { expect, test } from 'vitest';
import { parseEndpointsAnnotation } from './endpoints-annotation.ts';

test.each([
  { name: 'one address', text: '127.0.0.1:3000', endpoints: ['127.0.0.1 3000'], unusable: [] },
  {
    name: 'several, with spaces and an empty one',
    text: ' 10.0.0.1:1 ,, [::1]:2',
    endpoints: ['10.0.0.1 1', '::1 2'],
    unusable: [],
  },
  { name: 'localhost', text: 'localhost:80', endpoints: ['127.0.0.1 80'], unusable: [] },
  { name: 'a name that is not looked up', text: 'example.org:80', endpoints: [], unusable: ['example.org:80'] },
  { name: 'no port', text: '127.0.0.1', endpoints: [], unusable: ['127.0.0.1'] },
  {
    name: 'a port out of range',
    text: '127.0.0.1:70000,127.0.0.1:0',
    endpoints: [],
    unusable: ['127.0.0.1:70000', '127.0.0.1:0'],
  },
  { name: 'IPv6 without brackets', text: '::1:80', endpoints: [], unusable: ['::1:80'] },
  { name: 'nothing', text: '', endpoints: [], unusable: [] },
])('$name', ({ text, endpoints, unusable }) => {
  const parsed = parseEndpointsAnnotation(text);
  expect(parsed.endpoints.map(({ address, port }) => `${address} ${port}`)).toEqual(endpoints);
  expect(parsed.unusable).toEqual(unusable);
});
