/** One place that turns named events into log lines and counters. */
import { pino } from 'pino';
import { createHealth, type Health } from './health.ts';
import { toLogMembers, toPrettyLine } from './log-line.ts';
import { maskText } from './mask-secrets.ts';
import type { GaugeName } from './metric-catalogue.ts';
import { createMetricRegistry, type ReadGauge } from './metric-registry.ts';
import type { Emit } from './named-event.ts';

export interface TelemetryOptions {
  readonly level: 'debug' | 'info' | 'warn' | 'error';
  /** `json` when absent. */
  readonly format?: 'json' | 'pretty';
  /** Gets whole lines with their line break; a stream such as `process.stderr` fits. */
  readonly destination: { write(line: string): unknown };
  /** UTC milliseconds. */
  readonly clock: () => number;
}

export interface Telemetry {
  /** Never throws. */
  readonly emit: Emit;
  /** Registers how a gauge is read; registering again replaces. */
  readonly gauge: (name: GaugeName, read: ReadGauge) => void;
  /** All metrics as Prometheus text, of `metricsContentType`. */
  readonly metrics: () => Promise<string>;
  readonly metricsContentType: string;
  readonly health: Health;
}

export const createTelemetry = (options: TelemetryOptions): Telemetry => {
  const { level, format = 'json', destination, clock } = options;
  const toText = format === 'pretty' ? toPrettyLine : (line: string): string => line;
  const logger = pino(
    {
      level,
      base: null,
      timestamp: () => `,"time":${clock()}`,
      formatters: { level: (label) => ({ level: label }) },
    },
    { write: (line: string) => void destination.write(toText(line)) },
  );
  const told = new Set<string>();

  const emit: Emit = (event) => {
    registry.count({
      metric: 'witness_events_total',
      labels: { name: event.name, level: event.level },
    });
    for (const move of event.counts ?? []) {
      if (!registry.count(move)) tellUnknown(move.metric);
    }
    if (!logger.isLevelEnabled(event.level)) return;
    try {
      logger[event.level](toLogMembers(event), maskText(event.message));
    } catch {
      // The log is the last place to tell anything; what is lost is at least counted.
      registry.count({ metric: 'witness_log_lines_lost_total' });
    }
  };

  const tellUnknown = (metric: string): void => {
    registry.count({ metric: 'witness_metrics_unknown_total' });
    if (told.has(metric) || told.size >= TOLD_MAX) return;
    told.add(metric);
    emit({
      name: 'telemetry.metric-unknown',
      level: 'warn',
      message: 'A counter was moved that the catalogue does not have, or by no amount',
      fields: { metric },
    });
  };

  const registry = createMetricRegistry((name, error) =>
    emit({
      name: 'telemetry.gauge-failed',
      level: 'warn',
      message: 'A gauge could not be read',
      fields: { metric: name },
      error,
    }),
  );
  const health = createHealth();
  registry.gauge('witness_ready', () =>
    health.components().map(({ name, isReady }) => ({
      labels: { component: name },
      value: isReady ? 1 : 0,
    })),
  );

  return {
    emit,
    gauge: registry.gauge,
    metrics: registry.text,
    metricsContentType: registry.contentType,
    health,
  };
};

/** Unknown metrics are told once each, and only so many of them. */
const TOLD_MAX = 100;
