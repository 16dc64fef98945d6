import type { JsonSchema } from '../../api/schema.ts';
import { compositionCheck } from './composition.ts';
import { invalid, missing, notSupported, tooLong, tooMany } from './field-error.ts';
import { formatCheck } from './formats.ts';
import { deepEqual, isList, isObject, type JsonObject } from './json.ts';
import { compilePattern } from './patterns.ts';
import { type Check, complain, inBody, pathOf, type Walk } from './walk.ts';

const checks = new WeakMap<JsonSchema, Check>();

/** The check of a schema, compiled once. */
export function checkOf(schema: JsonSchema): Check {
  let check = checks.get(schema);
  if (check === undefined) {
    check = compile(schema);
    checks.set(schema, check);
  }
  return check;
}

function compile(schema: JsonSchema): Check {
  const parts = [typeCheck(schema), compositionCheck(schema, checkOf), stringCheck(schema), numberCheck(schema)]
    .concat([listCheck(schema), enumCheck(schema), objectCheck(schema)])
    .filter((part) => part !== undefined);
  // Kubernetes' ratcheting: what was wrong before the update and was not touched by it does not stop the update. What the
  // update shares with the object before need not be looked at.
  return (value, old, walk) => {
    if (old !== undefined && value === old) return;
    const before = walk.errors.length;
    for (const part of parts) part(value, old, walk);
    if (walk.errors.length > before && old !== undefined && deepEqual(value, old)) walk.errors.length = before;
  };
}

function typeName(value: unknown): string {
  if (value === null) return 'null';
  if (isList(value)) return 'array';
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number';
  return typeof value;
}

function typeCheck(schema: JsonSchema): Check | undefined {
  const wanted = schema['x-kubernetes-int-or-string'] === true ? ['integer', 'string'] : schema.type && [schema.type];
  if (wanted === undefined) return undefined;
  const accepted = new Set<string>(wanted);
  if (accepted.has('number')) accepted.add('integer');
  if (schema.nullable === true) accepted.add('null');
  return (value, _old, walk) => {
    const actual = typeName(value);
    if (accepted.has(actual)) return;
    const detail = inBody(walk, `must be of type ${wanted.join(',')}: "${actual}"`);
    walk.errors.push({ reason: 'FieldValueTypeInvalid', field: pathOf(walk), badValue: actual, detail });
  };
}

function enumCheck(schema: JsonSchema): Check | undefined {
  const allowed = schema.enum;
  if (allowed === undefined || allowed.length === 0) return undefined;
  return (value, _old, walk) => {
    if (allowed.some((each) => deepEqual(each, value))) return;
    walk.errors.push(notSupported(pathOf(walk), value, allowed));
  };
}

function stringCheck(schema: JsonSchema): Check | undefined {
  const { maxLength = Number.POSITIVE_INFINITY, minLength = 0, pattern } = schema;
  const hasFormat = schema.format === undefined ? undefined : formatCheck(schema.format);
  const limited = schema.maxLength !== undefined || schema.minLength !== undefined;
  if (!limited && pattern === undefined && hasFormat === undefined) return undefined;
  return (value, _old, walk) => {
    if (typeof value !== 'string') return;
    const length = limited ? codePoints(value) : 0;
    if (length > maxLength) walk.errors.push(tooLong(pathOf(walk), maxLength));
    else if (length < minLength) complain(walk, value, `should be at least ${minLength} chars long`);
    else if (pattern !== undefined && !compilePattern(pattern).matcher(value).find())
      complain(walk, value, `should match '${pattern}'`);
    if (hasFormat?.(value) === false) {
      const detail = inBody(walk, `must be of type ${schema.format}: ${JSON.stringify(value)}`);
      walk.errors.push({ reason: 'FieldValueTypeInvalid', field: pathOf(walk), badValue: value, detail });
    }
  };
}

function codePoints(text: string): number {
  let count = text.length;
  for (let index = 0; index < text.length - 1; index++) {
    const unit = text.charCodeAt(index);
    if (unit >= 0xd800 && unit < 0xdc00 && (text.charCodeAt(index + 1) & 0xfc00) === 0xdc00) count--;
  }
  return count;
}

function numberCheck({
  minimum,
  maximum,
  exclusiveMinimum,
  exclusiveMaximum,
  multipleOf,
}: JsonSchema): Check | undefined {
  if (minimum === undefined && maximum === undefined && multipleOf === undefined) return undefined;
  return (value, _old, walk) => {
    if (typeof value !== 'number') return;
    if (multipleOf !== undefined && !isMultipleOf(value, multipleOf)) {
      complain(walk, value, `should be a multiple of ${multipleOf}`);
    }
    if (maximum !== undefined && (value > maximum || (exclusiveMaximum === true && value === maximum))) {
      complain(walk, value, `should be less than ${exclusiveMaximum === true ? '' : 'or equal to '}${maximum}`);
    }
    if (minimum !== undefined && (value < minimum || (exclusiveMinimum === true && value === minimum))) {
      complain(walk, value, `should be greater than ${exclusiveMinimum === true ? '' : 'or equal to '}${minimum}`);
    }
  };
}

function isMultipleOf(value: number, factor: number): boolean {
  const quotient = value / factor;
  return Math.abs(quotient - Math.round(quotient)) < 1e-9;
}

function listCheck(schema: JsonSchema): Check | undefined {
  const { minItems = 0, maxItems = Number.POSITIVE_INFINITY, uniqueItems = false } = schema;
  const check = schema.items && checkOf(schema.items);
  const oldItem = correlation(schema);
  return (value, old, walk) => {
    if (!isList(value)) return;
    if (check !== undefined) {
      const findOld = oldItem(old);
      for (let index = 0; index < value.length; index++) {
        walk.path.push(`[${index}]`);
        check(value[index], findOld(value[index]), walk);
        walk.path.pop();
      }
    }
    if (value.length < minItems) complain(walk, value.length, `should have at least ${minItems} items`);
    if (value.length > maxItems) walk.errors.push(tooMany(pathOf(walk), value.length, maxItems));
    if (uniqueItems && value.some((item, index) => value.slice(0, index).some((each) => deepEqual(each, item)))) {
      complain(walk, '', "shouldn't contain duplicates");
    }
  };
}

type FindOld = (item: unknown) => unknown;
const noOld: FindOld = () => undefined;

/** Finds the same item in a list before the update. Only items of lists with map keys can be told apart. */
export function correlation(schema: JsonSchema): (old: unknown) => FindOld {
  const keys = schema['x-kubernetes-list-type'] === 'map' ? (schema['x-kubernetes-list-map-keys'] ?? []) : [];
  if (keys.length === 0) return () => noOld;
  return (old) => {
    if (!isList(old)) return noOld;
    return (item) =>
      isObject(item) ? old.find((each) => isObject(each) && keys.every((key) => each[key] === item[key])) : undefined;
  };
}

interface Member {
  readonly name: string;
  readonly step: string;
  readonly check: Check;
}

function objectCheck(schema: JsonSchema): Check | undefined {
  const { required = [], minProperties = 0, maxProperties = Number.POSITIVE_INFINITY, additionalProperties } = schema;
  const members: readonly Member[] = Object.entries(schema.properties ?? {}).map(([name, member]) => ({
    name,
    step: `.${name}`,
    check: checkOf(member),
  }));
  const known = new Set(members.map(({ name }) => name));
  const others = typeof additionalProperties === 'object' ? checkOf(additionalProperties) : undefined;
  return (value, old, walk) => {
    if (!isObject(value)) return;
    const before = isObject(old) ? old : undefined;
    const count = minProperties > 0 || maxProperties < Number.POSITIVE_INFINITY ? Object.keys(value).length : 0;
    if (count < minProperties) complain(walk, count, `should have at least ${minProperties} properties`);
    if (count > maxProperties) walk.errors.push(tooMany(pathOf(walk), count, maxProperties));
    if (additionalProperties === false || others !== undefined) checkOthers({ value, before, known, others, walk });
    for (const { name, step, check } of members) {
      if (!Object.hasOwn(value, name)) continue;
      walk.path.push(step);
      check(value[name], before?.[name], walk);
      walk.path.pop();
    }
    for (const name of required) {
      if (Object.hasOwn(value, name)) continue;
      walk.path.push(`.${name}`);
      walk.errors.push(missing(pathOf(walk)));
      walk.path.pop();
    }
  };
}

interface OtherMembers {
  readonly value: JsonObject;
  readonly before: JsonObject | undefined;
  readonly known: ReadonlySet<string>;
  readonly others: Check | undefined;
  readonly walk: Walk;
}

function checkOthers({ value, before, known, others, walk }: OtherMembers): void {
  for (const name of Object.keys(value)) {
    if (known.has(name)) continue;
    if (others === undefined) {
      const path = pathOf(walk);
      walk.errors.push(invalid(path, name, `${path}.${name} in body is a forbidden property`));
      continue;
    }
    walk.path.push(`.${name}`);
    others(value[name], before?.[name], walk);
    walk.path.pop();
  }
}
