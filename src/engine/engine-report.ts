import type { ObjectRef } from '../api/object.ts';
import type { GatewayAddress, PlanId } from '../plan/types.ts';

/** What an engine says about one Gateway's plan. The newest report of a Gateway replaces those before. */
export interface EngineReport {
  readonly gateway: ObjectRef;
  readonly planId: PlanId;
  /** `Applied`: every worker runs it. `Rejected`: the plan before stays in effect, `message` says why. */
  readonly state: 'Pending' | 'Applied' | 'Rejected';
  readonly ports: readonly PortReport[];
  /** What the Gateway can be reached at. */
  readonly addresses: readonly GatewayAddress[];
  readonly message?: string;
}

/** Whether a port is open. */
export interface PortReport {
  /** As in the Gateway, without the offset. */
  readonly port: number;
  /** What is really bound; differs from `port` by the port offset. */
  readonly boundPort: number;
  readonly state: 'Bound' | 'Failed';
  /** For `Failed`: cause and remedy, a sentence for the listener's condition. */
  readonly message?: string;
  /** For `Failed`: the address is not one of this machine, or the port is taken or not permitted. */
  readonly cause?: 'AddressNotUsable' | 'PortUnavailable';
}
