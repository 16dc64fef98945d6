import type { KubeObject } from '../api/object.ts';

/** The status that stands in an object, in the type of its kind: the API server has validated it. */
export function previousStatus<Status>(object: KubeObject): Status | undefined {
  return 'status' in object ? (object.status as Status | undefined) : undefined;
}
