/**
 * The audit database is partitioned by week (Monday, UTC), because retention drops whole partitions, because an
 * import may spread one batch over months, and every partition that a batch touches costs a durable part of its own.
 */
export const PARTITION_MS = 7 * 86_400_000;

/** 1970-01-01 was a Thursday: three days after Monday. */
export const PARTITION_SHIFT_MS = 3 * 86_400_000;

/** UTC milliseconds at which the partition holding this moment begins. */
export const partitionStart = (when: number): number =>
  Math.floor((when + PARTITION_SHIFT_MS) / PARTITION_MS) * PARTITION_MS - PARTITION_SHIFT_MS;
