/** Logs, metrics and health from named events. */
export { createTelemetry, type Telemetry, type TelemetryOptions } from './create-telemetry.ts';
export {
  type ComponentHealth,
  type Health,
  type HealthAnswer,
  healthzAnswer,
  readyzAnswer,
} from './health.ts';
export {
  type GaugeName,
  METRICS,
  type MetricDefinition,
  type MetricName,
} from './metric-catalogue.ts';
export type { GaugeReading, ReadGauge } from './metric-registry.ts';
export type { Emit, NamedEvent } from './named-event.ts';
