/**
 * The steps of a field path as the Kubernetes API writes it: `spec.rules[0].filters`, with map keys in brackets, quoted or
 * not, as in `metadata.annotations[example.com/owner]`.
 */
export function parseFieldPath(path: string): readonly (string | number)[] {
  const steps: (string | number)[] = [];
  for (const [, name, bracketed] of path.matchAll(/([^.[\]]+)|\[("(?:[^"\\]|\\.)*"|[^\]]*)\]/g)) {
    if (name !== undefined) steps.push(name);
    else if (bracketed !== undefined) steps.push(bracketStep(bracketed));
  }
  return steps;
}

function bracketStep(text: string): string | number {
  if (/^\d+$/.test(text)) return Number(text);
  return /^".*"$/s.test(text) ? text.slice(1, -1) : text;
}
