import { kindKey, refOf } from '../api/object.ts';
import type { KubeObject } from '../api/object.ts';
import type { Clock, Timer } from '../lib/clock.ts';
import type { ObjectStore } from '../store/object-store.ts';
import type { StoreEvent } from '../store/snapshot.ts';
import { selectObjects } from './list.ts';
import type { Selection } from './list.ts';
import { expired } from './status-errors.ts';

/** An event as a watch sends it. */
export type WatchEvent =
  | { readonly type: 'ADDED' | 'MODIFIED' | 'DELETED'; readonly object: KubeObject }
  | { readonly type: 'BOOKMARK'; readonly revision: number; readonly endsInitialEvents: boolean }
  | { readonly type: 'ERROR'; readonly status: unknown };

/** What a client watches, and from where. */
export interface WatchOptions extends Selection {
  /** Events after this revision. Absent: first every object as `ADDED`, then what happens. */
  readonly revision?: number;
  /** Whether the objects that are there are sent first, and a bookmark after them. */
  readonly sendInitialEvents: boolean;
  readonly allowBookmarks: boolean;
  /** Called for each event, in order. */
  send(event: WatchEvent): void;
}

/** How often a watch that allows it is told how far it has come. */
const BOOKMARK_INTERVAL_MS = 60_000;

/** Tells every open watch of the writes that it asked for. A write costs nothing to watches of other kinds. */
export class WatchHub {
  readonly #store: ObjectStore;
  readonly #clock: Clock;
  readonly #watches = new Map<string, Set<WatchOptions>>();
  readonly #unsubscribe: () => void;

  constructor(store: ObjectStore, clock: Clock) {
    this.#store = store;
    this.#clock = clock;
    this.#unsubscribe = store.subscribe((event) => {
      for (const watch of this.#watches.get(kindKey(refOf(event.object))) ?? []) tell(watch, event);
    });
  }

  /** Starts a watch; the returned function ends it. A revision that is forgotten is told as an `ERROR` event. */
  open(watch: WatchOptions): () => void {
    const missed =
      watch.sendInitialEvents || watch.revision === undefined ? [] : this.#store.eventsAfter(watch.revision);
    if (missed === undefined) {
      const message = `too old resource version: ${watch.revision} (${this.#store.revision})`;
      watch.send({ type: 'ERROR', status: expired(message).toStatus() });
      return () => undefined;
    }
    if (watch.sendInitialEvents || watch.revision === undefined) this.#sendInitial(watch);
    for (const event of missed) if (kindKey(refOf(event.object)) === kindKey(watch.resource.kind)) tell(watch, event);
    return this.#follow(watch);
  }

  /** Tells no watch of anything any more. */
  close(): void {
    this.#unsubscribe();
    this.#watches.clear();
  }

  #sendInitial(watch: WatchOptions): void {
    for (const object of selectObjects(this.#store, watch)) watch.send({ type: 'ADDED', object });
    if (!watch.sendInitialEvents || !watch.allowBookmarks) return;
    watch.send({ type: 'BOOKMARK', revision: this.#store.revision, endsInitialEvents: true });
  }

  #follow(watch: WatchOptions): () => void {
    const key = kindKey(watch.resource.kind);
    const watches = this.#watches.get(key) ?? new Set();
    this.#watches.set(key, watches.add(watch));
    const bookmarks = watch.allowBookmarks ? this.#sendBookmarks(watch) : undefined;
    return () => {
      watches.delete(watch);
      bookmarks?.cancel();
    };
  }

  #sendBookmarks(watch: WatchOptions): Timer {
    let timer: Timer;
    const next = () => {
      timer = this.#clock.after(BOOKMARK_INTERVAL_MS, () => {
        watch.send({ type: 'BOOKMARK', revision: this.#store.revision, endsInitialEvents: false });
        next();
      });
    };
    next();
    return { cancel: () => timer.cancel() };
  }
}

/** An object that starts to match the selection is new to the watch, and one that stops matching is gone. */
function tell(watch: WatchOptions, { type, object, previous }: StoreEvent): void {
  const { namespace, filter } = watch;
  if (namespace !== '' && object.metadata.namespace !== namespace) return;
  const matched = previous !== undefined && (filter === undefined || filter(previous));
  const matches = type !== 'Deleted' && (filter === undefined || filter(object));
  if (matches) watch.send({ type: matched ? 'MODIFIED' : 'ADDED', object });
  else if (matched) watch.send({ type: 'DELETED', object: type === 'Deleted' ? object : lastMatch(previous, object) });
}

function lastMatch(previous: KubeObject, { metadata: { resourceVersion } }: KubeObject): KubeObject {
  return resourceVersion === undefined
    ? previous
    : { ...previous, metadata: { ...previous.metadata, resourceVersion } };
}
