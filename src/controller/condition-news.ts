import type { ConditionStatus } from '../api/condition.ts';
import { namespacedName } from '../api/object.ts';
import type { KubeObject } from '../api/object.ts';
import type { StoreEvent } from '../store/snapshot.ts';

/** A change of an object's conditions that a user should read. */
export interface ConditionNews {
  readonly type: 'Condition';
  readonly level: 'info' | 'warning';
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  /** The part of the object that it is about, such as `listener "https"`; absent for the object as a whole. */
  readonly part?: string;
  readonly condition: string;
  readonly status: ConditionStatus;
  readonly reason: string;
  /** A sentence. */
  readonly message: string;
}

/** A condition with the part of the object that it is about. */
interface PlacedCondition {
  readonly part: string | undefined;
  readonly type: string;
  readonly status: ConditionStatus;
  readonly reason: string;
  readonly message: string;
  readonly observedGeneration: number | undefined;
}

/** Conditions for which True is the bad news. */
const BAD_WHEN_TRUE: ReadonlySet<string> = new Set(['Conflicted', 'OverlappingTLSConfig', 'PartiallyInvalid']);
/** Conditions whose turning True for the first time is worth a line, with what it means. */
const GOOD_NEWS: Readonly<Record<string, string>> = {
  Accepted: 'is accepted',
  Programmed: 'is in effect',
  'sallyport.dev/Programmed': 'is in effect',
};

/** What a write changed in the conditions of an object, in the order in which they stand there. */
export function conditionNews({ object, previous, type }: Omit<StoreEvent, 'revision'>): readonly ConditionNews[] {
  if (type === 'Deleted' || statusOf(object) === undefined || statusOf(object) === statusOf(previous)) return [];
  const before = new Map(conditionsOf(previous).map((condition) => [keyOf(condition), condition]));
  const now = conditionsOf(object);
  return now.flatMap((condition) => {
    if (followsFromAnother(condition, now)) return [];
    const news = newsOf(object, condition, before.get(keyOf(condition)));
    return news === undefined ? [] : [news];
  });
}

/** What is not accepted is not programmed either: one line is enough. */
function followsFromAnother({ part, type }: PlacedCondition, all: readonly PlacedCondition[]): boolean {
  return (
    type.endsWith('Programmed') && all.some((other) => other.part === part && other.type === 'Accepted' && isBad(other))
  );
}

function newsOf(
  object: KubeObject,
  condition: PlacedCondition,
  before: PlacedCondition | undefined,
): ConditionNews | undefined {
  if (condition.status === 'Unknown' || condition.reason === 'Pending') return undefined;
  const text = troubleOf(condition);
  const textBefore = before === undefined ? undefined : troubleOf(before);
  if (text !== undefined) return text === textBefore ? undefined : tell(object, condition, 'warning', text);
  const good = GOOD_NEWS[condition.type];
  if (textBefore !== undefined)
    return tell(object, condition, 'info', goodSentence(condition, good ?? `is in order again (${condition.type})`));
  if (good === undefined || condition.status !== 'True') return undefined;
  const isNew = before?.status !== 'True' || (condition.type.endsWith('Programmed') && isNewer(condition, before));
  // A listener's good news is the Gateway's.
  if (!isNew || condition.part?.startsWith('listener')) return undefined;
  return tell(object, condition, 'info', goodSentence(condition, good));
}

/** What is wrong by a condition, undefined if nothing is. */
function troubleOf(condition: PlacedCondition): string | undefined {
  const { type, status, reason, message } = condition;
  return isBad(condition) ? `is ${status === 'True' ? '' : 'not '}${type} (${reason}): ${message}` : undefined;
}

function tell(
  object: KubeObject,
  { part, type, status, reason }: PlacedCondition,
  level: 'info' | 'warning',
  sentence: string,
): ConditionNews {
  const { namespace = '', name } = object.metadata;
  return {
    type: 'Condition',
    level,
    kind: object.kind,
    namespace,
    name,
    ...(part === undefined ? {} : { part }),
    condition: type,
    status,
    reason,
    message: `${object.kind} "${namespacedName({ namespace, name })}"${part === undefined ? '' : `, ${part},`} ${sentence}`,
  };
}

function goodSentence({ observedGeneration }: PlacedCondition, good: string): string {
  return observedGeneration === undefined ? `${good}.` : `${good} (generation ${observedGeneration}).`;
}

function isBad({ type, status, reason }: PlacedCondition): boolean {
  return reason !== 'Pending' && status === (BAD_WHEN_TRUE.has(type) ? 'True' : 'False');
}

function isNewer(a: PlacedCondition, b: PlacedCondition): boolean {
  return (a.observedGeneration ?? 0) > (b.observedGeneration ?? 0);
}

function keyOf({ part = '', type }: PlacedCondition): string {
  return `${part}/${type}`;
}

function statusOf(object: KubeObject | undefined): unknown {
  return object !== undefined && 'status' in object ? object.status : undefined;
}

function conditionsOf(object: KubeObject | undefined): readonly PlacedCondition[] {
  const status = recordOf(statusOf(object));
  return [
    ...placed(status['conditions'], undefined),
    ...listOf(status['listeners']).flatMap((listener) =>
      placed(listener['conditions'], `listener "${String(listener['name'])}"`),
    ),
    ...listOf(status['parents']).flatMap((parent) =>
      placed(parent['conditions'], parentName(object, recordOf(parent['parentRef']))),
    ),
  ];
}

function parentName(object: KubeObject | undefined, parentRef: Readonly<Record<string, unknown>>): string {
  const { kind = 'Gateway', namespace = object?.metadata.namespace ?? '', name, sectionName } = parentRef;
  const section = typeof sectionName === 'string' ? `, listener "${sectionName}"` : '';
  return `on ${String(kind)} "${String(namespace)}/${String(name)}"${section}`;
}

function placed(conditions: unknown, part: string | undefined): readonly PlacedCondition[] {
  return listOf(conditions).map(({ type, status, reason, message, observedGeneration }) => ({
    part,
    type: String(type),
    status: status === 'True' || status === 'False' ? status : 'Unknown',
    reason: String(reason),
    message: String(message),
    observedGeneration: typeof observedGeneration === 'number' ? observedGeneration : undefined,
  }));
}

function listOf(value: unknown): readonly Readonly<Record<string, unknown>>[] {
  return Array.isArray(value) ? value.map(recordOf) : [];
}

function recordOf(value: unknown): Readonly<Record<string, unknown>> {
  return isRecord(value) ? value : {};
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
