import type { KubeObject } from '../api/object.ts';

interface Target {
  readonly group?: string;
  readonly kind?: string;
  readonly name?: string;
}

/** Policies of all versions: `targetRefs`, or the single `targetRef` of old ones. */
interface PolicyObject extends KubeObject {
  readonly spec?: { readonly targetRefs?: readonly Target[]; readonly targetRef?: Target };
}

/** The names of the Services, in the policy's own namespace, that a policy of any kind targets. */
export function policyTargets(policy: KubeObject): readonly string[] {
  const { spec }: PolicyObject = policy;
  const targets = spec?.targetRefs ?? (spec?.targetRef === undefined ? [] : [spec.targetRef]);
  return targets.flatMap(({ group = '', kind, name }) =>
    group === '' && kind === 'Service' && name !== undefined ? [name] : [],
  );
}
