import { ANALYSED_KINDS, INGRESS, POD, sameKind } from '../analysis/kinds.ts';
import { coreKinds } from '../api/core/kinds.ts';
import type { KindDefinition } from '../api/kind-definition.ts';
import { gatewayApiKinds } from '../api/kinds.ts';

/** Kinds that matter without a cluster only: its EndpointSlices know the Pods, and its Ingresses are the business of others. */
const EMBEDDED_ONLY = [POD, INGRESS];

/** The kinds that are read from a cluster. */
export const clusterKinds: readonly KindDefinition[] = [...coreKinds, ...gatewayApiKinds].filter(
  (definition) =>
    ANALYSED_KINDS.some((kind) => sameKind(kind, definition)) &&
    !EMBEDDED_ONLY.some((kind) => sameKind(kind, definition)),
);
