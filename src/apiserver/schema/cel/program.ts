import { type CelInput, type CelValue, celEnv, isCelError, parse, plan } from '@bufbuild/cel';
import type { JsonSchema } from '../../../api/schema.ts';
import { compilePattern } from '../patterns.ts';
import { checkNames } from './check-names.ts';
import { library } from './library.ts';
import { withoutOptionalSyntax } from './optional-syntax.ts';

const env = celEnv({
  funcs: library,
  re2: {
    compile: (pattern) => {
      const expression = compilePattern(pattern);
      return { test: (text) => expression.matcher(text).find() };
    },
  },
});

/** What an expression came to. */
export type Outcome =
  | { readonly type: 'Value'; readonly value: CelValue }
  | { readonly type: 'Error'; readonly message: string };

/** A compiled expression. */
export interface Program {
  readonly usesOldSelf: boolean;
  evaluate(self: CelValue, oldSelf: CelValue | undefined): Outcome;
}

/** Why an expression cannot be used: not CEL, or of names that do not exist. */
export class CelCompileError extends Error {}

const BUILT_IN_NAMES = new Set(
  ['size', 'bool', 'bytes', 'double', 'duration', 'dyn', 'int', 'string', 'timestamp', 'type', 'uint'].concat(
    [...env.funcs].map((func) => func.name),
  ),
);

type Parsed = ReturnType<typeof parse>;
type Plan = ReturnType<typeof plan>;

interface Compiled {
  readonly parsed: Parsed;
  readonly evaluate: Plan;
}

// The same rules stand in every version of a kind and in many kinds.
const compiled = new Map<string, Compiled>();
const MAX_COMPILED = 2_000;

function compile(source: string): Compiled {
  const known = compiled.get(source);
  if (known !== undefined) return known;
  const parsed = parseExpression(source);
  const expression = { parsed, evaluate: plan(env, parsed) };
  if (compiled.size >= MAX_COMPILED) compiled.clear();
  compiled.set(source, expression);
  return expression;
}

/** Compiles an expression over `self`, a value of `schema`, and `oldSelf`. Throws a CelCompileError. */
export function compileExpression(source: string, schema: JsonSchema): Program {
  const { parsed, evaluate } = compile(source);
  const { usesOldSelf, problem } = checkNames(parsed.expr, { schema, functions: BUILT_IN_NAMES });
  if (problem !== undefined) throw new CelCompileError(`compilation failed: ERROR: <input>: ${problem}`);
  return {
    usesOldSelf,
    evaluate: (self, oldSelf) => {
      const bindings: Record<string, CelInput> = { self };
      if (oldSelf !== undefined) bindings['oldSelf'] = oldSelf;
      const value = evaluate(bindings);
      return isCelError(value)
        ? { type: 'Error', message: kubernetesWording(value.message) }
        : { type: 'Value', value };
    },
  };
}

function parseExpression(source: string): Parsed {
  try {
    return parse(withoutOptionalSyntax(source));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new CelCompileError(`compilation failed: ERROR: ${reason.replace(/^syntax error: /, '')}`, { cause: error });
  }
}

const WORDINGS: readonly (readonly [RegExp, string])[] = [
  [/^field not found: (.*)$/, 'no such key: $1'],
  [/^found no matching overload.*$/, 'no such overload'],
  [/^(?:int|uint) divide by zero$/, 'division by zero'],
  [/^index (-?\d+) out of bounds.*$/, 'index out of bounds: $1'],
];

function kubernetesWording(message: string): string {
  for (const [pattern, wording] of WORDINGS) if (pattern.test(message)) return message.replace(pattern, wording);
  return message;
}
