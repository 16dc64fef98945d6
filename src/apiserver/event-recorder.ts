import type { KubeObject } from '../api/object.ts';
import type { Clock, Timer } from '../lib/clock.ts';
import type { EventRecord } from '../store/object-client.ts';
import type { ObjectStore } from '../store/object-store.ts';
import { timestamp } from './object-metadata.ts';

/** The group and kind of Events. */
export const EVENT_KIND = { group: '', kind: 'Event' } as const;

const LIFETIME_MS = 60 * 60 * 1000;
const SWEEP_INTERVAL_MS = 60 * 1000;

/** The Event that tells of something for the first time, or once more than `previous`. */
export function eventObject(record: EventRecord, nowMs: number, previous: KubeObject | undefined): KubeObject {
  const { about, type, reason, message } = record;
  const now = timestamp(nowMs);
  const count: unknown = previous === undefined ? 0 : Reflect.get(previous, 'count');
  const firstTimestamp: unknown = previous === undefined ? now : Reflect.get(previous, 'firstTimestamp');
  const event = {
    involvedObject: {
      apiVersion: about.apiVersion,
      kind: about.kind,
      name: about.name,
      ...(about.namespace === '' ? {} : { namespace: about.namespace }),
      ...(about.uid === undefined ? {} : { uid: about.uid }),
      ...(about.resourceVersion === undefined ? {} : { resourceVersion: about.resourceVersion }),
    },
    type,
    reason,
    message,
    count: (typeof count === 'number' ? count : 0) + 1,
    firstTimestamp,
    lastTimestamp: now,
    source: { component: 'sallyport' },
    reportingComponent: 'sallyport',
    reportingInstance: '',
  };
  const metadata = previous?.metadata ?? { name: eventName(record), namespace: eventNamespace(record) };
  return { apiVersion: 'v1', kind: 'Event', metadata, ...event };
}

/** Equal happenings have equal names, so that repeats are counted in one object. */
export function eventName({ about, type, reason, message }: EventRecord): string {
  let hash = 0xcbf29ce484222325n;
  for (const byte of Buffer.from(JSON.stringify([about.kind, about.group, about.uid ?? '', type, reason, message]))) {
    hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100000001b3n);
  }
  return `${about.name.slice(0, 230)}.${hash.toString(16).padStart(16, '0')}`;
}

/** Events about cluster-scoped objects are in `default`, where `kubectl describe` looks for them. */
export function eventNamespace({ about }: EventRecord): string {
  return about.namespace === '' ? 'default' : about.namespace;
}

/** Removes Events an hour after they happened last. */
export class EventExpiry {
  readonly #store: ObjectStore;
  readonly #clock: Clock;
  #timer: Timer;

  constructor(store: ObjectStore, clock: Clock) {
    this.#store = store;
    this.#clock = clock;
    this.#timer = this.#sweepLater();
  }

  /** Stops removing Events. */
  close(): void {
    this.#timer.cancel();
  }

  #sweepLater(): Timer {
    return this.#clock.after(SWEEP_INTERVAL_MS, () => {
      this.#sweep();
      this.#timer = this.#sweepLater();
    });
  }

  #sweep(): void {
    const limit = this.#clock.now() - LIFETIME_MS;
    for (const event of this.#store.list(EVENT_KIND)) {
      const { name, namespace = '' } = event.metadata;
      if (lastSeenMs(event) <= limit) this.#store.remove({ ...EVENT_KIND, namespace, name });
    }
  }
}

function lastSeenMs(event: KubeObject): number {
  const last: unknown = Reflect.get(event, 'lastTimestamp') ?? event.metadata.creationTimestamp;
  return typeof last === 'string' ? Date.parse(last) : 0;
}
