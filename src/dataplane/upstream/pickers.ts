import type { Endpoint } from '../../plan/types.ts';
import type { Picker, PickResult } from '../compiled.ts';

/** What a backend without ready endpoints gets: every request is answered 503. */
export const failing: Picker = { pick: () => ({ type: 'None' }) };

/**
 * Takes endpoints in turn. The momentary answer of a load balancer, immutable but for its turn: endpoint or health
 * changes replace it. `start` spreads the first picks of several workers.
 */
export function roundRobin(endpoints: readonly Endpoint[], start = 0): Picker {
  const results = endpoints.map((endpoint): PickResult => ({ type: 'Endpoint', endpoint }));
  const [first] = results;
  if (first === undefined) return failing;
  let next = start % results.length;
  return {
    pick() {
      const result = results[next] ?? first;
      next = next + 1 === results.length ? 0 : next + 1;
      return result;
    },
  };
}
