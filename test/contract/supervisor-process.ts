import { EmbeddedEngine } from '../../src/engine/embedded/embedded-engine.ts';
import { systemClock } from '../../src/lib/clock.ts';
import { backendPlan, forwardRule, gatewayPlan, httpPort } from './gateway-plans.ts';

/**
 * A supervisor in a process of its own, so that a test can kill it. Arguments: address pool, port of a backend. Prints
 * each report as a line, and the process ids of the workers.
 */
const [pool = '', backendPort = ''] = process.argv.slice(2);
const engine = new EmbeddedEngine({
  clock: systemClock,
  workers: 2,
  addressPool: pool,
  workerExecArgv: process.execArgv,
  graceMs: 2_000,
});
await engine.started;
engine.onReport(({ state, addresses, ports }) =>
  process.stdout.write(`${JSON.stringify({ state, addresses, ports, workers: engine.workerPids })}\n`),
);
engine.apply(
  gatewayPlan('killed', {
    ports: [httpPort(8080, forwardRule('/', { one: 1 }))],
    backends: [backendPlan('one', Number(backendPort))],
  }),
);
process.on('SIGTERM', () => void engine.close());
