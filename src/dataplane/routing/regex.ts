import { RE2JS } from 're2js';

/** A regular expression that must match a whole text. Matching takes time linear in the text, whatever the pattern. */
export interface WholeMatch {
  test(text: string): boolean;
}

/**
 * Compiles an RE2 pattern (inline flags such as `(?i)` included). Texts that lack the literal start of the pattern are
 * turned away without running it.
 *
 * @throws If the pattern is not valid RE2.
 */
export function compileRegex(pattern: string): WholeMatch {
  const compiled = RE2JS.compile(pattern);
  const prefix = literalPrefix(pattern);
  if (prefix === '') return { test: (text) => compiled.testExact(text) };
  return { test: (text) => text.startsWith(prefix) && compiled.testExact(text) };
}

/** A pattern that does not compile matches nothing: its rule is reported by the analysis, and takes no other rule's traffic. */
export function compileRegexOrNever(pattern: string): WholeMatch {
  try {
    return compileRegex(pattern);
  } catch {
    return NEVER;
  }
}

const NEVER: WholeMatch = { test: () => false };
const META = /[\\^$.|?*+()[\]{}]/;
const PUNCTUATION = /[^\w\s]/;

/**
 * What makes the start of a match hard to see: alternatives, and flags and quotes, which may stand for nothing, so that a
 * quantifier after them is about what comes before: `a+(?s){0}` matches the empty text.
 */
const OBSCURE = /\||\(\?|\\Q/;

/** The text that every match starts with, as far as it is easily seen. */
export function literalPrefix(pattern: string): string {
  if (OBSCURE.test(pattern)) return '';
  let prefix = '';
  for (let at = 0; at < pattern.length; ) {
    const isEscape = pattern[at] === '\\';
    const literal = pattern[isEscape ? at + 1 : at] ?? '';
    if (isEscape ? !PUNCTUATION.test(literal) : META.test(literal)) return prefix;
    at += isEscape ? 2 : 1;
    if (isOptional(pattern[at])) return prefix;
    prefix += literal;
  }
  return prefix;
}

/** Whether the quantifier allows none of what stands before it. `{` may say `{0}`; so it counts. */
function isOptional(quantifier: string | undefined): boolean {
  return quantifier === '?' || quantifier === '*' || quantifier === '{';
}
