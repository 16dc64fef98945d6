import type { Peer } from './peers.ts';
import { cpuMs, median } from './processes.ts';
import type { Result } from './results.ts';
import { wrk } from './wrk.ts';

interface Scenario {
  readonly name: string;
  readonly connections: number;
  url(peer: Peer): string;
  /** What a round amounts to. */
  measure(requests: number, cpuMilliseconds: number): number;
  readonly unit: string;
}

const SCENARIOS: readonly Scenario[] = [
  {
    name: 'HTTP/1.1, small bodies: CPU per request',
    connections: 64,
    url: ({ httpUrl }) => `${httpUrl}/small`,
    measure: (requests, cpu) => (cpu * 1_000) / requests,
    unit: 'µs',
  },
  {
    name: 'HTTPS, small bodies: CPU per request',
    connections: 64,
    url: ({ httpsUrl }) => `${httpsUrl}/small`,
    measure: (requests, cpu) => (cpu * 1_000) / requests,
    unit: 'µs',
  },
  {
    name: 'HTTP/1.1, 1 MiB bodies: bytes per CPU second',
    connections: 16,
    url: ({ httpUrl }) => `${httpUrl}/large`,
    measure: (requests, cpu) => (requests * 1_000) / cpu,
    unit: 'MiB',
  },
];

const WARM_UP_SECONDS = 2;

/** Compares the peers in rounds that take turns, so that what the machine does meanwhile meets all of them. */
export async function measureDataPlane(
  peers: readonly Peer[],
  { rounds, seconds }: { readonly rounds: number; readonly seconds: number },
): Promise<readonly Result[]> {
  const results: Result[] = [];
  for (const scenario of SCENARIOS) {
    const figures = new Map<Peer, number[]>(peers.map((peer) => [peer, []]));
    const supervisor: number[] = [];
    for (const peer of peers) await wrk(scenario.url(peer), scenario.connections, WARM_UP_SECONDS);
    for (let round = 0; round < rounds; round++) {
      for (const [peer, values] of figures) {
        const before = cpuMs(peer.pids);
        const apart = peer.supervisor === undefined ? [] : [peer.supervisor];
        const supervisorBefore = cpuMs(apart);
        const { requests, errors } = await wrk(scenario.url(peer), scenario.connections, seconds);
        if (errors > 0) throw new Error(`${peer.name} failed ${errors} of ${requests} requests (${scenario.name}).`);
        values.push(scenario.measure(requests, cpuMs(peer.pids) - before));
        if (apart.length > 0) supervisor.push(((cpuMs(apart) - supervisorBefore) * 1_000) / requests);
      }
    }
    results.push(...resultsOf(scenario, figures, supervisor));
  }
  return results;
}

function resultsOf(
  { name, unit }: Scenario,
  figures: ReadonlyMap<Peer, number[]>,
  supervisor: readonly number[],
): Result[] {
  const medians = new Map([...figures].map(([peer, values]) => [peer.name, median(values)]));
  const ours = medians.get('Sallyport') ?? Number.NaN;
  const others = Object.fromEntries([...medians].filter(([peer]) => peer !== 'Sallyport'));
  return [
    { name, value: ours, unit, references: others },
    { name: `${name}: supervisor`, value: median(supervisor), unit: 'µs', references: {} },
  ];
}
