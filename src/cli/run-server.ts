import { resolve } from 'node:path';
import type { RunningSallyport, SallyportOptions } from '../controller/start.ts';
import { systemClock } from '../lib/clock.ts';
import { renderEvent } from './output/render-event.ts';
import { standardOutputReport } from './output/reporter.ts';
import type { Report } from './output/reporter.ts';
import { drainWhenAsked, untilReady } from './running.ts';
import type { ServerOptions } from './serve-options.ts';
import { writeKubeconfig } from './write-kubeconfig.ts';

/** What a command adds to the options that all commands share. */
export type ServerSettings = Omit<SallyportOptions, 'clock' | 'apiPort' | 'adminPort' | 'workers' | 'onEvent'>;

/** A gateway that runs, and how to tell the user about it. */
export interface RunningServer {
  readonly sallyport: RunningSallyport;
  readonly report: Report;
  /** As an absolute path. */
  readonly kubeconfig: string;
}

/**
 * Starts a gateway, writes its kubeconfig, tells changes on standard output, and drains on the first SIGTERM or Ctrl-C.
 * Resolves once the first full synchronisation is in effect. `stop` is called when everything has drained.
 */
export async function runServer(
  options: ServerOptions,
  settings: ServerSettings,
  stop: () => Promise<void> = () => Promise.resolve(),
): Promise<RunningServer> {
  const startedAt = performance.now();
  const report = standardOutputReport(options.output);
  const { startSallyport } = await import('../controller/start.ts');
  const sallyport = await startSallyport({
    ...settings,
    clock: systemClock,
    apiPort: options.apiPort,
    adminPort: options.adminPort,
    ...(options.workers === undefined ? {} : { workers: options.workers }),
    onEvent: (event) => report(renderEvent(event)),
  });
  drainWhenAsked(report, async () => {
    await sallyport.close();
    await stop();
  });
  const kubeconfig = resolve(options.kubeconfigOut);
  await writeKubeconfig(kubeconfig, sallyport.kubeconfig());
  const { apiUrl, adminUrl } = sallyport;
  const message = `The Kubernetes API listens on ${apiUrl}, the kubeconfig is ${kubeconfig}, admin is ${adminUrl}.`;
  report({ level: 'info', type: 'Listening', message, apiUrl, adminUrl, kubeconfig });
  await untilReady(report, startedAt, () => sallyport.serve());
  return { sallyport, report, kubeconfig };
}
