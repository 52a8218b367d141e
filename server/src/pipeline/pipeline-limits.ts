/** Every bound of the pipeline, with its unit in the name. */
export const PIPELINE_LIMITS = {
  /** Events of one batch; with the drafts of an event both fit the sequence's 24 bits and the RID's index digits. */
  eventsPerBatchMax: 1_000_000,
  /** One batch in the spool, raw bytes and framing together. */
  batchBytesMax: 64 * 1024 * 1024,

  /** Raw bytes waiting for the store, above which senders that wait for the store are told to come back. */
  backlogBytesMax: 256 * 1024 * 1024,
  backlogBatchesMax: 10_000,
  /** Raw bytes kept in memory; batches above it are read back from the spool when their turn comes. */
  memoryBytesMax: 256 * 1024 * 1024,
  /** Raw bytes handed in that the disk has not taken yet. */
  unwrittenBytesMax: 128 * 1024 * 1024,

  segmentBytesMax: 64 * 1024 * 1024,
  /** One write and one fdatasync. */
  groupBytesMax: 16 * 1024 * 1024,
  /** All segments together, while the store is away. */
  spoolBytesMax: 64 * 1024 * 1024 * 1024,
  spooledBatchesMax: 1_000_000,
  /** Left free on the disk: the embedded store needs room to merge, and the checkpoint to be written. */
  freeBytesMin: 512 * 1024 * 1024,
  freeSpaceAgeMsMax: 1_000,
  checkpointEveryMs: 1_000,

  interpreterThreads: 1,
  /** Smaller batches are interpreted on the calling thread: handing them over would cost more. */
  inlineBytesMax: 32 * 1024,
  jobEventsMax: 500,
  jobBytesMax: 512 * 1024,
  jobTimeoutMs: 30_000,
  /** When a job failed, each of its events alone gets this long. */
  eventTimeoutMs: 5_000,
  interpreterHeapMegabytes: 512,
  /** Interpretation runs ahead of the store by so much. */
  aheadBytesMax: 32 * 1024 * 1024,
  aheadBatchesMax: 5_000,
  /** Longest run of interpretation on the calling thread before other work gets its turn. */
  inlineRunMsMax: 8,

  storeRowsMax: 50_000,
  storeBytesMax: 32 * 1024 * 1024,
  /** Longest time an insert waits for company, unless it has enough rows. */
  gatherMsMax: 100,
  gatherRows: 5_000,
  retryDelayMsMin: 100,
  retryDelayMsMax: 5_000,
  /** How long an orderly close waits for a store that does not answer. */
  closeGraceMs: 10_000,

  logonFactsMax: 100_000,
  sidFactsMax: 50_000,
  factsSavedMax: 20_000,
  factsSavedEveryMs: 60_000,

  settleMs: 2_000,
  logsMax: 20_000,
  rangesPerLogMax: 4_096,
  epochsPerLogMax: 16,
  /** Ranges written out in one completeness record; the count of missing events is of all of them. */
  rangesShownMax: 100,
} as const;

export type PipelineLimits = { readonly [Name in keyof typeof PIPELINE_LIMITS]: number };
