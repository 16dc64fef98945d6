import { expect, test } from 'vitest';
import { ApiError } from '../store/api-error.ts';
import { parseResourcePath } from './request-info.ts';

const core = { group: '', version: 'v1', namespace: '' };

test.each([
  { path: '/api/v1/services', info: { ...core, resource: 'services' } },
  { path: '/api/v1/namespaces', info: { ...core, resource: 'namespaces' } },
  { path: '/api/v1/namespaces/x', info: { ...core, resource: 'namespaces', name: 'x' } },
  {
    path: '/api/v1/namespaces/x/status',
    info: { ...core, resource: 'namespaces', name: 'x', subresource: 'status' },
  },
  { path: '/api/v1/namespaces/x/pods', info: { ...core, namespace: 'x', resource: 'pods' } },
  { path: '/api/v1/namespaces/x/pods/y', info: { ...core, namespace: 'x', resource: 'pods', name: 'y' } },
  {
    path: '/apis/example.com/v1/namespaces/x/widgets/a%2Fb/status',
    info: {
      group: 'example.com',
      version: 'v1',
      namespace: 'x',
      resource: 'widgets',
      name: 'a/b',
      subresource: 'status',
    },
  },
  { path: '/api', info: undefined },
  { path: '/api/v1', info: undefined },
  { path: '/apis/example.com/v1', info: undefined },
  { path: '/openapi/v3', info: undefined },
  { path: '/api/v1/pods/a/b/c/d', info: undefined },
])('$path', ({ path, info }) => {
  expect(parseResourcePath(path)).toEqual(info);
});

test('a broken escape is a bad request', () => {
  expect(() => parseResourcePath('/api/v1/pods/%zz')).toThrow(ApiError);
});
