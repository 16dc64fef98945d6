import { stringify } from 'yaml';
import type { Condition } from '../../src/api/condition.ts';
import type { KubeObject } from '../../src/api/object.ts';
import { namespacedName } from '../../src/api/object.ts';
import type { ParentReference } from '../../src/api/parts/parent-reference.ts';

interface Conditioned {
  readonly conditions?: readonly Condition[];
}

/** The parts of a status that any kind may have. */
interface AnyStatus extends Conditioned {
  readonly supportedFeatures?: readonly { readonly name: string }[];
  readonly addresses?: readonly { readonly type: string; readonly value: string }[];
  readonly listeners?: readonly (Conditioned & {
    readonly name: string;
    readonly supportedKinds?: readonly { readonly group?: string; readonly kind: string }[];
    readonly attachedRoutes: number;
  })[];
  readonly parents?: readonly (Conditioned & {
    readonly parentRef: ParentReference;
    readonly controllerName: string;
  })[];
  readonly ancestors?: readonly (Conditioned & {
    readonly ancestorRef: ParentReference;
    readonly controllerName: string;
  })[];
}

type Rendered = Readonly<Record<string, unknown>>;

/** The status in an object, if it has one. */
export function statusIn(object: KubeObject): AnyStatus | undefined {
  return 'status' in object ? (object.status as AnyStatus) : undefined;
}

/** All conditions of a status, wherever they stand. */
export function conditionsIn(status: AnyStatus): readonly Condition[] {
  const holders = [status, ...(status.listeners ?? []), ...(status.parents ?? []), ...(status.ancestors ?? [])];
  return holders.flatMap(({ conditions = [] }) => conditions);
}

/** The status of all objects that have one, as YAML: what was computed, without times. */
export function renderStatus(objects: readonly KubeObject[]): string {
  const rendered = objects.flatMap((object) => {
    const status = statusIn(object);
    return status === undefined || object.kind === 'Pod' || object.kind === 'Service'
      ? []
      : [renderObject(object, status)];
  });
  return stringify(rendered, { lineWidth: 0 });
}

function renderObject(object: KubeObject, status: AnyStatus): Rendered {
  const { generation } = object.metadata;
  const conditions = (holder: Conditioned): readonly string[] =>
    (holder.conditions ?? []).map((condition) => renderCondition(condition, generation));
  return {
    [object.kind]: namespacedName(object.metadata),
    ...(status.supportedFeatures && { supportedFeatures: status.supportedFeatures.map(({ name }) => name).join(' ') }),
    ...(status.addresses && { addresses: status.addresses.map(({ type, value }) => `${type} ${value}`) }),
    ...(status.conditions && { conditions: conditions(status) }),
    ...(status.listeners && {
      listeners: status.listeners.map((listener) => ({
        name: listener.name,
        supportedKinds: (listener.supportedKinds ?? []).map(({ kind }) => kind).join(' '),
        attachedRoutes: listener.attachedRoutes,
        conditions: conditions(listener),
      })),
    }),
    ...(status.parents && {
      parents: status.parents.map((parent) => ({
        parentRef: renderRef(parent.parentRef),
        controllerName: parent.controllerName,
        conditions: conditions(parent),
      })),
    }),
    ...(status.ancestors && {
      ancestors: status.ancestors.map((ancestor) => ({
        ancestorRef: renderRef(ancestor.ancestorRef),
        controllerName: ancestor.controllerName,
        conditions: conditions(ancestor),
      })),
    }),
  };
}

function renderCondition(condition: Condition, generation: number | undefined): string {
  const { type, status, reason, message, observedGeneration } = condition;
  const stale = observedGeneration === generation ? '' : ` (generation ${observedGeneration ?? 'none'})`;
  return `${type}=${status}/${reason}${stale}: ${message}`;
}

function renderRef({ kind = 'Gateway', namespace, name, sectionName, port }: ParentReference): string {
  const section = sectionName === undefined ? '' : ` section ${sectionName}`;
  return `${kind} ${namespacedName({ name, ...(namespace === undefined ? {} : { namespace }) })}${section}${port === undefined ? '' : ` port ${port}`}`;
}
