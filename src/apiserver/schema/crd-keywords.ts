import { array, anything, boolean, integer, type JsonSchema, object, required, string } from '../../api/schema.ts';
import { type FieldError, isTypeError } from './field-error.ts';
import { checkOf } from './validate-value.ts';
import type { Walk } from './walk.ts';

const number: JsonSchema = { type: 'number' };

/** What the keywords of a schema must be for it to mean anything; those that hold schemas are looked at elsewhere. */
const KEYWORDS: JsonSchema = object({
  type: string(),
  description: string(),
  title: string(),
  format: string(),
  pattern: string(),
  enum: array(anything()),
  required: array(string()),
  nullable: boolean(),
  uniqueItems: boolean(),
  exclusiveMinimum: boolean(),
  exclusiveMaximum: boolean(),
  minimum: number,
  maximum: number,
  multipleOf: number,
  minLength: integer(),
  maxLength: integer(),
  minItems: integer(),
  maxItems: integer(),
  minProperties: integer(),
  maxProperties: integer(),
  'x-kubernetes-list-type': string(),
  'x-kubernetes-list-map-keys': array(string()),
  'x-kubernetes-map-type': string(),
  'x-kubernetes-int-or-string': boolean(),
  'x-kubernetes-embedded-resource': boolean(),
  'x-kubernetes-preserve-unknown-fields': boolean(),
  'x-kubernetes-validations': array(
    object({
      rule: required(string()),
      message: string(),
      messageExpression: string(),
      reason: string(),
      fieldPath: string(),
      optionalOldSelf: boolean(),
    }),
  ),
});

/** The keywords of one schema that are of a wrong type. */
export function keywordTypeErrors(schema: unknown, field: string): readonly FieldError[] {
  const walk: Walk = { path: [field], errors: [] };
  checkOf(KEYWORDS)(schema, undefined, walk);
  return walk.errors.filter((error) => isTypeError(error) || error.reason === 'FieldValueRequired');
}
