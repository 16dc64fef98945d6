/** Deeper than any API nests, and far from where recursion over a value would end the program. */
const MAX_DEPTH = 256;

/**
 * Why a parsed value is not plain JSON data of reasonable depth: a sentence; undefined if it is. YAML can say more than JSON:
 * times, sets, numbers that are none, and mappings that contain themselves.
 */
export function jsonDataProblem(value: unknown): string | undefined {
  const open: { readonly value: unknown; readonly depth: number }[] = [{ value, depth: 0 }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const problem = scalarProblem(next.value);
    if (problem !== undefined) return problem;
    if (typeof next.value !== 'object' || next.value === null) continue;
    if (next.depth === MAX_DEPTH) return `Values are nested more than ${MAX_DEPTH} deep.`;
    const depth = next.depth + 1;
    for (const member of Object.values(next.value)) open.push({ value: member, depth });
  }
  return undefined;
}

function scalarProblem(value: unknown): string | undefined {
  if (typeof value === 'number' && !Number.isFinite(value)) return `${value} is not a number that JSON has.`;
  if (typeof value === 'bigint') return `${value} is too large a number.`;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null ? undefined : 'JSON has no times, sets or binary values.';
}
