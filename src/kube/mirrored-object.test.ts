import { describe, expect, test } from 'vitest';
import { mirroredObject } from './mirrored-object.ts';

const metadata = { name: 'a', namespace: 'default' };
const data = { 'tls.key': 'c2VjcmV0' };

describe('what is kept of an object', () => {
  test('is all but the record of who wrote which field', () => {
    const managedFields = [{ manager: 'kubectl' }];
    const object = { apiVersion: 'v1', kind: 'Service', metadata: { ...metadata, managedFields }, spec: {} };
    expect(mirroredObject(object)).toEqual({ apiVersion: 'v1', kind: 'Service', metadata, spec: {} });
  });

  test.each([
    { name: 'a certificate is kept', kind: 'Secret', type: 'kubernetes.io/tls', isKept: true },
    { name: 'any other Secret is not kept', kind: 'Secret', type: 'Opaque', isKept: false },
    { name: 'a ConfigMap is kept', kind: 'ConfigMap', type: undefined, isKept: true },
  ])('the content of $name', ({ kind, type, isKept }) => {
    const object = { apiVersion: 'v1', kind, metadata, type, data };
    expect(JSON.stringify(mirroredObject(object)).includes(data['tls.key'])).toBe(isKept);
  });
});
