import type { GroupKind } from '../api/object.ts';

const NATIVE_GROUPS: ReadonlySet<string> = new Set([
  '',
  'admissionregistration.k8s.io',
  'apiextensions.k8s.io',
  'apps',
  'autoscaling',
  'batch',
  'coordination.k8s.io',
  'discovery.k8s.io',
  'events.k8s.io',
  'networking.k8s.io',
  'policy',
  'rbac.authorization.k8s.io',
]);

/**
 * Whether a cluster has the kind without any CRD. Clients treat the others differently: no strategic merge, a version is
 * required on replace, and a CRD shows them.
 */
export function isNative({ group }: Pick<GroupKind, 'group'>): boolean {
  return NATIVE_GROUPS.has(group);
}
