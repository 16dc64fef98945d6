/**
 * Schemas of kinds, written once: the static type, OpenAPI v3, validation, defaulting, pruning, `kubectl explain` and the
 * CRD all come from the value that these functions build. The value is a Kubernetes structural schema and nothing else.
 */

/** A CEL rule of `x-kubernetes-validations`. */
export interface ValidationRule {
  readonly rule: string;
  readonly message?: string;
  readonly messageExpression?: string;
  readonly reason?: 'FieldValueInvalid' | 'FieldValueForbidden' | 'FieldValueRequired' | 'FieldValueDuplicate';
  readonly fieldPath?: string;
  readonly optionalOldSelf?: boolean;
}

/** A structural schema as Kubernetes defines it, plus the strategic-merge keys of built-in kinds. */
export interface JsonSchema {
  readonly type?: 'object' | 'array' | 'string' | 'integer' | 'number' | 'boolean';
  readonly description?: string;
  readonly format?: string;
  readonly title?: string;
  readonly enum?: readonly unknown[];
  readonly default?: unknown;
  readonly nullable?: boolean;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: boolean;
  readonly exclusiveMaximum?: boolean;
  readonly multipleOf?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly pattern?: string;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly uniqueItems?: boolean;
  readonly minProperties?: number;
  readonly maxProperties?: number;
  readonly items?: JsonSchema;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: JsonSchema | boolean;
  readonly allOf?: readonly JsonSchema[];
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly not?: JsonSchema;
  readonly 'x-kubernetes-validations'?: readonly ValidationRule[];
  readonly 'x-kubernetes-list-type'?: 'atomic' | 'set' | 'map';
  readonly 'x-kubernetes-list-map-keys'?: readonly string[];
  readonly 'x-kubernetes-map-type'?: 'atomic' | 'granular';
  readonly 'x-kubernetes-preserve-unknown-fields'?: boolean;
  readonly 'x-kubernetes-int-or-string'?: boolean;
  readonly 'x-kubernetes-embedded-resource'?: boolean;
  /** Built-in kinds only: how a strategic merge patch treats this list or map. */
  readonly 'x-kubernetes-patch-strategy'?: 'merge' | 'replace' | 'merge,retainKeys' | 'retainKeys';
  /** Built-in kinds only: the key by which a strategic merge patch matches items. */
  readonly 'x-kubernetes-patch-merge-key'?: string;
}

declare const typeBrand: unique symbol;
declare const requiredBrand: unique symbol;

/** A schema that knows the static type of its values. */
export type Schema<T = unknown> = JsonSchema & { readonly [typeBrand]?: T };
/** A property that must be present. */
export type RequiredSchema<T = unknown> = Schema<T> & { readonly [requiredBrand]: true };
/** The static type of a schema's values. */
export type Infer<S> = S extends { readonly [typeBrand]?: infer T } ? Exclude<T, undefined> : never;

type Properties = Readonly<Record<string, Schema>>;
type RequiredKeys<P> = { [K in keyof P]: P[K] extends RequiredSchema ? K : never }[keyof P];
type ObjectOf<P> = Flat<
  { readonly [K in RequiredKeys<P>]: Infer<P[K]> } & {
    readonly [K in Exclude<keyof P, RequiredKeys<P>>]?: Infer<P[K]>;
  }
>;
/** The same type as one object, so that editors and messages show fields rather than how the type was computed. */
type Flat<T> = { [K in keyof T]: T[K] };

/** Constraints and extensions that may be added to any schema; `description` is our own words. */
export type SchemaOptions = Omit<JsonSchema, 'type' | 'properties' | 'required' | 'items' | 'additionalProperties'>;

const requiredMarks = new WeakSet<object>();

/** Marks a property as required in the object that holds it. */
export function required<T>(schema: Schema<T>): RequiredSchema<T> {
  const copy = { ...schema } as RequiredSchema<T>;
  requiredMarks.add(copy);
  return copy;
}

/** An object with the given properties. Unknown properties are pruned unless the options preserve them. */
export function object<P extends Properties>(properties: P, options: SchemaOptions = {}): Schema<ObjectOf<P>> {
  const names = Object.keys(properties).filter((name) => requiredMarks.has(properties[name] as object));
  return { type: 'object', ...options, properties, ...(names.length > 0 ? { required: names.sort() } : {}) };
}

/** A map from any string to values of one schema. */
export function map<T>(values: Schema<T>, options: SchemaOptions = {}): Schema<Readonly<Record<string, T>>> {
  return { type: 'object', ...options, additionalProperties: values };
}

/** A list. `x-kubernetes-list-type` decides how server-side apply merges it. */
export function array<T>(items: Schema<T>, options: SchemaOptions = {}): Schema<readonly T[]> {
  return { type: 'array', ...options, items };
}

/** A string. */
export function string(options: SchemaOptions = {}): Schema<string> {
  return { type: 'string', ...options };
}

/** A string that is one of `values`. */
export function oneOf<const V extends readonly string[]>(values: V, options: SchemaOptions = {}): Schema<V[number]> {
  return { type: 'string', ...options, enum: values };
}

/** A whole number; `format` is `int32` or `int64`. */
export function integer(options: SchemaOptions = {}): Schema<number> {
  return { type: 'integer', ...options };
}

/** The same schema as used in one place: with that place's description and, where given, its default or limits. */
export function described<T>(schema: Schema<T>, description: string, options: SchemaOptions = {}): Schema<T> {
  return { ...schema, ...options, description };
}

/** A truth value. */
export function boolean(options: SchemaOptions = {}): Schema<boolean> {
  return { type: 'boolean', ...options };
}

/** A port or a port's name. */
export function intOrString(options: SchemaOptions = {}): Schema<number | string> {
  return { ...options, 'x-kubernetes-int-or-string': true };
}

/** Any value, kept as it is. */
export function anything(options: SchemaOptions = {}): Schema<unknown> {
  return { ...options, 'x-kubernetes-preserve-unknown-fields': true };
}

/** An object whose unknown fields are kept: the schema of kinds that are stored and not understood. */
export function openObject(options: SchemaOptions = {}): Schema<Readonly<Record<string, unknown>>> {
  return { type: 'object', ...options, 'x-kubernetes-preserve-unknown-fields': true };
}
