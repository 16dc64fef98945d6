import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import type { KindDefinition, PrinterColumn, VersionDefinition } from './kind-definition.ts';
import { gatewayApiKinds } from './kinds.ts';

/**
 * Holds our hand-written schemas against the official CRDs, field by field, in everything but the descriptions. The CRDs
 * are read from the Go module `sigs.k8s.io/gateway-api`, in Go's module cache or at SALLYPORT_GATEWAY_API_DIR.
 */
const RELEASE = 'v1.6.1';

interface OfficialVersion {
  readonly name: string;
  readonly served: boolean;
  readonly storage: boolean;
  readonly deprecationWarning?: string;
  readonly schema: { readonly openAPIV3Schema: unknown };
  readonly additionalPrinterColumns?: readonly PrinterColumn[];
  readonly subresources?: { readonly status?: object };
}

interface OfficialCrd {
  readonly spec: {
    readonly group: string;
    readonly scope: string;
    readonly names: {
      readonly kind: string;
      readonly plural: string;
      readonly singular: string;
      readonly listKind: string;
      readonly shortNames?: readonly string[];
      readonly categories?: readonly string[];
    };
    readonly versions: readonly OfficialVersion[];
  };
}

function crdDirectory(): string | undefined {
  const goPath = process.env['GOPATH']?.split(delimiter)[0] ?? join(homedir(), 'go');
  const moduleCache = process.env['GOMODCACHE'] ?? join(goPath, 'pkg', 'mod');
  const module = process.env['SALLYPORT_GATEWAY_API_DIR'] ?? join(moduleCache, 'sigs.k8s.io', `gateway-api@${RELEASE}`);
  const directory = join(module, 'config', 'crd', 'experimental');
  return existsSync(directory) ? directory : undefined;
}

function readCrds(directory: string): readonly OfficialCrd[] {
  return readdirSync(directory)
    .filter((file) => file.startsWith('gateway.networking.') && !file.includes('_vap_'))
    .map((file) => parse(readFileSync(join(directory, file), 'utf8'), { logLevel: 'error' }) as OfficialCrd);
}

/** What a schema says, one entry a leaf, such as `.properties.spec.required.rules`; descriptions are left out. */
function leaves(schema: unknown, path = '', holdsNames = false): readonly (readonly [string, unknown])[] {
  if (typeof schema !== 'object' || schema === null) return [[path, schema]];
  if (Array.isArray(schema) && path.endsWith('.required'))
    return schema.map((name) => [`${path}.${String(name)}`, true]);
  const entries = Object.entries(schema).filter(([key]) => holdsNames || key !== 'description');
  if (entries.length === 0) return [[path, schema]];
  return entries.flatMap(([key, value]) => leaves(value, `${path}.${key}`, key === 'properties' && !holdsNames));
}

// CRDs leave `metadata` to the API server; we have a schema of it.
function comparable(schema: unknown): Readonly<Record<string, unknown>> {
  return Object.fromEntries(leaves(schema).filter(([path]) => !path.startsWith('.properties.metadata.properties.')));
}

function ourVersion(kind: KindDefinition, name: string): VersionDefinition | undefined {
  return kind.versions.find((version) => version.name === name);
}

const directory = crdDirectory();
const crds = directory === undefined ? [] : readCrds(directory);
const versions = crds.flatMap((crd) =>
  crd.spec.versions.map((version) => ({ name: `${crd.spec.names.kind} ${version.name}`, crd, version })),
);

describe.skipIf(directory === undefined)(`the official CRDs of ${RELEASE}, experimental channel`, () => {
  test('are there', () => {
    expect(crds.length).toBe(13);
  });

  test.each(crds.map((crd) => ({ name: crd.spec.names.kind, crd })))(
    '$name is named and scoped alike',
    ({ name, crd }) => {
      const ours = gatewayApiKinds.find(({ group, kind }) => group === crd.spec.group && kind === name);
      const { shortNames = [], categories = [], ...names } = crd.spec.names;
      expect(ours).toMatchObject({ ...names, shortNames, categories, scope: crd.spec.scope });
    },
  );

  test.each(versions)('$name has the same schema, columns and subresources', ({ crd, version }) => {
    const kind = gatewayApiKinds.find(
      ({ group, kind: name }) => group === crd.spec.group && name === crd.spec.names.kind,
    );
    const ours = kind === undefined ? undefined : ourVersion(kind, version.name);
    expect(comparable(ours?.schema)).toEqual(comparable(version.schema.openAPIV3Schema));
    expect({
      served: ours?.served,
      storage: ours?.storage,
      deprecationWarning: ours?.deprecationWarning,
      columns: ours?.printerColumns,
      hasStatus: ours?.hasStatus,
    }).toEqual({
      served: version.served,
      storage: version.storage,
      deprecationWarning: version.deprecationWarning,
      columns: version.additionalPrinterColumns ?? [],
      hasStatus: version.subresources?.status !== undefined,
    });
  });
});
