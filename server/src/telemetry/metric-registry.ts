/** The catalogue's metrics as a prom-client registry. Unknown names and labels never throw: the caller has work to do. */
import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import { type GaugeName, METRICS, type MetricDefinition } from './metric-catalogue.ts';

export interface GaugeReading {
  readonly labels?: Readonly<Record<string, string>>;
  readonly value: number;
}

/** Read at the moment somebody asks for the metrics. Failing makes the gauge absent, not the answer. */
export type ReadGauge = () =>
  | number
  | readonly GaugeReading[]
  | Promise<number | readonly GaugeReading[]>;

export interface CounterMove {
  readonly metric: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly by?: number;
}

/** Label values come partly from data; more sets than this of one metric are counted together as `other`. */
export const LABEL_SETS_MAX = 1000;

export interface MetricRegistry {
  /** False when the catalogue has no such counter or the amount is no number from 0. */
  readonly count: (move: CounterMove) => boolean;
  readonly gauge: (name: GaugeName, read: ReadGauge) => void;
  readonly text: () => Promise<string>;
  readonly contentType: string;
}

interface BoundedCounter {
  readonly counter: Counter;
  readonly labels: readonly string[];
  readonly seen: Set<string>;
}

export const createMetricRegistry = (
  onGaugeFailed: (name: string, error: unknown) => void,
): MetricRegistry => {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const counters = new Map<string, BoundedCounter>();
  const definitions = Object.entries<MetricDefinition>(METRICS);
  for (const [name, { kind, help, labels }] of definitions) {
    if (kind !== 'counter') continue;
    const counter = new Counter({ name, help, labelNames: [...labels], registers: [registry] });
    counters.set(name, { counter, labels, seen: new Set() });
  }

  const count = ({ metric, labels: given = {}, by = 1 }: CounterMove): boolean => {
    const bounded = counters.get(metric);
    if (!bounded || !(by >= 0 && by < Number.POSITIVE_INFINITY)) return false;
    const values = bounded.labels.map((label) => given[label] ?? '');
    const key = values.join('\u0000');
    const isKnown = bounded.seen.has(key) || bounded.seen.size < LABEL_SETS_MAX;
    if (isKnown) bounded.seen.add(key);
    const named = bounded.labels.map((label, index) => [label, isKnown ? values[index] : 'other']);
    bounded.counter.inc(Object.fromEntries(named), by);
    return true;
  };

  const gauge = (name: GaugeName, read: ReadGauge): void => {
    const { help, labels }: MetricDefinition = METRICS[name];
    registry.removeSingleMetric(name);
    registry.registerMetric(
      new Gauge({
        name,
        help,
        labelNames: [...labels],
        registers: [],
        async collect() {
          this.reset();
          try {
            const reading = await read();
            const readings = typeof reading === 'number' ? [{ value: reading }] : reading;
            for (const { labels: of = {}, value } of readings) this.set(of, value);
          } catch (error) {
            this.remove();
            onGaugeFailed(name, error);
          }
        },
      }),
    );
  };

  return { count, gauge, text: () => registry.metrics(), contentType: registry.contentType };
};
