/** Ends a `switch` over a union: compiles only while every variant is handled. */
export function assertNever(value: never): never {
  throw new Error(`Unhandled variant: ${JSON.stringify(value)}.`);
}
