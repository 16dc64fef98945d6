/** What the admin server answers; shared with the CLI and, later, the dashboard. Admin listens on loopback only. */

/** `GET /readyz`: 200 when the first full synchronisation is in effect in every worker, 503 before. */
export interface ReadyAnswer {
  readonly ready: boolean;
  /** What is still missing, sentences. */
  readonly pending: readonly string[];
}

/** `GET /api/gateways`. */
export interface GatewaySummary {
  readonly namespace: string;
  readonly name: string;
  readonly planId: string;
  readonly state: 'Pending' | 'Applied' | 'Rejected';
  readonly addresses: readonly string[];
  readonly ports: readonly {
    readonly port: number;
    readonly boundPort: number;
    readonly state: string;
    readonly message?: string;
  }[];
}
