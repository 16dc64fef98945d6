import { AggregatorRegistry, collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import { type CounterSample, CounterSums } from './counter-sums.ts';
import { TRAFFIC_FAMILIES, type TrafficFamily } from './traffic-families.ts';

/** What the workers tell when they are asked. */
export interface TrafficMetrics {
  /** One for each live worker. */
  readonly workers: readonly {
    readonly counters: readonly CounterSample[];
    readonly residentBytes: number;
    readonly openConnections: number;
  }[];
  /** Counts of workers that have ended. */
  readonly departed: readonly CounterSample[];
}

/** What is exposed besides the process and the workers. */
export interface PrometheusOptions {
  readonly readTraffic: () => Promise<TrafficMetrics>;
  /** Gauges of the controller, read at every scrape. */
  readonly gauges?: readonly GaugeOptions[];
}

/** A number that is read at scrape time. */
export interface GaugeOptions {
  readonly name: string;
  readonly help: string;
  readonly read: () => number;
}

/** Renders all metrics of this process and its workers in the text format of Prometheus. */
export class Prometheus {
  readonly #readTraffic: () => Promise<TrafficMetrics>;
  readonly #process = new Registry();
  readonly #workers: Gauge;
  readonly #residentBytes: Gauge;
  readonly #openConnections: Gauge;

  constructor({ readTraffic, gauges = [] }: PrometheusOptions) {
    this.#readTraffic = readTraffic;
    collectDefaultMetrics({ register: this.#process });
    const gauge = (name: string, help: string) => new Gauge({ name, help, registers: [this.#process] });
    this.#workers = gauge('sallyport_workers', 'Workers that are up.');
    this.#residentBytes = gauge('sallyport_worker_resident_bytes', 'Resident memory of the largest worker.');
    this.#openConnections = gauge('sallyport_open_connections', 'Connections of clients that are open.');
    for (const { name, help, read } of gauges) {
      new Gauge({
        name,
        help,
        registers: [this.#process],
        collect() {
          this.set(read());
        },
      });
    }
  }

  /** The value of the `Content-Type` of what `render` gives. */
  get contentType(): string {
    return this.#process.contentType;
  }

  /** One scrape. */
  async render(): Promise<string> {
    const { workers, departed } = await this.#readTraffic();
    this.#workers.set(workers.length);
    this.#residentBytes.set(Math.max(0, ...workers.map(({ residentBytes }) => residentBytes)));
    this.#openConnections.set(workers.reduce((sum, { openConnections }) => sum + openConnections, 0));
    const sums = new CounterSums();
    sums.add(departed);
    for (const { counters } of workers) sums.add(counters);
    const samples = sums.samples();
    const traffic = AggregatorRegistry.aggregate([TRAFFIC_FAMILIES.map((family) => familyOf(family, samples))]);
    return `${await this.#process.metrics()}\n${await traffic.metrics()}`;
  }
}

/** A metric in the shape in which prom-client's cluster mode passes them between processes. */
function familyOf({ name, help, type }: TrafficFamily, samples: readonly CounterSample[]): object {
  const values = samples
    .filter((sample) => sample.name === name || (type === 'histogram' && sample.name.startsWith(`${name}_`)))
    .map((sample) => ({
      metricName: sample.name,
      labels: sample.labels,
      value: type === 'histogram' && sample.name.endsWith('_sum') ? sample.value / 1_000 : sample.value,
    }));
  return { name, help, type, values, aggregator: 'sum' };
}
