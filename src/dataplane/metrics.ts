import type { WorkerMetrics } from '../engine/embedded/protocol.ts';
import type { RuleSource } from '../plan/types.ts';
import { CONNECTIONS, DURATION_BUCKETS_MS, ERRORS, REQUEST_DURATION, REQUESTS } from '../telemetry/traffic-families.ts';
import type { CompiledRule } from './compiled.ts';
import type { ProxyErrorCode } from './errors.ts';
import type { ExchangeObserver, FinishedExchange } from './proxy/finished-exchange.ts';

type Counter = WorkerMetrics['counters'][number];

/** Rules with series of their own. Further ones are counted together, so that series stay bounded. */
const MOST_RULES = 2_000;
const STATUS_CLASSES = ['1xx', '2xx', '3xx', '4xx', '5xx'];

/** The counts of one rule of one route, whichever of its matches was taken. */
class RuleCounts {
  readonly labels: Readonly<Record<string, string>>;
  readonly byStatusClass = STATUS_CLASSES.map(() => 0);
  readonly durations = [...DURATION_BUCKETS_MS.map(() => 0), 0];
  durationMs = 0;

  constructor(route: string, rule: string) {
    this.labels = { route, rule };
  }
}

/** What a worker counts. Counting allocates nothing; texts are made when the counts are read. */
export class Metrics implements ExchangeObserver {
  /** Those of requests that no rule matched. */
  readonly #unrouted = new RuleCounts('', '');
  readonly #others = new RuleCounts('(other)', '');
  readonly #byRule = new WeakMap<CompiledRule, RuleCounts>();
  readonly #bySource = new Map<string, RuleCounts>();
  readonly #errors = new Map<ProxyErrorCode, number>();
  #connections = 0;

  connectionAccepted(): void {
    this.#connections++;
  }

  onExchangeEnd({ rule, statusCode, durationMs, error }: FinishedExchange): void {
    const counts = rule === undefined ? this.#unrouted : (this.#byRule.get(rule) ?? this.#countsOf(rule));
    const statusClass = Math.floor(statusCode / 100) - 1;
    counts.byStatusClass[statusClass] = (counts.byStatusClass[statusClass] ?? 0) + 1;
    let bucket = 0;
    while (bucket < DURATION_BUCKETS_MS.length && durationMs > (DURATION_BUCKETS_MS[bucket] ?? 0)) bucket++;
    counts.durations[bucket] = (counts.durations[bucket] ?? 0) + 1;
    counts.durationMs += Math.round(durationMs);
    if (error !== undefined) this.#errors.set(error, (this.#errors.get(error) ?? 0) + 1);
  }

  /** All counts since the worker started, with what others count. */
  read(openConnections: number): WorkerMetrics {
    const counters: Counter[] = [{ name: CONNECTIONS.name, labels: {}, value: this.#connections }];
    for (const [error, value] of this.#errors) counters.push({ name: ERRORS.name, labels: { error }, value });
    for (const counts of [this.#unrouted, this.#others, ...this.#bySource.values()])
      counters.push(...countersOf(counts));
    return { counters, residentBytes: process.memoryUsage.rss(), openConnections };
  }

  #countsOf(rule: CompiledRule): RuleCounts {
    const { route, rule: index }: RuleSource = rule.plan.source;
    const key = `${route.namespace}/${route.name}#${index}`;
    let counts = this.#bySource.get(key);
    if (counts === undefined && this.#bySource.size >= MOST_RULES) counts = this.#others;
    if (counts === undefined) {
      counts = new RuleCounts(`${route.namespace}/${route.name}`, String(index));
      this.#bySource.set(key, counts);
    }
    this.#byRule.set(rule, counts);
    return counts;
  }
}

function countersOf({ labels, byStatusClass, durations, durationMs }: RuleCounts): Counter[] {
  const total = durations.reduce((sum, count) => sum + count, 0);
  if (total === 0) return [];
  let below = 0;
  return [
    ...byStatusClass.flatMap((value, index) =>
      value === 0 ? [] : [{ name: REQUESTS.name, labels: { ...labels, code: STATUS_CLASSES[index] ?? '' }, value }],
    ),
    ...durations.map((count, index) => {
      below += count;
      const boundMs = DURATION_BUCKETS_MS[index];
      const le = boundMs === undefined ? '+Inf' : String(boundMs / 1_000);
      return { name: `${REQUEST_DURATION.name}_bucket`, labels: { ...labels, le }, value: below };
    }),
    { name: `${REQUEST_DURATION.name}_sum`, labels, value: durationMs },
    { name: `${REQUEST_DURATION.name}_count`, labels, value: total },
  ];
}
