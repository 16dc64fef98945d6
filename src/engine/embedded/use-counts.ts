/** What a change does to the uses of parts: by how much each count moves, and the newest part of that id. */
export type UseChanges<Id extends string, Part> = Map<Id, { by: number; part: Part | undefined }>;

/** Notes that `part` is used once more. */
export function use<Id extends string, Part>(changes: UseChanges<Id, Part>, id: Id, part: Part): void {
  const change = changes.get(id);
  if (change === undefined) changes.set(id, { by: 1, part });
  else {
    change.by++;
    change.part = part;
  }
}

/** Notes that a part is used once less. */
export function unuse<Id extends string, Part>(changes: UseChanges<Id, Part>, id: Id): void {
  const change = changes.get(id);
  if (change === undefined) changes.set(id, { by: -1, part: undefined });
  else change.by--;
}

/** How often each part is used over all Gateways and hosts, so that workers are told when one comes and when it goes. */
export class UseCounts<Id extends string, Part> {
  readonly #uses = new Map<Id, { count: number; part: Part }>();

  /** The parts in use. */
  *parts(): Generator<Part> {
    for (const { part } of this.#uses.values()) yield part;
  }

  /** The part in use under `id`. */
  get(id: Id): Part | undefined {
    return this.#uses.get(id)?.part;
  }

  /** Parts of `changes` that nobody used before, or that another object stood for. Changes nothing. */
  coming(changes: UseChanges<Id, Part>): Part[] {
    const parts: Part[] = [];
    for (const [id, { part }] of changes) {
      if (part !== undefined && this.#countAfter(id, changes) > 0 && this.get(id) !== part) parts.push(part);
    }
    return parts;
  }

  /** Ids that nobody uses any more after `changes`. Changes nothing. */
  going(changes: UseChanges<Id, Part>): Id[] {
    return [...changes.keys()].filter((id) => this.#uses.has(id) && this.#countAfter(id, changes) === 0);
  }

  /** Lets `changes` be. */
  commit(changes: UseChanges<Id, Part>): void {
    for (const [id, { part }] of changes) {
      const count = this.#countAfter(id, changes);
      const current = part ?? this.get(id);
      if (count === 0 || current === undefined) this.#uses.delete(id);
      else this.#uses.set(id, { count, part: current });
    }
  }

  #countAfter(id: Id, changes: UseChanges<Id, Part>): number {
    return (this.#uses.get(id)?.count ?? 0) + (changes.get(id)?.by ?? 0);
  }
}
