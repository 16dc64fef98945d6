import { crdRules } from './crd-rules.ts';
import type { KindRegistry } from './kind-registry.ts';
import type { KindRules } from './kind-rules.ts';

/** What kinds do beyond their schemas, by `kindKey`. */
export function rulesOfKinds(registry: KindRegistry): ReadonlyMap<string, KindRules> {
  return new Map([['CustomResourceDefinition.apiextensions.k8s.io', crdRules(registry)]]);
}
