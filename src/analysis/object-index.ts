import type { KubeObject, ObjectRef } from '../api/object.ts';
import { objectKey } from '../api/object.ts';
import { compareText } from '../lib/comparator.ts';
import { topicsOf } from './topics.ts';

/** The objects that the analysis knows, by reference and by topic. */
export class ObjectIndex {
  readonly #objects = new Map<string, KubeObject>();
  readonly #topics = new Map<string, Map<string, KubeObject>>();

  get(ref: ObjectRef): KubeObject | undefined {
    return this.#objects.get(objectKey(ref));
  }

  /** The object whose `objectKey` this is. */
  byKey(key: string): KubeObject | undefined {
    return this.#objects.get(key);
  }

  /** The objects under a topic, ordered by key. */
  under(topic: string): readonly KubeObject[] {
    const objects = this.#topics.get(topic);
    if (objects === undefined) return [];
    return [...objects].sort(([one], [other]) => compareText(one, other)).map(([, object]) => object);
  }

  all(): Iterable<KubeObject> {
    return this.#objects.values();
  }

  /**
   * Replaces what is known of `ref`; `object` undefined means that it is gone. Returns the topics that this touches.
   */
  set(ref: ObjectRef, object: KubeObject | undefined): ReadonlySet<string> {
    const key = objectKey(ref);
    const previous = this.#objects.get(key);
    const before = previous === undefined ? [] : topicsOf(previous);
    const after = object === undefined ? [] : topicsOf(object);
    for (const topic of before) this.#leave(topic, key);
    if (object === undefined) this.#objects.delete(key);
    else {
      this.#objects.set(key, object);
      for (const topic of after) this.#enter(topic, key, object);
    }
    return new Set([...before, ...after]);
  }

  #enter(topic: string, key: string, object: KubeObject): void {
    const objects = this.#topics.get(topic);
    if (objects === undefined) this.#topics.set(topic, new Map([[key, object]]));
    else objects.set(key, object);
  }

  #leave(topic: string, key: string): void {
    const objects = this.#topics.get(topic);
    objects?.delete(key);
    if (objects?.size === 0) this.#topics.delete(topic);
  }
}
