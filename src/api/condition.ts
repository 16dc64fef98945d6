/** The status of a condition. */
export type ConditionStatus = 'True' | 'False' | 'Unknown';

/** A Kubernetes condition as it stands in an object's status. */
export interface Condition {
  readonly type: string;
  readonly status: ConditionStatus;
  readonly observedGeneration?: number;
  /** RFC 3339; when `status` last changed. */
  readonly lastTransitionTime: string;
  readonly reason: string;
  readonly message: string;
}
