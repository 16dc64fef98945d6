import { parse } from '@bufbuild/cel';
import { RE2JS } from 're2js';
import { describe, expect, test } from 'vitest';
import { foreignKinds } from './foreign-kinds.ts';
import type { KindDefinition } from './kind-definition.ts';
import { gatewayApiKinds } from './kinds.ts';
import { kindKey } from './object.ts';
import type { JsonSchema } from './schema.ts';

const kinds: readonly KindDefinition[] = [...gatewayApiKinds, ...foreignKinds];
const versions = kinds.flatMap((kind) =>
  kind.versions.map((version) => ({ name: `${kindKey(kind)} ${version.name}`, version })),
);

interface Place {
  readonly path: string;
  readonly schema: JsonSchema;
}

/** Every schema within a schema. Those within `allOf` and its like only constrain, so they are left out. */
function places(schema: JsonSchema, path = ''): readonly Place[] {
  const { properties = {}, items, additionalProperties } = schema;
  return [
    { path, schema },
    ...Object.entries(properties).flatMap(([name, property]) => places(property, `${path}.${name}`)),
    ...(items === undefined ? [] : places(items, `${path}[]`)),
    ...(typeof additionalProperties === 'object' ? places(additionalProperties, `${path}{}`) : []),
  ];
}

/** The places of which something is said that should not be. */
function offenders(schema: JsonSchema, offends: (place: Place) => boolean): readonly string[] {
  return places(schema)
    .filter(offends)
    .map(({ path }) => path);
}

function throws(action: () => unknown): boolean {
  try {
    action();
    return false;
  } catch {
    return true;
  }
}

function isScalar({ type }: JsonSchema): boolean {
  return type === 'string' || type === 'integer' || type === 'number' || type === 'boolean';
}

function lacksMapKey({ items, 'x-kubernetes-list-map-keys': keys }: JsonSchema): boolean {
  if (keys === undefined || keys.length === 0) return true;
  return keys.some((key) => {
    const property = items?.properties?.[key];
    return property === undefined || !isScalar(property);
  });
}

function fitsType(value: unknown, { type }: JsonSchema): boolean {
  if (type === 'array') return Array.isArray(value);
  if (type === 'integer') return Number.isInteger(value);
  return typeof value === type;
}

describe('all kinds other than the core ones', () => {
  test('have distinct names', () => {
    const names = kinds.map(kindKey);
    const plurals = kinds.map(({ group, plural }) => `${plural}.${group}`);
    expect(new Set(names).size).toBe(kinds.length);
    expect(new Set(plurals).size).toBe(kinds.length);
  });

  test.each(kinds.map((kind) => ({ name: kindKey(kind), kind })))(
    '$name is stored in exactly one version',
    ({ kind }) => {
      expect(kind.versions.filter(({ storage }) => storage).length).toBe(1);
      expect(kind.versions.every(({ served }) => served)).toBe(true);
    },
  );
});

describe.each(versions)('the schema of $name', ({ version: { schema, printerColumns, hasStatus } }) => {
  test('describes every field', () => {
    const isElement = (path: string) => path.endsWith('[]') || path.endsWith('{}');
    expect(
      offenders(
        schema,
        ({ path, schema: { description = '' } }) => !isElement(path) && !/^[A-Z`].*[.]$/su.test(description),
      ),
    ).toEqual([]);
  });

  test('is structural', () => {
    const isOpen = (open: JsonSchema) =>
      open['x-kubernetes-int-or-string'] === true || open['x-kubernetes-preserve-unknown-fields'] === true;
    expect(offenders(schema, (place) => place.schema.type === undefined && !isOpen(place.schema))).toEqual([]);
    expect(offenders(schema, (place) => place.schema.type === 'array' && place.schema.items === undefined)).toEqual([]);
  });

  test('requires only fields that it has', () => {
    const lacks = ({ required = [], properties = {} }: JsonSchema) =>
      required.some((name) => !Object.hasOwn(properties, name));
    expect(offenders(schema, (place) => lacks(place.schema))).toEqual([]);
  });

  test('has lists whose keys exist and sets of scalars', () => {
    const isWrong = (list: JsonSchema) =>
      (list['x-kubernetes-list-type'] === 'map' && lacksMapKey(list)) ||
      (list['x-kubernetes-list-type'] === 'set' && (list.items === undefined || !isScalar(list.items)));
    expect(offenders(schema, (place) => isWrong(place.schema))).toEqual([]);
  });

  test('has defaults of the right type', () => {
    const isWrong = (of: JsonSchema) =>
      of.default !== undefined &&
      of['x-kubernetes-int-or-string'] !== true &&
      (!fitsType(of.default, of) || (of.enum !== undefined && !of.enum.includes(of.default)));
    expect(offenders(schema, (place) => isWrong(place.schema))).toEqual([]);
  });

  test('has patterns that RE2 takes', () => {
    const isWrong = ({ pattern }: JsonSchema) => pattern !== undefined && throws(() => RE2JS.compile(pattern));
    expect(offenders(schema, (place) => isWrong(place.schema))).toEqual([]);
  });

  test('has rules that are CEL, each with a message', () => {
    const rulesOf = (of: JsonSchema) => of['x-kubernetes-validations'] ?? [];
    const isWrong = (of: JsonSchema) =>
      rulesOf(of).some(({ rule, message = '' }) => message === '' || throws(() => parse(rule)));
    expect(offenders(schema, (place) => isWrong(place.schema))).toEqual([]);
  });

  test('has the fields that its columns show', () => {
    const openOrPresent = (jsonPath: string) => {
      const names = jsonPath
        .replace(/\[[^\]]*\]/gu, '')
        .split('.')
        .slice(1);
      let at: JsonSchema | undefined = schema;
      for (const name of names) {
        if (at?.['x-kubernetes-preserve-unknown-fields'] === true) return true;
        at = (at?.items ?? at)?.properties?.[name];
      }
      return at !== undefined;
    };
    expect(printerColumns.map(({ jsonPath }) => jsonPath).filter((jsonPath) => !openOrPresent(jsonPath))).toEqual([]);
    expect(new Set(printerColumns.map(({ name }) => name)).size).toBe(printerColumns.length);
  });

  test('has a status where it is a subresource', () => {
    expect(hasStatus).toBe(schema.properties?.['status'] !== undefined);
  });
});
