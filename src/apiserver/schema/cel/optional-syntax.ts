const TOKEN =
  /("""[\s\S]*?"""|'''[\s\S]*?'''|"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')|\.\?\s*([A-Za-z_]\w*)|\[\?|\.\s*([A-Za-z_]\w*)(?!\w*\s*\()|\s+|[\s\S]/g;

/**
 * Rewrites `a.?b` and `a[?k]`, which the CEL library does not parse, as calls of `optionalMember__`. What is selected
 * from an optional is optional as well: `a.?b.c` is absent if `b` is. String literals are left alone.
 */
export function withoutOptionalSyntax(source: string): string {
  if (!source.includes('.?') && !source.includes('[?')) return source;
  let rewritten = '';
  let inChain = false;
  const brackets: boolean[] = [];
  for (const [token, literal, optionalName, plainName] of source.matchAll(TOKEN)) {
    if (literal !== undefined) rewritten += token;
    else if (optionalName !== undefined || (plainName !== undefined && inChain)) {
      rewritten += `.optionalMember__("${optionalName ?? plainName}")`;
      inChain = true;
      continue;
    } else if (token === '[?') {
      rewritten += '.optionalMember__(';
      brackets.push(true);
    } else if (token === '[') {
      rewritten += token;
      brackets.push(false);
    } else if (token === ']') {
      inChain = brackets.pop() === true;
      rewritten += inChain ? ')' : ']';
      continue;
    } else rewritten += token;
    inChain = false;
  }
  return rewritten;
}
