import {
  type CelInput,
  type CelMap,
  type CelValue,
  celList,
  celMap,
  isCelError,
  isCelList,
  isCelMap,
} from '@bufbuild/cel';
import type { JsonSchema } from '../../../api/schema.ts';
import { isList, isObject, type JsonObject } from '../json.ts';
import { memberSchema } from '../whole-schema.ts';
import { parseTimestamp } from './timestamp.ts';

const RESERVED = new Set(
  'true false null in as break const continue else for function if import let loop package namespace return'.split(' '),
);
const REPLACEMENTS: Readonly<Record<string, string>> = {
  __: '__underscores__',
  '.': '__dot__',
  '-': '__dash__',
  '/': '__slash__',
};

/** How a property is called in a rule: names that are no identifiers or are reserved words are escaped. */
export function escapedName(name: string): string {
  if (RESERVED.has(name)) return `__${name}__`;
  return name.replace(/__|[./-]/g, (part) => REPLACEMENTS[part] ?? part);
}

/** A JSON value as rules see it: whole numbers are ints, date-times are timestamps, property names are escaped. */
export function celValueOf(schema: JsonSchema | undefined, value: unknown): CelValue {
  if (isList(value)) return celList(value.map((item) => celValueOf(schema?.items, item)));
  if (isObject(value)) return celMapOf(schema, value);
  if (typeof value === 'number') {
    return schema?.type === 'number' || !Number.isInteger(value) ? value : BigInt(value);
  }
  if (typeof value === 'string') {
    return schema?.format === 'date-time' ? (parseTimestamp(value) ?? value) : value;
  }
  return typeof value === 'boolean' ? value : null;
}

function celMapOf(schema: JsonSchema | undefined, value: JsonObject): CelMap {
  const members = new Map<string, CelInput>();
  const properties = schema?.properties;
  for (const key of Object.keys(value)) {
    const isProperty = properties !== undefined && Object.hasOwn(properties, key);
    members.set(isProperty ? escapedName(key) : key, celValueOf(memberSchema(schema, key), value[key]));
  }
  return celMap(members);
}

/** The member of a value made by `celValueOf`; undefined if it has none of that name. */
export function memberOf(value: CelValue | undefined, name: string): CelValue | undefined {
  return isCelMap(value) ? known(value.get(name)) : undefined;
}

/** The item of a value made by `celValueOf`; undefined if the list is shorter. */
export function itemOf(value: CelValue | undefined, index: number): CelValue | undefined {
  return isCelList(value) ? known(value.get(index)) : undefined;
}

function known(value: CelValue | undefined): CelValue | undefined {
  return isCelError(value) ? undefined : value;
}
