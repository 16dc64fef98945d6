import type { GroupKind } from './object.ts';
import type { JsonSchema } from './schema.ts';

/** A column of `kubectl get`. */
export interface PrinterColumn {
  readonly name: string;
  readonly type: 'string' | 'integer' | 'boolean' | 'date';
  /** A JSONPath as in a CRD's `additionalPrinterColumns`, such as `.spec.gatewayClassName`. */
  readonly jsonPath: string;
  readonly description?: string;
  readonly format?: string;
  /** 0 is always shown; above that only with `-o wide`. */
  readonly priority?: number;
}

/** One version in which a kind is offered. */
export interface VersionDefinition {
  readonly name: string;
  /** False: known, so that stored objects stay readable, but not offered. */
  readonly served: boolean;
  /** Exactly one version of a kind is the one that objects are stored in. */
  readonly storage: boolean;
  /** Sent as a Warning header to whoever uses this version. */
  readonly deprecationWarning?: string;
  /** Schema of the whole object, `apiVersion`, `kind` and `metadata` included. */
  readonly schema: JsonSchema;
  readonly printerColumns: readonly PrinterColumn[];
  /** Whether `/status` is a subresource: then writes to the main resource leave `status` alone and the other way round. */
  readonly hasStatus: boolean;
}

/** Everything the API server needs to serve a kind. Conversion between versions changes `apiVersion` only. */
export interface KindDefinition extends GroupKind {
  readonly plural: string;
  readonly singular: string;
  readonly listKind: string;
  readonly shortNames: readonly string[];
  readonly categories: readonly string[];
  readonly scope: 'Namespaced' | 'Cluster';
  readonly versions: readonly VersionDefinition[];
  /** Whether `metadata.generation` is kept: false for core kinds that have none, such as Service, Secret and ConfigMap. */
  readonly hasGeneration: boolean;
  /**
   * How the kind came to be served: `BuiltIn` kinds have our schema, which an applied CRD does not replace; `Default`
   * kinds are CRDs that are there from the start and may be replaced; `Custom` ones come from a user's CRD.
   */
  readonly origin: 'BuiltIn' | 'Default' | 'Custom';
}
