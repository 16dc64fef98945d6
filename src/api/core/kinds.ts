import type { KindDefinition } from '../kind-definition.ts';
import { configMapKind } from './config-map.ts';
import { customResourceDefinitionKind } from './custom-resource-definition.ts';
import { endpointSliceKind } from './endpoint-slice.ts';
import { eventKind } from './event.ts';
import { leaseKind } from './lease.ts';
import { namespaceKind } from './namespace.ts';
import { podKind } from './pod.ts';
import { secretKind } from './secret.ts';
import { serviceKind } from './service.ts';
import { validatingAdmissionPolicyBindingKind, validatingAdmissionPolicyKind } from './validating-admission-policy.ts';
import { deploymentKind, nodeKind, replicaSetKind, serviceAccountKind } from './workloads.ts';

/** The kinds of Kubernetes itself that are served, with our own schemas. */
export const coreKinds: readonly KindDefinition[] = [
  namespaceKind,
  serviceKind,
  secretKind,
  configMapKind,
  eventKind,
  podKind,
  nodeKind,
  serviceAccountKind,
  endpointSliceKind,
  deploymentKind,
  replicaSetKind,
  leaseKind,
  customResourceDefinitionKind,
  validatingAdmissionPolicyKind,
  validatingAdmissionPolicyBindingKind,
];
