import { isIP, isIPv4 } from 'node:net';
import {
  type CelFunc,
  type CelInput,
  type CelList,
  CelScalar,
  type CelValue,
  celFunc,
  celMethod,
  isCelList,
  isCelMap,
  listType,
  run,
} from '@bufbuild/cel';
import { strings } from '@bufbuild/cel/ext';
import { compilePattern } from '../patterns.ts';

const { BOOL, DYN, INT, STRING } = CelScalar;
const LIST = listType(DYN);

// Optional values: "none" is null and a value that is there is itself. Objects of the API hold no nulls where optionals
// are used, so nothing is lost.
const optionals: readonly CelFunc[] = [
  celFunc('optional.none', [], DYN, () => null),
  celFunc('optional.of', [DYN], DYN, (value) => value),
  celMethod('hasValue', DYN, [], BOOL, function () {
    return this !== null;
  }),
  celMethod('value', DYN, [], DYN, function () {
    if (this === null) throw new Error('optional.none() dereference');
    return this;
  }),
  celMethod('orValue', DYN, [DYN], DYN, function (otherwise) {
    return this ?? otherwise;
  }),
  celMethod('or', DYN, [DYN], DYN, function (otherwise) {
    return this ?? otherwise;
  }),
  celMethod('optionalMember__', DYN, [DYN], DYN, function (key) {
    if (isCelMap(this)) return isMapKey(key) ? (this.get(key) ?? null) : null;
    if (isCelList(this)) return typeof key === 'bigint' ? (this.get(Number(key)) ?? null) : null;
    return null;
  }),
];

function isMapKey(key: CelValue): key is string | bigint | boolean {
  return typeof key === 'string' || typeof key === 'bigint' || typeof key === 'boolean';
}

function compare(left: CelValue, right: CelValue): number {
  if (typeof left === 'string' && typeof right === 'string') return left < right ? -1 : Number(left > right);
  if (isNumber(left) && isNumber(right)) return left < right ? -1 : Number(left > right);
  const order = run('left < right ? -1 : (left == right ? 0 : 1)', {
    left,
    right,
  });
  if (typeof order !== 'bigint') throw new Error('no such overload');
  return Number(order);
}

function isNumber(value: CelValue): value is bigint | number {
  return typeof value === 'bigint' || typeof value === 'number';
}

function extreme(list: CelList, sign: 1 | -1, name: string): CelInput {
  const [first, ...others] = list;
  if (first === undefined) throw new Error(`${name} called on empty list`);
  return others.reduce((best, each) => (compare(each, best) * sign > 0 ? each : best), first);
}

function sum(list: CelList): bigint | number {
  let total: bigint | number = 0n;
  for (const item of list) {
    if (typeof item === 'bigint' && typeof total === 'bigint') total += item;
    else if (isNumber(item)) total = Number(total) + Number(item);
    else throw new Error('no such overload');
  }
  return total;
}

const equals = (left: CelValue, right: CelValue) => left === right || run('left == right', { left, right }) === true;

const lists: readonly CelFunc[] = [
  celMethod('isSorted', LIST, [], BOOL, function () {
    const items = [...this];
    return items.every((item, index) => index === 0 || compare(items[index - 1] ?? null, item) <= 0);
  }),
  celMethod('sum', LIST, [], DYN, function () {
    return sum(this);
  }),
  celMethod('min', LIST, [], DYN, function () {
    return extreme(this, -1, 'min');
  }),
  celMethod('max', LIST, [], DYN, function () {
    return extreme(this, 1, 'max');
  }),
  celMethod('indexOf', LIST, [DYN], INT, function (wanted) {
    return BigInt([...this].findIndex((item) => equals(item, wanted)));
  }),
  celMethod('lastIndexOf', LIST, [DYN], INT, function (wanted) {
    return BigInt([...this].findLastIndex((item) => equals(item, wanted)));
  }),
];

function findAll(text: string, pattern: string, limit = Number.POSITIVE_INFINITY): string[] {
  const found: string[] = [];
  const matcher = compilePattern(pattern).matcher(text);
  while (found.length < limit && matcher.find()) found.push(matcher.group() ?? '');
  return found;
}

const expressions: readonly CelFunc[] = [
  celMethod('find', STRING, [STRING], STRING, function (pattern) {
    return findAll(this, pattern, 1)[0] ?? '';
  }),
  celMethod('findAll', STRING, [STRING], LIST, function (pattern) {
    return findAll(this, pattern);
  }),
  celMethod('findAll', STRING, [STRING, INT], LIST, function (pattern, limit) {
    return findAll(this, pattern, limit < 0n ? undefined : Number(limit));
  }),
];

function prefixOf(text: string): { readonly address: string; readonly bits: number } | undefined {
  const [address = '', bits = '', ...rest] = text.split('/');
  const family = isIP(address);
  const valid =
    rest.length === 0 && family !== 0 && /^\d{1,3}$/.test(bits) && Number(bits) <= (family === 4 ? 32 : 128);
  return valid ? { address, bits: Number(bits) } : undefined;
}

function checkedIp(text: string): string {
  if (isIP(text) === 0) throw new Error(`IP Address ${JSON.stringify(text)} parse error during conversion from string`);
  return text;
}

// An IP address is the string itself here: what a rule can ask of it does not need a type of its own.
const addresses: readonly CelFunc[] = [
  celFunc('isIP', [STRING], BOOL, (text) => isIP(text) !== 0),
  celFunc('ip', [STRING], STRING, checkedIp),
  celMethod('family', STRING, [], INT, function () {
    return isIPv4(checkedIp(this)) ? 4n : 6n;
  }),
  celFunc('isCIDR', [STRING], BOOL, (text) => prefixOf(text) !== undefined),
  celFunc('isURL', [STRING], BOOL, (text) => text.startsWith('/') || URL.canParse(text)),
];

const LABEL = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
const LABEL_1035 = /^[a-z]([-a-z0-9]*[a-z0-9])?$/;
const SUBDOMAIN = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
const LABEL_VALUE = /^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$/;

/** Named formats of the `format` library. A format is represented by its name. */
const FORMATS: Readonly<Record<string, (text: string) => boolean>> = {
  dns1123Label: (text) => text.length <= 63 && LABEL.test(text),
  dns1123Subdomain: (text) => text.length <= 253 && SUBDOMAIN.test(text),
  dns1035Label: (text) => text.length <= 63 && LABEL_1035.test(text),
  labelValue: (text) => text.length <= 63 && LABEL_VALUE.test(text),
  uri: (text) => text.startsWith('/') || URL.canParse(text),
  uuid: (text) => /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i.test(text),
  date: (text) => /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(text)),
  datetime: (text) => /^\d{4}-\d{2}-\d{2}T/.test(text) && !Number.isNaN(Date.parse(text)),
};

const formats: readonly CelFunc[] = [
  ...Object.keys(FORMATS).map((name) => celFunc(`format.${name}`, [], STRING, () => name)),
  celMethod('validate', STRING, [STRING], DYN, function (text) {
    const isValid = FORMATS[this];
    if (isValid === undefined) throw new Error(`no such format: ${this}`);
    return isValid(text) ? null : [`must be a valid ${this}`];
  }),
];

/** The functions that rules may use besides those of the CEL standard: Kubernetes' own and the string extension. */
export const library: CelFunc[] = [...strings, ...optionals, ...lists, ...expressions, ...addresses, ...formats];
