import type { JsonSchema } from '../../api/schema.ts';
import { type FieldError, invalid } from './field-error.ts';
import { type Check, pathOf, type Walk } from './walk.ts';

/** The check of `anyOf`, `oneOf`, `allOf` and `not`; undefined if a schema has none of them. `checkOf` compiles their parts. */
export function compositionCheck(
  { anyOf, oneOf, allOf, not }: JsonSchema,
  checkOf: (schema: JsonSchema) => Check,
): Check | undefined {
  const any = anyOf?.map(checkOf) ?? [];
  const one = oneOf?.map(checkOf) ?? [];
  const all = allOf?.map(checkOf) ?? [];
  const never = not && checkOf(not);
  if (any.length + one.length + all.length === 0 && never === undefined) return undefined;
  return (value, _old, walk) => {
    if (value === null) return;
    if (any.length > 0) checkAnyOf(any, value, walk);
    if (one.length > 0) checkOneOf(one, value, walk);
    if (all.length > 0) checkAllOf(all, value, walk);
    if (never !== undefined && attempt(never, value, walk).length === 0)
      complainOfSchema(walk, 'must not validate the schema (not)');
  };
}

function attempt(check: Check, value: unknown, walk: Walk): readonly FieldError[] {
  const errors: FieldError[] = [];
  check(value, undefined, { path: walk.path, errors });
  return errors;
}

// Kubernetes loses the path of these: the field of the error is the nil path, and the message names the place.
function complainOfSchema(walk: Walk, complaint: string): void {
  walk.errors.push(invalid('<nil>', '', `"${pathOf(walk)}" ${complaint}`));
}

function fewest(failures: readonly (readonly FieldError[])[]): readonly FieldError[] {
  return failures.reduce((best, each) => (each.length < best.length ? each : best), failures[0] ?? []);
}

function checkAnyOf(alternatives: readonly Check[], value: unknown, walk: Walk): void {
  const failures: (readonly FieldError[])[] = [];
  for (const check of alternatives) {
    const errors = attempt(check, value, walk);
    if (errors.length === 0) return;
    failures.push(errors);
  }
  complainOfSchema(walk, 'must validate at least one schema (anyOf)');
  walk.errors.push(...fewest(failures));
}

function checkOneOf(alternatives: readonly Check[], value: unknown, walk: Walk): void {
  const results = alternatives.map((check) => attempt(check, value, walk));
  const valid = results.filter((errors) => errors.length === 0).length;
  if (valid === 1) return;
  const found = valid === 0 ? 'Found none valid' : `Found ${valid} valid alternatives`;
  complainOfSchema(walk, `must validate one and only one schema (oneOf). ${found}`);
  if (valid === 0) walk.errors.push(...fewest(results));
}

function checkAllOf(parts: readonly Check[], value: unknown, walk: Walk): void {
  const results = parts.map((check) => attempt(check, value, walk));
  const errors = results.flat();
  if (errors.length === 0) return;
  walk.errors.push(...errors);
  const none = results.every((each) => each.length > 0) ? '. None validated' : '';
  complainOfSchema(walk, `must validate all the schemas (allOf)${none}`);
}
