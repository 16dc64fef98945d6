/** What every status is made from, besides the view. */
export interface StatusContext<Status> {
  /** The status as it stands. */
  readonly previous: Status | undefined;
  /** RFC 3339 with whole seconds: the time of transitions. */
  readonly now: string;
}

/** How far the engine is with something that a plan is to contain. */
export type PlanState =
  /** No plan has been made for the Gateway. */
  | { readonly type: 'None' }
  /** A plan is under way; what was in effect before still is. */
  | { readonly type: 'Pending' }
  /** Every worker runs it. */
  | { readonly type: 'Applied' }
  | { readonly type: 'Rejected'; readonly message: string };

/** A time in milliseconds since the epoch, as conditions write it. */
export function conditionTime(ms: number): string {
  return new Date(ms).toISOString().replace(/\.\d+Z$/, 'Z');
}
