import { coreRules } from './core/rules.ts';
import { crdRules } from './crd-rules.ts';
import type { KindRegistry } from './kind-registry.ts';
import type { KindRules } from './kind-rules.ts';
import { withContentFinalizer } from './namespace-lifecycle.ts';

/** What kinds do beyond their schemas, by `kindKey`. */
export function rulesOfKinds(registry: KindRegistry): ReadonlyMap<string, KindRules> {
  const namespaceRules = coreRules.get('Namespace');
  return new Map([
    ...coreRules,
    [
      'Namespace',
      {
        ...namespaceRules,
        prepare: (object, existing) => withContentFinalizer(namespaceRules?.prepare?.(object, existing) ?? object),
      },
    ],
    ['CustomResourceDefinition.apiextensions.k8s.io', crdRules(registry)],
  ]);
}
