import { systemClock } from '../../lib/clock.ts';
import { gatewaySettings } from '../gateway-settings.ts';
import { renderEvent } from '../output/render-event.ts';
import { standardOutputReport } from '../output/reporter.ts';
import { drainWhenAsked, untilReady } from '../running.ts';
import type { ControllerCommandOptions } from '../serve-options.ts';

/** Serves the Gateways of a cluster until SIGTERM or Ctrl-C. */
export async function controller(options: ControllerCommandOptions): Promise<void> {
  const startedAt = performance.now();
  const report = standardOutputReport(options.output);
  const { kubeconfig, context, controllerName, adminPort, workers } = options;
  const { startController } = await import('../../controller/start-controller.ts');
  const running = await startController({
    ...gatewaySettings(options),
    clock: systemClock,
    cluster: { kubeconfig, ...(context === undefined ? {} : { context }) },
    controllerName,
    adminPort,
    ...(workers === undefined ? {} : { workers }),
    onEvent: (event) => report(renderEvent(event)),
  });
  drainWhenAsked(report, () => running.close());
  const { apiUrl, adminUrl } = running;
  const message = `The controller "${controllerName}" follows ${apiUrl}, admin is ${adminUrl}.`;
  report({ level: 'info', type: 'Listening', message, apiUrl, adminUrl });
  await untilReady(report, startedAt, () => running.serve());
}
