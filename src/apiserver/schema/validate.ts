import type { JsonSchema } from '../../api/schema.ts';
import { checkRules, rulesOf } from './cel/rules.ts';
import { type FieldError, type FieldErrorReason, invalid } from './field-error.ts';
import { checkUniqueness } from './list-uniqueness.ts';
import { checkOf } from './validate-value.ts';
import type { Walk } from './walk.ts';
import { wholeSchema } from './whole-schema.ts';

/** How to validate. */
export interface ValidateOptions {
  /**
   * The object before an update. Rules about transitions run only with it, and what was wrong before and is unchanged
   * does not count (Kubernetes calls this ratcheting).
   */
  readonly old?: unknown;
}

/** After these the rules are not run, because they could not rely on the shape of the object. */
const BLOCKING: ReadonlySet<FieldErrorReason> = new Set([
  'FieldValueRequired',
  'FieldValueTooLong',
  'FieldValueTooMany',
  'FieldValueTypeInvalid',
]);

/**
 * Everything that is wrong with an object: schema, uniqueness in lists, and CEL rules, in the words of Kubernetes. Run
 * defaulting and pruning first. Throws a CelCompileError if a rule of the schema is not usable; `checkCrdSchema` finds
 * those when a CRD is applied.
 */
export function validate(schema: JsonSchema, value: unknown, { old }: ValidateOptions = {}): readonly FieldError[] {
  const whole = wholeSchema(schema);
  const walk: Walk = { path: [], errors: [] };
  checkOf(whole)(value, old, walk);
  checkUniqueness(whole, value, walk);
  const rules = rulesOf(whole);
  if (rules === undefined) return walk.errors;
  if (walk.errors.some(({ reason }) => BLOCKING.has(reason))) {
    const detail =
      'some validation rules were not checked because the object was invalid; correct the existing errors to complete validation';
    walk.errors.push(invalid('<nil>', null, detail));
  } else {
    checkRules(rules, { value, old }, walk);
  }
  return walk.errors;
}
