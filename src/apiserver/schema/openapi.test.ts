import { describe, expect, test } from 'vitest';
import { coreKinds } from '../../api/core/kinds.ts';
import { httpRouteKind } from '../../api/http-route.ts';
import { isList, isObject, type JsonObject } from './json.ts';
import { openApiV2 } from './openapi-v2.ts';
import { openApiV3 } from './openapi-v3.ts';

const kinds = [...coreKinds, httpRouteKind];
const META = 'io.k8s.apimachinery.pkg.apis.meta.v1';

function at(document: unknown, ...path: readonly string[]): JsonObject {
  let value = document;
  for (const step of path) value = isObject(value) ? value[step] : undefined;
  if (!isObject(value)) throw new Error(`Nothing at ${path.join(' ')}.`);
  return value;
}

function referencesIn(value: unknown): readonly string[] {
  if (isList(value)) return value.flatMap(referencesIn);
  if (!isObject(value)) return [];
  const own = typeof value['$ref'] === 'string' ? [value['$ref']] : [];
  return [...own, ...Object.values(value).flatMap(referencesIn)];
}

function operationIds(document: JsonObject): readonly unknown[] {
  return Object.values(at(document, 'paths')).flatMap((item) =>
    isObject(item)
      ? Object.values(item).flatMap((operation) => (isObject(operation) ? [operation['operationId']] : []))
      : [],
  );
}

describe('openApiV3', () => {
  const core = openApiV3(kinds, '', 'v1');
  const gateway = openApiV3(kinds, 'gateway.networking.k8s.io', 'v1');

  test('definitions are named as in a cluster and say their kind', () => {
    const gvk = { group: 'gateway.networking.k8s.io', kind: 'HTTPRoute', version: 'v1' };
    const route = at(gateway, 'components', 'schemas', 'io.k8s.networking.gateway.v1.HTTPRoute');
    expect(route['x-kubernetes-group-version-kind']).toEqual([gvk]);
    expect(at(gateway, 'components', 'schemas', 'io.k8s.networking.gateway.v1.HTTPRouteList')['required']).toEqual([
      'items',
    ]);
    expect(at(core, 'components', 'schemas', 'io.k8s.api.core.v1.Service')).toBeDefined();
  });

  test('a document holds its own group version only', () => {
    expect(Object.keys(at(core, 'components', 'schemas')).filter((name) => name.includes('HTTPRoute'))).toEqual([]);
  });

  test('kubectl finds that the server validates fields and can do dry runs', () => {
    const patch = at(
      gateway,
      'paths',
      '/apis/gateway.networking.k8s.io/v1/namespaces/{namespace}/httproutes/{name}',
      'patch',
    );
    expect(patch['x-kubernetes-action']).toBe('patch');
    expect(patch['parameters']).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ name: 'fieldValidation', in: 'query' }),
        expect.objectContaining({ name: 'dryRun', in: 'query' }),
      ]),
    );
  });

  test('there are paths for the status, for all namespaces, and for cluster-scoped kinds', () => {
    expect(Object.keys(at(core, 'paths'))).toEqual(
      expect.arrayContaining([
        '/api/v1/services',
        '/api/v1/namespaces/{namespace}/services/{name}/status',
        '/api/v1/namespaces',
        '/api/v1/namespaces/{name}',
      ]),
    );
  });

  test('lists say how strategic merge patches treat them', () => {
    const service = at(core, 'components', 'schemas', 'io.k8s.api.core.v1.Service');
    expect(at(service, 'properties', 'spec', 'properties', 'ports')).toMatchObject({
      'x-kubernetes-patch-strategy': 'merge',
      'x-kubernetes-patch-merge-key': 'port',
      'x-kubernetes-list-map-keys': ['port', 'protocol'],
    });
  });

  test.each([{ document: core }, { document: gateway }])('every reference leads somewhere', ({ document }) => {
    const names = Object.keys(at(document, 'components', 'schemas'));
    for (const reference of new Set(referencesIn(document))) {
      expect(names).toContain(reference.replace('#/components/schemas/', ''));
    }
    expect(names).toContain(`${META}.ObjectMeta`);
  });

  test('operation ids are unique', () => {
    const ids = operationIds(core);
    expect(new Set(ids).size).toBe(ids.length);
  });
});

describe('openApiV2', () => {
  const document = openApiV2(kinds);

  test('all group versions are in one document, and every reference leads somewhere', () => {
    const names = Object.keys(at(document, 'definitions'));
    expect(names).toEqual(
      expect.arrayContaining(['io.k8s.api.core.v1.Service', 'io.k8s.networking.gateway.v1.HTTPRoute']),
    );
    for (const reference of new Set(referencesIn(document))) {
      expect(names).toContain(reference.replace('#/definitions/', ''));
    }
  });

  test('it holds nothing that OpenAPI v2 does not have', () => {
    const text = JSON.stringify(at(document, 'definitions'));
    for (const keyword of ['anyOf', 'oneOf', 'nullable']) expect(text).not.toContain(`"${keyword}":`);
  });

  test('operation ids are unique', () => {
    const ids = operationIds(document);
    expect(new Set(ids).size).toBe(ids.length);
  });
});
