import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { boundPort, routeRef } from './harness.ts';
import type { Sallyport } from './harness.ts';
import { CORPUS, corpusMissing, named, run } from './support/command.ts';
import { withCorpus } from './support/corpus-world.ts';
import type { Tally } from './support/steady-load-process.ts';
import { startSteadyLoad } from './support/steady-load.ts';

/** As the script has them. */
const STEPS = [10, 25, 50, 75, 100];
const SPAN = 1_500;
/** Four standard deviations of a fair draw of `SPAN`, in points. */
const SHARE_TOLERANCE = 5;
const OUTCOMES = ['200 app-stable', '200 app-canary'];

/** The script, running. */
interface Rollout {
  /** Ends the script's sleep, once it sleeps. */
  wake(): Promise<void>;
  readonly exitCode: Promise<unknown>;
  stop(): void;
}

describe.skipIf(corpusMissing !== undefined)(
  named('23-canary-rollout.sh as written, under load', corpusMissing),
  () => {
    test('every step has its share, and no request fails', () =>
      withCorpus({ files: ['20-canary-weights.yaml'] }, async ({ sallyport }) => {
        const route = routeRef('canary-route', 'production');
        await sallyport.routeInEffect(route.name, 'production');
        const address = await sallyport.gatewayAddress('main-gateway', 'gateway-system');
        const target = { name: 'app', address, port: boundPort(80), host: 'app.example.com', path: '/' };
        const load = startSteadyLoad({ targets: [target], requestsPerSecond: 1_000, connections: 16 });
        const rollout = await startRollout(sallyport);
        try {
          for (const step of STEPS) {
            await sallyport.api.until(route, ({ spec }) => canaryWeight(spec) === step);
            await sallyport.routeInEffect(route.name, 'production');
            const { meanwhile, after } = await load.collect(SPAN);
            expect([...meanwhile, ...after].filter(({ outcome }) => !OUTCOMES.includes(outcome))).toEqual([]);
            expect(Math.abs(canaryShare(after) - step), JSON.stringify(after)).toBeLessThanOrEqual(SHARE_TOLERANCE);
            await rollout.wake();
          }
          expect(await rollout.exitCode).toBe(0);
          const { meanwhile, after } = await load.collect(SPAN);
          expect([...meanwhile, ...after].filter(({ outcome }) => outcome !== '200 app-canary')).toEqual([]);
        } finally {
          rollout.stop();
          await load.stop();
        }
      }));
  },
);

/** Runs the script with a `sleep` that ends when the test has seen enough, so that a busy machine is no matter. */
async function startRollout({ directory, kubeconfig }: Sallyport): Promise<Rollout> {
  const [gate, bin] = [join(directory, 'gate'), join(directory, 'bin')];
  await run('mkfifo', [gate]);
  await mkdir(bin);
  await writeFile(join(bin, 'sleep'), `#!/bin/sh\nread -r _ < '${gate}'\n`, { mode: 0o755 });
  const env = { ...process.env, KUBECONFIG: kubeconfig, PATH: `${bin}:${process.env['PATH']}` };
  // A group of its own, so that what the script has started ends with it.
  const script = spawn('bash', [join(CORPUS, '23-canary-rollout.sh')], { env, stdio: 'ignore', detached: true });
  const exited = once(script, 'exit');
  return {
    wake: () => writeFile(gate, 'awake\n'),
    exitCode: exited.then(([code]: unknown[]) => code),
    stop: () => {
      if (script.exitCode === null && script.pid !== undefined) process.kill(-script.pid, 'SIGKILL');
    },
  };
}

function canaryWeight(spec: unknown): number | undefined {
  const { rules } = spec as {
    readonly rules: readonly { readonly backendRefs: readonly { readonly weight: number }[] }[];
  };
  return rules[0]?.backendRefs[1]?.weight;
}

function canaryShare(tallies: readonly Tally[]): number {
  const sum = (wanted: (outcome: string) => boolean) =>
    tallies.filter(({ outcome }) => wanted(outcome)).reduce((total, { count }) => total + count, 0);
  return (100 * sum((outcome) => outcome.endsWith('canary'))) / sum(() => true);
}
