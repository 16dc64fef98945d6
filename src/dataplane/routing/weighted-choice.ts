import type { RandomBelow } from './random-below.ts';

/** Something with a share. Weights are non-negative integers. */
export interface Weighted<T> {
  readonly weight: number;
  readonly value: T;
}

/**
 * A smooth weighted round robin that starts at a random place; undefined if all weights are zero.
 *
 * Each choice moves a pointer around a circle of `total` places by a step that shares no factor with it. So every place
 * is met once a round, which makes the shares exact; a step near the golden section spreads each share evenly over the
 * round; and since the start is drawn, many workers (or a rule that is compiled again and again) keep the shares, too.
 */
export function weightedChoice<T>(items: readonly Weighted<T>[], randomBelow: RandomBelow): (() => T) | undefined {
  const divisor = items.reduce((common, { weight }) => greatestCommonDivisor(common, weight), 0);
  if (divisor === 0) return undefined;
  let total = 0;
  const slots = items.map(({ weight, value }) => {
    total += weight / divisor;
    return { end: total, value };
  });
  const step = stepAround(total);
  let place = randomBelow(total);
  return () => {
    place = (place + step) % total;
    for (const slot of slots) {
      if (place < slot.end) return slot.value;
    }
    throw new Error(`Place ${place} is beyond the circle of ${total}.`);
  };
}

const GOLDEN_SECTION = 0.618_033_988_749_895;

function stepAround(total: number): number {
  let step = Math.max(1, Math.round(total * GOLDEN_SECTION));
  while (greatestCommonDivisor(step, total) !== 1) step++;
  return step;
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}
