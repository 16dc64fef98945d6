import type { VersionDefinition } from '../api/kind-definition.ts';
import type { JsonSchema } from '../api/schema.ts';
import type { KindRules } from './kind-rules.ts';
import { validateMetadata } from './metadata-validation.ts';
import type { ApiObject, WriteTarget } from './object-body.ts';
import { applyDefaults } from './schema/defaults.ts';
import { isTypeError } from './schema/field-error.ts';
import { prune, renderStrictError, renderUnknownField } from './schema/prune.ts';
import { validate } from './schema/validate.ts';
import { badRequest, invalid } from './status-errors.ts';

/** What is done about fields that the schema does not know: they are dropped in any case. */
export type FieldValidation = 'Strict' | 'Warn' | 'Ignore';

/** What admission goes by. */
export interface AdmissionOptions {
  readonly fieldValidation: FieldValidation;
  readonly rules: KindRules;
  /** The stored object on an update; what was wrong with it before and is unchanged does not count. */
  readonly existing?: ApiObject;
}

/** Takes unknown fields away. */
export type Pruning = (given: ApiObject) => ApiObject;

/** The object as it is to be stored. */
export interface Admitted {
  readonly object: ApiObject;
  readonly warnings: readonly string[];
}

/** Prunes, fills in defaults and validates the whole object. Throws an `ApiError` for what is wrong with it. */
export function admitObject(target: WriteTarget, given: ApiObject, options: AdmissionOptions): Admitted {
  const { kind, version } = target.resource;
  const { existing, rules } = options;
  const pruned = prune(version.schema, given);
  const unknown = reportUnknownFields(target, pruned.unknownFields, options.fieldValidation);
  const defaulted = applyDefaults(version.schema, pruned.value);
  const before = existing === undefined ? {} : { old: existing };
  const ofGiven = validate(version.schema, defaulted, before);
  // What a kind does beyond its schema relies on the types that the schema gives.
  if (ofGiven.some(isTypeError)) throw invalid(kind, target.name, ofGiven);
  const prepared = rules.prepare?.(defaulted, existing);
  const object: ApiObject = { ...(prepared ?? defaulted) };
  const errors = [
    ...validateMetadata(object, kind),
    ...(prepared === undefined ? ofGiven : validate(version.schema, object, before)),
    ...(rules.validate?.(object, existing) ?? []),
  ];
  if (errors.length > 0) throw invalid(kind, target.name, errors);
  return { object, warnings: [...versionWarning(version), ...unknown, ...(rules.warnings?.(object, existing) ?? [])] };
}

/**
 * The same for a write that changes the status alone. Only the status is looked at, so that an object which was stored when
 * its kind asked for less can still be told its state.
 */
export function admitStatus(target: WriteTarget, given: ApiObject, options: AdmissionOptions): Admitted {
  const { kind, version } = target.resource;
  const schema = statusSchema(version);
  const pruned = prune(schema, given['status'] === undefined ? {} : { status: given['status'] });
  const unknown = reportUnknownFields(target, pruned.unknownFields, options.fieldValidation);
  const status = applyDefaults(schema, pruned.value);
  const errors = validate(schema, status, { old: { status: options.existing?.['status'] } });
  if (errors.length > 0) throw invalid(kind, target.name, errors);
  return { object: { ...given, ...status }, warnings: [...versionWarning(version), ...unknown] };
}

const statusSchemas = new WeakMap<VersionDefinition, JsonSchema>();

function statusSchema(version: VersionDefinition): JsonSchema {
  const known = statusSchemas.get(version);
  if (known !== undefined) return known;
  const status = version.schema.properties?.['status'] ?? { 'x-kubernetes-preserve-unknown-fields': true };
  const schema: JsonSchema = { type: 'object', properties: { status } };
  statusSchemas.set(version, schema);
  return schema;
}

/** Takes unknown fields away, or refuses them; what is to be said of them goes to `warn`. */
export function pruning(
  target: WriteTarget,
  fieldValidation: FieldValidation,
  warn: (warning: string) => void,
): Pruning {
  return (given) => {
    const { value, unknownFields } = prune(target.resource.version.schema, given);
    for (const warning of reportUnknownFields(target, unknownFields, fieldValidation)) warn(warning);
    return value;
  };
}

function reportUnknownFields(
  { resource: { kind, version } }: WriteTarget,
  fields: readonly string[],
  fieldValidation: FieldValidation,
): readonly string[] {
  if (fields.length === 0 || fieldValidation === 'Ignore') return [];
  if (fieldValidation === 'Warn') return fields.map(renderUnknownField);
  throw badRequest(
    `${kind.kind} in version "${version.name}" cannot be handled as a ${kind.kind}: ${renderStrictError(fields)}`,
  );
}

function versionWarning({ deprecationWarning }: VersionDefinition): readonly string[] {
  return deprecationWarning === undefined ? [] : [deprecationWarning];
}
