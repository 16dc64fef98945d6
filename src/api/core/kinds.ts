import type { KindDefinition } from '../kind-definition.ts';
import { configMapKind } from './config-map.ts';
import { endpointSliceKind } from './endpoint-slice.ts';
import { namespaceKind } from './namespace.ts';
import { podKind } from './pod.ts';
import { secretKind } from './secret.ts';
import { serviceKind } from './service.ts';

/** The kinds of Kubernetes itself that are served, with our own schemas. */
export const coreKinds: readonly KindDefinition[] = [
  namespaceKind,
  serviceKind,
  secretKind,
  configMapKind,
  podKind,
  endpointSliceKind,
];
