import { has, isList, isObject } from './schema/json.ts';

type Step = (value: unknown) => readonly unknown[];

/** Finds the values that a JSONPath of a printer column points to. */
export type JsonPath = (value: unknown) => readonly unknown[];

const PLAIN_NAME = /^(?:\\.|[^.[\]\\])+/;
const BRACKETS = /^\[(?:'((?:\\.|[^'\\])*)'|"((?:\\.|[^"\\])*)"|(\*)|(-?\d+)|(-?\d*):(-?\d*)|\?\((.*?)\))\]/;
const COMPARISON = /^@((?:\.|\[).*?)?\s*(?:(==|!=|<=|>=|<|>)\s*(.+?))?\s*$/;
const parsed = new Map<string, JsonPath>();

/**
 * Reads the JSONPath of a printer column: names, `['name']`, `[0]`, `[*]`, `.*`, `[1:3]`, `..name` and filters such as
 * `[?(@.type=="Ready")]`. A path that cannot be read throws a `SyntaxError`.
 */
export function parseJsonPath(text: string): JsonPath {
  const known = parsed.get(text);
  if (known !== undefined) return known;
  const steps = parseSteps(text.replace(/^\{(.*)\}$/s, '$1').replace(/^\$/, ''));
  const path: JsonPath = (value) => steps.reduce<readonly unknown[]>((values, step) => values.flatMap(step), [value]);
  parsed.set(text, path);
  return path;
}

function parseSteps(text: string): readonly Step[] {
  const steps: Step[] = [];
  let rest = text;
  while (rest !== '' && rest !== '.') {
    const [step, length] = parseStep(rest, text);
    steps.push(step);
    rest = rest.slice(length);
  }
  return steps;
}

function parseStep(rest: string, text: string): [step: Step, length: number] {
  if (rest.startsWith('[')) return parseBrackets(rest, text);
  const dots = rest.startsWith('..') ? 2 : Number(rest.startsWith('.'));
  if (dots === 1 && rest[1] === '[') return [(value) => [value], 1];
  const name = PLAIN_NAME.exec(rest.slice(dots))?.[0];
  if (name === undefined) throw new SyntaxError(`unrecognized character in path ${JSON.stringify(text)}`);
  const length = dots + name.length;
  const step = name === '*' ? children : member(unescape(name));
  return [dots === 2 ? (value) => descendants(value).flatMap(step) : step, length];
}

function parseBrackets(rest: string, text: string): [step: Step, length: number] {
  const match = BRACKETS.exec(rest);
  if (match === null) throw new SyntaxError(`invalid array index in path ${JSON.stringify(text)}`);
  const [whole, single, double, star, index, from, to, filter] = match;
  const name = single ?? double;
  if (name !== undefined) return [member(unescape(name)), whole.length];
  if (star !== undefined) return [children, whole.length];
  if (index !== undefined)
    return [(value) => (isList(value) ? value.slice(Number(index)).slice(0, 1) : []), whole.length];
  if (filter !== undefined) return [parseFilter(filter), whole.length];
  const end = to === undefined || to === '' ? undefined : Number(to);
  return [(value) => (isList(value) ? value.slice(Number(from ?? 0), end) : []), whole.length];
}

function parseFilter(text: string): Step {
  const match = COMPARISON.exec(text.trim());
  if (match === null) throw new SyntaxError(`unrecognized filter ${JSON.stringify(text)}`);
  const path = parseJsonPath(match[1] ?? '');
  const operator = match[2];
  const wanted = match[3] === undefined ? undefined : parseLiteral(match[3]);
  return (value) =>
    children(value).filter((item) => {
      const found = path(item);
      return operator === undefined ? found.length > 0 : found.length > 0 && compare(found[0], operator, wanted);
    });
}

function parseLiteral(text: string): unknown {
  const quoted = /^(['"])(.*)\1$/s.exec(text);
  if (quoted !== null) return unescape(quoted[2] ?? '');
  if (text === 'true' || text === 'false') return text === 'true';
  const number = Number(text);
  if (Number.isNaN(number)) throw new SyntaxError(`unrecognized literal ${JSON.stringify(text)}`);
  return number;
}

function compare(found: unknown, operator: string, wanted: unknown): boolean {
  if (operator === '==') return found === wanted;
  if (operator === '!=') return found !== wanted;
  if (typeof found !== 'number' || typeof wanted !== 'number') return false;
  if (operator === '<') return found < wanted;
  if (operator === '<=') return found <= wanted;
  return operator === '>' ? found > wanted : found >= wanted;
}

function member(name: string): Step {
  return (value) => (isObject(value) && has(value, name) ? [value[name]] : []);
}

function children(value: unknown): readonly unknown[] {
  if (isList(value)) return value;
  return isObject(value) ? Object.values(value) : [];
}

function descendants(value: unknown): readonly unknown[] {
  return [value, ...children(value).flatMap(descendants)];
}

function unescape(text: string): string {
  return text.replace(/\\(.)/gs, '$1');
}
