const DURATION = /^(?:\d{1,5}(?:h|m|s|ms)){1,4}$/;
const UNIT_MS: Readonly<Record<string, number>> = { h: 3_600_000, m: 60_000, s: 1_000, ms: 1 };

/**
 * Milliseconds of a Gateway API duration such as `1h30m` or `250ms`; undefined if the text is none.
 *
 * GEP-2257: "A Duration is a string value representing a duration in time. The format is as specified in GEP-2257, a
 * strict subset of the syntax parsed by Golang time.ParseDuration."
 */
export function parseDuration(text: string): number | undefined {
  if (!DURATION.test(text)) return undefined;
  let total = 0;
  for (const [, count = '0', unit = 'ms'] of text.matchAll(/(\d+)(ms|h|m|s)/g)) {
    total += Number(count) * (UNIT_MS[unit] ?? 0);
  }
  return total;
}
