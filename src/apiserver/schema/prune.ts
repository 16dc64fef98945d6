import type { JsonSchema } from '../../api/schema.ts';
import { isList, isObject, setProperty } from './json.ts';
import { memberSchema, wholeSchema } from './whole-schema.ts';

/** What pruning left, and the paths of what it took away, sorted, such as `spec.rules[0].foo`. */
export interface Pruned<T> {
  readonly value: T;
  readonly unknownFields: readonly string[];
}

/**
 * Takes away what the schema does not know, unless `x-kubernetes-preserve-unknown-fields` keeps it. The result shares
 * everything that stays with `value`, and is `value` itself if nothing goes.
 */
export function prune<T>(schema: JsonSchema, value: T): Pruned<T> {
  const unknownFields: string[] = [];
  const pruned = pruneValue({ schema: wholeSchema(schema), value, path: '', unknownFields }) as T;
  return { value: pruned, unknownFields: unknownFields.sort() };
}

interface Place {
  readonly schema: JsonSchema | undefined;
  readonly value: unknown;
  readonly path: string;
  readonly unknownFields: string[];
}

function pruneValue(place: Place): unknown {
  const { schema, value, path, unknownFields } = place;
  if (isList(value)) {
    if (schema?.items === undefined && schema?.['x-kubernetes-preserve-unknown-fields'] === true) return value;
    const kept = value.map((item, index) =>
      pruneValue({ schema: schema?.items, value: item, path: `${path}[${index}]`, unknownFields }),
    );
    return kept.some((item, index) => item !== value[index]) ? kept : value;
  }
  return isObject(value) ? pruneObject(place, value) : value;
}

function pruneObject({ schema, path, unknownFields }: Place, value: Readonly<Record<string, unknown>>): unknown {
  if (schema?.additionalProperties === true) return value;
  const preserve = schema?.['x-kubernetes-preserve-unknown-fields'] === true;
  const kept: Record<string, unknown> = {};
  let changed = false;
  for (const key of Object.keys(value)) {
    const member = memberSchema(schema, key);
    const memberPath = path === '' ? key : `${path}.${key}`;
    if (member === undefined && !preserve) {
      unknownFields.push(memberPath);
      changed = true;
      continue;
    }
    const inner =
      member === undefined
        ? value[key]
        : pruneValue({ schema: member, value: value[key], path: memberPath, unknownFields });
    setProperty(kept, key, inner);
    changed ||= inner !== value[key];
  }
  return changed ? kept : value;
}

/** The sentence with which Kubernetes refuses or warns of an unknown field. */
export function renderUnknownField(path: string): string {
  return `unknown field "${path}"`;
}

/** The message of the BadRequest that `fieldValidation=Strict` gives for unknown fields. */
export function renderStrictError(unknownFields: readonly string[]): string {
  return `strict decoding error: ${unknownFields.map(renderUnknownField).join(', ')}`;
}
