import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { boundPort, routeRef } from './harness.ts';
import type { Sallyport } from './harness.ts';
import { CORPUS, corpusMissing, named } from './support/command.ts';
import { withCorpus } from './support/corpus-world.ts';
import type { Tally } from './support/steady-load-process.ts';
import { startSteadyLoad } from './support/steady-load.ts';

/** As the script has them. */
const STEPS = [10, 25, 50, 75, 100];
const STEP_SECONDS = 3;
const SPAN = 1_500;
/** Four standard deviations of a fair draw of `SPAN`, in points. */
const SHARE_TOLERANCE = 5;
const OUTCOMES = ['200 app-stable', '200 app-canary'];

describe.skipIf(corpusMissing !== undefined)(
  named('23-canary-rollout.sh as written, under load', corpusMissing),
  () => {
    test('every step has its share, and no request fails', () =>
      withCorpus({ files: ['20-canary-weights.yaml'] }, async ({ sallyport }) => {
        const namespace = 'production';
        await sallyport.routeInEffect('canary-route', namespace);
        const address = await sallyport.gatewayAddress('main-gateway', 'gateway-system');
        const target = { name: 'app', address, port: boundPort(80), host: 'app.example.com', path: '/' };
        const load = startSteadyLoad({ targets: [target], requestsPerSecond: 1_000, connections: 16 });
        try {
          const rollout = startRollout(sallyport.kubeconfig);
          for (const step of STEPS) {
            await sallyport.api.until(
              routeRef('canary-route', namespace),
              (route) => canaryWeight(route.spec) === step,
            );
            await sallyport.routeInEffect('canary-route', namespace);
            const { meanwhile, after } = await load.collect(SPAN);
            expect([...meanwhile, ...after].filter(({ outcome }) => !OUTCOMES.includes(outcome))).toEqual([]);
            expect(Math.abs(canaryShare(after) - step), JSON.stringify(after)).toBeLessThanOrEqual(SHARE_TOLERANCE);
          }
          expect(await rollout).toBe(0);
          const { meanwhile, after } = await load.collect(SPAN);
          expect([...meanwhile, ...after].filter(({ outcome }) => outcome !== '200 app-canary')).toEqual([]);
        } finally {
          await load.stop();
        }
      }));
  },
);

async function startRollout(kubeconfig: Sallyport['kubeconfig']): Promise<unknown> {
  const env = { ...process.env, KUBECONFIG: kubeconfig, STEP_SECONDS: String(STEP_SECONDS) };
  const [exitCode] = await once(
    spawn('bash', [join(CORPUS, '23-canary-rollout.sh')], { env, stdio: 'ignore' }),
    'exit',
  );
  return exitCode;
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
