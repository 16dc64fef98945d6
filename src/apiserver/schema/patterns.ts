import { RE2JS } from 're2js';

const compiled = new Map<string, RE2JS>();
const MAX_COMPILED = 2_000;

/**
 * A pattern in RE2 syntax, matched in linear time. Throws an Error that says what is wrong if it is not RE2. Patterns of
 * schemas recur with every object, so they are compiled once.
 */
export function compilePattern(pattern: string): RE2JS {
  const known = compiled.get(pattern);
  if (known !== undefined) return known;
  const expression = RE2JS.compile(pattern);
  if (compiled.size >= MAX_COMPILED) compiled.clear();
  compiled.set(pattern, expression);
  return expression;
}
