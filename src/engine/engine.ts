import type { ObjectRef } from '../api/object.ts';
import type { GatewayPlan } from '../plan/types.ts';
import type { EngineReport } from './engine-report.ts';

/** What an engine can do, by the Gateway API's feature names. */
export type FeatureName = string;

/** Carries traffic as plans say. */
export interface Engine {
  readonly name: 'embedded' | 'envoy';
  readonly features: ReadonlySet<FeatureName>;
  /**
   * Puts a plan in effect, replacing the Gateway's former one without losing a request. Several calls may be under way;
   * each ends in a report, unless a later one for the same Gateway overtakes it.
   */
  apply(plan: GatewayPlan): void;
  /** Ends a Gateway: its ports are closed, requests under way finish. */
  remove(gateway: ObjectRef): void;
  /** Calls `listen` with every report from now on; the result ends that. */
  onReport(listen: (report: EngineReport) => void): () => void;
  /** Drains and ends. */
  close(): Promise<void>;
}
