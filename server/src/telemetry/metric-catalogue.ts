/** Every metric Witness has. A name or a label that has been released keeps its meaning. */

export interface MetricDefinition {
  /** `gauge`: read when somebody asks; `counter`: moved by named events. */
  readonly kind: 'counter' | 'gauge';
  readonly help: string;
  readonly labels: readonly string[];
}

export const METRICS = {
  witness_events_total: {
    kind: 'counter',
    help: 'Named events, whether logged or not.',
    labels: ['name', 'level'],
  },
  witness_raw_events_received_total: {
    kind: 'counter',
    help: 'Raw events that are safe in the spool.',
    labels: ['listener', 'input'],
  },
  witness_raw_bytes_received_total: {
    kind: 'counter',
    help: 'Bytes of raw events that are safe in the spool.',
    labels: ['listener', 'input'],
  },
  witness_batches_stored_total: {
    kind: 'counter',
    help: 'Batches stored in the audit database.',
    labels: [],
  },
  witness_records_stored_total: {
    kind: 'counter',
    help: 'Records added to the audit database.',
    labels: ['input'],
  },
  witness_records_repeated_total: {
    kind: 'counter',
    help: 'Records that came again and were there already.',
    labels: ['input'],
  },
  witness_records_rejected_total: {
    kind: 'counter',
    help: 'Raw events kept as rejected because they could not be interpreted.',
    labels: ['input', 'code'],
  },
  witness_requests_total: {
    kind: 'counter',
    help: 'Requests answered, by listener, route and HTTP status.',
    labels: ['listener', 'route', 'status'],
  },
  witness_sign_ins_total: {
    kind: 'counter',
    help: 'Sign-ins by outcome: granted, refused, locked.',
    labels: ['outcome'],
  },
  witness_searches_total: { kind: 'counter', help: 'Searches run.', labels: ['door'] },
  witness_metrics_unknown_total: {
    kind: 'counter',
    help: 'Attempts to move a metric that this catalogue does not have; a fault of ours.',
    labels: [],
  },
  witness_log_lines_lost_total: {
    kind: 'counter',
    help: 'Log lines the destination refused.',
    labels: [],
  },
  witness_spool_backlog_batches: {
    kind: 'gauge',
    help: 'Batches in the spool that are not stored yet.',
    labels: [],
  },
  witness_spool_backlog_bytes: {
    kind: 'gauge',
    help: 'Bytes in the spool that are not stored yet.',
    labels: [],
  },
  witness_disk_free_bytes: {
    kind: 'gauge',
    help: 'Free bytes of the disk the data folder is on.',
    labels: [],
  },
  witness_store_records: {
    kind: 'gauge',
    help: 'Records in the audit database.',
    labels: [],
  },
  witness_store_bytes: {
    kind: 'gauge',
    help: 'Bytes the audit database takes on disk.',
    labels: [],
  },
  witness_ready: {
    kind: 'gauge',
    help: 'Whether a component is ready: 1 or 0.',
    labels: ['component'],
  },
} as const satisfies Readonly<Record<string, MetricDefinition>>;

export type MetricName = keyof typeof METRICS;
export type GaugeName = {
  [Name in MetricName]: (typeof METRICS)[Name]['kind'] extends 'gauge' ? Name : never;
}[MetricName];
