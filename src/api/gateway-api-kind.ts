import { kindSchema } from './core/object-meta.ts';
import type { KindDefinition, PrinterColumn, VersionDefinition } from './kind-definition.ts';
import type { JsonSchema } from './schema.ts';
import { object, required } from './schema.ts';
import { GATEWAY_API_GROUP } from './parts/names.ts';

/** What differs from one version of a Gateway API kind to the next. */
interface GatewayApiVersion {
  readonly name: string;
  /** Whether objects are stored in this version; false where absent. */
  readonly storage?: boolean;
  /** The version to use instead: with it, whoever uses this version is warned. */
  readonly supersededBy?: string;
  readonly spec: JsonSchema;
  /** Absent for kinds without status; the others have `/status` as a subresource. */
  readonly status?: JsonSchema;
  readonly columns: readonly PrinterColumn[];
}

/** What a kind of the Gateway API is made of. */
interface GatewayApiKind {
  readonly group?: string;
  readonly kind: string;
  readonly plural: string;
  readonly shortNames?: readonly string[];
  /** Namespaced where absent. */
  readonly scope?: 'Namespaced' | 'Cluster';
  /** One sentence that says what the kind is for. */
  readonly description: string;
  readonly versions: readonly GatewayApiVersion[];
}

/** The column with which each table of `kubectl get` ends. */
export const ageColumn: PrinterColumn = { name: 'Age', type: 'date', jsonPath: '.metadata.creationTimestamp' };

/** A column with the status of a condition of the object. */
export function conditionColumn(type: string): PrinterColumn {
  return { name: type, type: 'string', jsonPath: `.status.conditions[?(@.type=="${type}")].status` };
}

/** A kind of the Gateway API: fills in what all of them have in common. All versions are served. */
export function gatewayApiKind(definition: GatewayApiKind): KindDefinition {
  const { kind } = definition;
  return {
    group: definition.group ?? GATEWAY_API_GROUP,
    kind,
    plural: definition.plural,
    singular: kind.toLowerCase(),
    listKind: `${kind}List`,
    shortNames: definition.shortNames ?? [],
    categories: ['gateway-api'],
    scope: definition.scope ?? 'Namespaced',
    versions: definition.versions.map((version) => versionDefinition(definition, version)),
    hasGeneration: true,
    origin: 'BuiltIn',
  };
}

function versionDefinition({ kind, description }: GatewayApiKind, version: GatewayApiVersion): VersionDefinition {
  const { name, spec, status, supersededBy, columns } = version;
  return {
    name,
    served: true,
    storage: version.storage ?? false,
    ...(supersededBy === undefined ? {} : { deprecationWarning: deprecationWarning(kind, name, supersededBy) }),
    schema: kindSchema(description, object({ spec: required(spec), ...(status === undefined ? {} : { status }) })),
    printerColumns: columns,
    hasStatus: status !== undefined,
  };
}

function deprecationWarning(kind: string, version: string, supersededBy: string): string {
  return (
    `The ${version} version of ${kind} has been deprecated and will be removed in a future release of the API. ` +
    `Please upgrade to ${supersededBy}.`
  );
}
