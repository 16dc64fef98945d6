import { coreKinds } from '../../api/core/kinds.ts';
import type { KindDefinition } from '../../api/kind-definition.ts';
import type { ObjectRef } from '../../api/object.ts';
import { gatewayApiKinds } from '../../api/kinds.ts';
import { ManualClock } from '../../lib/manual-clock.ts';
import type { StorePersistence } from '../../store/store-persistence.ts';
import { ObjectStore } from '../../store/object-store.ts';
import { CrdController } from '../crd-controller.ts';
import { EventExpiry } from '../event-recorder.ts';
import { GarbageCollector } from '../garbage-collector.ts';
import { InProcessClient } from '../in-process-client.ts';
import { KindRegistry } from '../kind-registry.ts';
import { createInitialNamespaces, NamespaceLifecycle } from '../namespace-lifecycle.ts';
import type { ApiObject, WriteTarget } from '../object-body.ts';
import { rulesOfKinds } from '../rules-of-kinds.ts';
import { WorkQueue } from '../work-queue.ts';
import { WritePath } from '../write-path.ts';
import type { WriteOptions } from '../write-path.ts';

/** When the tests' clock starts. */
export const START_MS = Date.parse('2026-01-01T00:00:00Z');

/** What most writes of the tests ask for. */
export const plainWrite: WriteOptions = { fieldManager: 'test', isDryRun: false, fieldValidation: 'Strict' };

/** The embedded API without its server. */
export function apiInMemory(
  options: { readonly kinds?: readonly KindDefinition[]; readonly persistence?: StorePersistence } = {},
) {
  const { kinds = [...coreKinds, ...gatewayApiKinds], persistence } = options;
  const clock = new ManualClock(START_MS);
  const store = new ObjectStore(persistence === undefined ? {} : { persistence });
  // Objects are immutable: whoever changes one fails here.
  store.subscribe(({ object }) => deepFreeze(object));
  const registry = new KindRegistry();
  const queue = new WorkQueue();
  const writes = new WritePath({ store, clock, rules: rulesOfKinds(registry) });
  createInitialNamespaces({ store, clock });
  const controllers = [
    new CrdController({ store, registry, clock, queue, kinds }),
    new NamespaceLifecycle({ store, registry, clock, queue }),
    new GarbageCollector({ store, registry, clock, queue }),
    new EventExpiry(store, clock),
  ];
  const client = new InProcessClient({ store, registry, writes, clock });
  /** The target of a write to an object that is known by its reference, in the storage version unless one is named. */
  const target = ({ group, kind, namespace, name }: ObjectRef, version?: string): WriteTarget => {
    const resource = registry.resourceOfKind({ group, kind }, version);
    if (resource === undefined) throw new Error(`${kind} is not served.`);
    return { resource, namespace, name };
  };
  const stored = (ref: ObjectRef): ApiObject | undefined => {
    const object = store.get(ref);
    return object === undefined ? undefined : { ...object };
  };
  return { clock, store, registry, writes, client, controllers, target, stored };
}

/** Resolves when the work that follows from earlier writes is done. */
export function settled(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}

function deepFreeze(value: unknown): void {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return;
  Object.freeze(value);
  for (const member of Object.values(value)) deepFreeze(member);
}
