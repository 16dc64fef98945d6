import { RE2JS } from 're2js';

const checked = new Map<string, string | undefined>();
/** How many expressions are remembered; a change of one route does not compile those of the others again. */
const REMEMBERED = 10_000;

/** Why `pattern` is not a regular expression that RE2 takes: the library's words; undefined if it is one. */
export function regularExpressionProblem(pattern: string): string | undefined {
  if (checked.has(pattern)) return checked.get(pattern);
  if (checked.size >= REMEMBERED) checked.clear();
  const problem = compileProblem(pattern);
  checked.set(pattern, problem);
  return problem;
}

function compileProblem(pattern: string): string | undefined {
  try {
    RE2JS.compile(pattern);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
