import type { KindDefinition, PrinterColumn } from '../kind-definition.ts';
import type { JsonSchema } from '../schema.ts';

/** What differs between the kinds that Kubernetes itself has; each is offered in one version. */
export interface BuiltInKind {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly plural: string;
  readonly schema: JsonSchema;
  readonly scope?: 'Namespaced' | 'Cluster';
  readonly shortNames?: readonly string[];
  readonly categories?: readonly string[];
  readonly printerColumns?: readonly PrinterColumn[];
  readonly hasStatus?: boolean;
  readonly hasGeneration?: boolean;
}

/** The column with which most tables end. */
export const ageColumn: PrinterColumn = {
  name: 'Age',
  type: 'date',
  jsonPath: '.metadata.creationTimestamp',
  description: 'How long ago the object was created.',
};

/** The definition of a kind that Kubernetes itself has. Defaults: namespaced, no status, no generation, one column Age. */
export function builtInKind(kind: BuiltInKind): KindDefinition {
  return {
    group: kind.group,
    kind: kind.kind,
    plural: kind.plural,
    singular: kind.kind.toLowerCase(),
    listKind: `${kind.kind}List`,
    shortNames: kind.shortNames ?? [],
    categories: kind.categories ?? [],
    scope: kind.scope ?? 'Namespaced',
    hasGeneration: kind.hasGeneration ?? false,
    origin: 'BuiltIn',
    versions: [
      {
        name: kind.version,
        served: true,
        storage: true,
        schema: kind.schema,
        printerColumns: kind.printerColumns ?? [ageColumn],
        hasStatus: kind.hasStatus ?? false,
      },
    ],
  };
}
