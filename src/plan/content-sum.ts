import { createHash } from 'node:crypto';

const BITS = 128;

/** A short name for a content: 96 bits of its SHA-256. */
export function contentHash(content: string): string {
  return createHash('sha256').update(content).digest('base64url').slice(0, 16);
}

/** The share of one element in a `ContentSum`. */
export function elementHash(content: string): bigint {
  return BigInt(
    `0x${createHash('sha256')
      .update(content)
      .digest('hex')
      .slice(0, BITS / 4)}`,
  );
}

/**
 * A hash of a set of elements that changes with the set at a cost of what is added and removed: a sum, so the order of
 * edits does not show. That suffices because the order within a plan follows from its elements.
 */
export class ContentSum {
  #sum = 0n;

  add(element: bigint): void {
    this.#sum = BigInt.asUintN(BITS, this.#sum + element);
  }

  remove(element: bigint): void {
    this.#sum = BigInt.asUintN(BITS, this.#sum - element);
  }

  get value(): bigint {
    return this.#sum;
  }
}
