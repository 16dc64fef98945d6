/** A mistake in how the program was started: told in one line without a stack, exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
