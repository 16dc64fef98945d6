import { coreKinds } from '../../src/api/core/kinds.ts';
import { ingressClassKind, ingressKind } from '../../src/api/ingress.ts';
import type { KindDefinition } from '../../src/api/kind-definition.ts';
import { gatewayApiKinds } from '../../src/api/kinds.ts';
import type { KubeObject } from '../../src/api/object.ts';
import { groupOf, versionOf } from '../../src/api/object.ts';
import { applyDefaults } from '../../src/apiserver/schema/defaults.ts';
import { renderFieldError } from '../../src/apiserver/schema/field-error.ts';
import { prune } from '../../src/apiserver/schema/prune.ts';
import { validate } from '../../src/apiserver/schema/validate.ts';

const KINDS: readonly KindDefinition[] = [...coreKinds, ...gatewayApiKinds, ingressKind, ingressClassKind];
/** When objects were created that do not say it. */
const CREATED = '2026-01-01T00:00:00Z';

function definitionOf(object: KubeObject): { readonly kind: KindDefinition; readonly schema: object } {
  const kind = KINDS.find((each) => each.kind === object.kind && each.group === groupOf(object.apiVersion));
  const version = kind?.versions.find(({ name }) => name === versionOf(object.apiVersion));
  if (kind === undefined || version === undefined) throw new Error(`No kind ${object.apiVersion} ${object.kind}.`);
  return { kind, schema: version.schema };
}

/** The object as the API server would store it: with defaults, in a namespace, in its first generation. */
export function admit(object: KubeObject): KubeObject {
  const { kind, schema } = definitionOf(object);
  const { pruned } = pruneUnknown(schema, object);
  const admitted = applyDefaults(schema, pruned);
  const { namespace = 'default', ...metadata } = admitted.metadata;
  return {
    ...admitted,
    metadata: {
      creationTimestamp: CREATED,
      ...(kind.hasGeneration ? { generation: 1 } : {}),
      ...metadata,
      ...(kind.scope === 'Namespaced' ? { namespace } : {}),
    },
  };
}

function pruneUnknown(schema: object, object: KubeObject): { readonly pruned: KubeObject } {
  return { pruned: prune(schema, object).value };
}

/** What the API server would refuse in an object, status included. */
export function schemaErrors(object: KubeObject): readonly string[] {
  return validate(definitionOf(object).schema, object).map(renderFieldError);
}
