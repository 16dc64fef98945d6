/**
 * Calls `stop` on the first SIGTERM or Ctrl-C and exits with 0 when it is done. A second signal exits at once, with the
 * code that a shell gives to a process that was ended by that signal.
 */
export function whenAskedToStop(stop: () => Promise<void>): void {
  let stopping = false;
  for (const [signal, exitCode] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const) {
    process.on(signal, () => {
      if (stopping) process.exit(exitCode);
      stopping = true;
      // A failure to stop is a bug: it surfaces as an unhandled rejection and ends the process.
      void stop().then(() => process.exit(0));
    });
  }
}
