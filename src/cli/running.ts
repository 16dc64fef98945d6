import type { Report } from './output/reporter.ts';
import { whenAskedToStop } from './stop-signals.ts';
import { packageVersion } from './version.ts';

/** Drains on the first SIGTERM or Ctrl-C, and says so. */
export function drainWhenAsked(report: Report, close: () => Promise<void>): void {
  whenAskedToStop(() => {
    report({ level: 'info', type: 'Draining', message: 'Draining: requests under way finish.' });
    return close();
  });
}

/** Serves, and says when all of it is in effect. `startedAt` is of `performance.now()`. */
export async function untilReady(report: Report, startedAt: number, serve: () => Promise<void>): Promise<void> {
  await serve();
  const tookMs = Math.round(performance.now() - startedAt);
  const version = packageVersion();
  const message = `Sallyport ${version} is ready after ${tookMs} ms.`;
  report({ level: 'info', type: 'Ready', message, version, tookMs });
}
