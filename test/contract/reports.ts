import type { Engine } from '../../src/engine/engine.ts';
import type { EngineReport } from '../../src/engine/engine-report.ts';
import type { GatewayPlan } from '../../src/plan/types.ts';

/** Waits for what an engine says. */
export class Reports {
  readonly #waiting = new Set<{
    readonly wants: (report: EngineReport) => boolean;
    resolve(report: EngineReport): void;
  }>();

  constructor(engine: Engine) {
    engine.onReport((report) => {
      for (const entry of this.#waiting) {
        if (!entry.wants(report)) continue;
        this.#waiting.delete(entry);
        entry.resolve(report);
      }
    });
  }

  /** The next report that says how `plan` ended. */
  final(plan: GatewayPlan): Promise<EngineReport> {
    return this.next(
      ({ gateway, planId, state }) => gateway.name === plan.gateway.name && planId === plan.id && state !== 'Pending',
    );
  }

  /** The next report that `wants` takes. */
  next(wants: (report: EngineReport) => boolean): Promise<EngineReport> {
    return new Promise((resolve) => {
      this.#waiting.add({ wants, resolve });
    });
  }
}
