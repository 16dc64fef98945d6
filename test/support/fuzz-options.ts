/**
 * How long each property is tried: `FUZZ_SECONDS` (default 10), however many runs that makes. A run that times out ends the
 * property as passed; a counterexample is shrunk and printed with its seed.
 */
export const FUZZ_OPTIONS = {
  numRuns: Number.POSITIVE_INFINITY,
  interruptAfterTimeLimit: Number(process.env['FUZZ_SECONDS'] ?? 10) * 1_000,
  markInterruptAsFailure: false,
} as const;
