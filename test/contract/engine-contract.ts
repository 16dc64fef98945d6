import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Engine } from '../../src/engine/engine.ts';
import type { EngineReport } from '../../src/engine/engine-report.ts';
import type { GatewayPlan } from '../../src/plan/types.ts';
import {
  backendPlan,
  certificatePlan,
  forwardRule,
  gatewayPlan,
  gatewayRef,
  httpPort,
  httpsPort,
} from './gateway-plans.ts';
import { Reports } from './reports.ts';
import { makeCertificate, type PemPair } from './self-signed.ts';
import { Load, send, startBackend } from './traffic.ts';

/** What takes moments may take longer on a busy machine. */
const SOON = { timeout: 10_000 };

/** An engine under test. */
export interface ContractSubject {
  readonly name: string;
  readonly start: () => Promise<Engine>;
  /** Promises that this engine cannot keep, and why. */
  readonly skip: readonly { readonly test: string; readonly reason: string }[];
}

/** Why a request does not get through; undefined if it does. */
function refusal(url: string): Promise<string | undefined> {
  return send(url).then(
    () => undefined,
    (error: Error) => error.message,
  );
}

/** What every engine promises, with real sockets. */
export function engineContract({ name, start, skip }: ContractSubject): void {
  const promise = (sentence: string, run: () => Promise<void>) => {
    const skipped = skip.find((entry) => entry.test === sentence);
    test.skipIf(skipped !== undefined)(skipped === undefined ? sentence : `${sentence} (${skipped.reason})`, run);
  };

  describe(`the engine ${name}`, { timeout: 20_000 }, () => {
    let engine: Engine;
    let reports: Reports;
    let one: Awaited<ReturnType<typeof startBackend>>;
    let two: Awaited<ReturnType<typeof startBackend>>;
    let certificates: readonly [PemPair, PemPair];
    let gateway: string;
    let count = 0;

    beforeAll(async () => {
      [one, two] = await Promise.all([startBackend('one'), startBackend('two')]);
      certificates = await Promise.all([makeCertificate(), makeCertificate()]);
      engine = await start();
      reports = new Reports(engine);
    }, 30_000);
    afterAll(async () => {
      one.close();
      two.close();
      await engine.close();
    });
    beforeEach(() => {
      gateway = `gateway-${++count}`;
    });
    afterEach(() => engine.remove(gatewayRef(gateway)));

    const backends = () => [backendPlan('one', one.port), backendPlan('two', two.port)];
    const plan = (parts: Partial<GatewayPlan> & Pick<GatewayPlan, 'ports'>) =>
      gatewayPlan(gateway, { backends: backends(), ...parts });
    const apply = (wanted: GatewayPlan): Promise<EngineReport> => {
      const report = reports.final(wanted);
      engine.apply(wanted);
      return report;
    };
    const urlOf = (report: EngineReport, scheme = 'http') =>
      `${scheme}://${report.addresses[0]?.value}:${report.ports[0]?.boundPort}/`;

    promise('reports a plan once it is in effect, with address and port', async () => {
      const report = await apply(plan({ ports: [httpPort(8080, forwardRule('/', { one: 1 }))] }));
      expect(report).toMatchObject({ state: 'Applied', ports: [{ port: 8080, state: 'Bound' }] });
      expect(await send(urlOf(report))).toEqual({ status: 200, body: 'one' });
    });

    promise('answers 404 where no rule matches, and 503 where a backend has no endpoint', async () => {
      const rules = [forwardRule('/empty', { nobody: 1 }), forwardRule('/one', { one: 1 })];
      const report = await apply(
        plan({ ports: [httpPort(8080, ...rules)], backends: [...backends(), backendPlan('nobody')] }),
      );
      expect((await send(`${urlOf(report)}elsewhere`)).status).toBe(404);
      expect((await send(`${urlOf(report)}empty`)).status).toBe(503);
    });

    promise('loses no request while plans follow one another', async () => {
      const url = urlOf(await apply(plan({ ports: [httpPort(8080, forwardRule('/', { one: 1 }))] })));
      const load = new Load(url);
      for (let round = 0; round < 40; round++) {
        const first = forwardRule(`/inserted-${round}`, { two: 1 });
        const rules = round % 3 === 0 ? [first] : [];
        const split = forwardRule('/', { one: round % 2, two: 1 - (round % 2) });
        await apply(plan({ ports: [httpPort(8080, ...rules, split)] }));
        await load.further(20);
      }
      const { failures, bodies } = await load.stop();
      expect(failures).toEqual([]);
      expect(bodies['one']).toBeGreaterThan(50);
      expect(bodies['two']).toBeGreaterThan(50);
    });

    promise('sends requests by a new plan only, once it is reported', async () => {
      const url = urlOf(await apply(plan({ ports: [httpPort(8080, forwardRule('/', { one: 1 }))] })));
      for (let round = 0; round < 20; round++) {
        const name = round % 2 === 0 ? 'two' : 'one';
        await apply(plan({ ports: [httpPort(8080, forwardRule('/', { [name]: 1 }))] }));
        const answers = await Promise.all(Array.from({ length: 8 }, () => send(url)));
        expect(new Set(answers.map(({ body }) => body))).toEqual(new Set([name]));
      }
    });

    promise('brings a backend and the route to it in one step', async () => {
      const url = urlOf(await apply(plan({ ports: [httpPort(8080, forwardRule('/', { one: 1 }))] })));
      const load = new Load(url);
      for (let round = 0; round < 10; round++) {
        const fresh = `fresh-${round}`;
        const ports = [httpPort(8080, forwardRule('/', { [fresh]: 1 }))];
        await apply(plan({ ports, backends: [backendPlan(fresh, two.port)] }));
        await load.further(20);
      }
      expect((await load.stop()).failures).toEqual([]);
    });

    promise('moves to other endpoints without losing a request', async () => {
      const ports = [httpPort(8080, forwardRule('/', { moving: 1 }))];
      const first = plan({ ports, backends: [backendPlan('moving', one.port)] });
      const url = urlOf(await apply(first));
      const load = new Load(url);
      await load.further(20);
      for (let round = 0; round < 10; round++) {
        const endpoints = round % 2 === 0 ? [two.port] : [one.port, two.port];
        // Endpoints are not part of a plan's id.
        await apply({ ...first, backends: [backendPlan('moving', ...endpoints)] });
        await load.further(20);
      }
      await apply({ ...first, backends: [backendPlan('moving', two.port)] });
      expect(await send(url)).toEqual({ status: 200, body: 'two' });
      expect((await load.stop()).failures).toEqual([]);
    });

    promise('adds and removes listeners without touching the others', async () => {
      const main = httpPort(8080, forwardRule('/', { one: 1 }));
      const url = urlOf(await apply(plan({ ports: [main] })));
      const load = new Load(url);
      for (let round = 0; round < 5; round++) {
        const both = await apply(plan({ ports: [main, httpPort(8081, forwardRule('/', { two: 1 }))] }));
        const other = new URL(urlOf(both));
        other.port = '8081';
        expect(await send(other.href)).toEqual({ status: 200, body: 'two' });
        await apply(plan({ ports: [main] }));
        await expect.poll(() => refusal(other.href), SOON).toMatch('ECONNREFUSED');
      }
      expect((await load.stop()).failures).toEqual([]);
    });

    promise('shows a replaced certificate to new connections and keeps the old ones', async () => {
      const secure = (index: 0 | 1) => {
        const certificate = certificatePlan(`certificate-${index}`, certificates[index]);
        return plan({
          ports: [httpsPort(8443, certificate, forwardRule('/', { one: 1 }))],
          certificates: [certificate],
        });
      };
      const url = urlOf(await apply(secure(0)), 'https');
      const load = new Load(url);
      for (const index of [1, 0, 1] as const) {
        await apply(secure(index));
        expect((await send(url)).fingerprint).toBe(certificates[index].fingerprint);
        await load.further(20);
      }
      expect((await load.stop()).failures).toEqual([]);
    });

    promise('keeps the plan in effect when the next one is rejected, and takes the one after', async () => {
      const ports = [httpPort(8080, forwardRule('/', { one: 1 }))];
      const url = urlOf(await apply(plan({ ports })));
      const broken = certificatePlan('broken', { certificate: 'no PEM', key: 'no PEM' });
      const rejected = await apply(plan({ ports: [httpsPort(8080, broken)], certificates: [broken] }));
      expect(rejected.state).toBe('Rejected');
      expect(rejected.message).not.toBe('');
      expect(rejected.ports).toMatchObject([{ port: 8080, state: 'Bound' }]);
      expect(await send(url)).toEqual({ status: 200, body: 'one' });
      const repaired = await apply(plan({ ports: [httpPort(8080, forwardRule('/', { two: 1 }))] }));
      expect(repaired.state).toBe('Applied');
      expect(await send(url)).toEqual({ status: 200, body: 'two' });
    });

    promise('gives each Gateway an address of its own, and closes it with the Gateway', async () => {
      const ports = [httpPort(8080, forwardRule('/', { one: 1 }))];
      const mine = await apply(plan({ ports }));
      const other = gatewayPlan(`${gateway}-other`, {
        ports: [httpPort(8080, forwardRule('/', { two: 1 }))],
        backends: backends(),
      });
      const theirs = await apply(other);
      expect(await send(urlOf(mine))).toEqual({ status: 200, body: 'one' });
      expect(await send(urlOf(theirs))).toEqual({ status: 200, body: 'two' });
      engine.remove(other.gateway);
      await expect.poll(() => refusal(urlOf(theirs)), SOON).toMatch('ECONNREFUSED');
      expect(await send(urlOf(mine))).toEqual({ status: 200, body: 'one' });
    });
  });
}
