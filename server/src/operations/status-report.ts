export interface StatusProblem {
  readonly part: string;
  readonly reason: string;
  readonly advice: string;
}

export interface StatusReport {
  readonly version: string;
  readonly isServerRunning: boolean;
  readonly processId: number;
  /** UTC milliseconds. */
  readonly startedAt: number;
  readonly now: number;
  readonly dataFolder: string;
  readonly addresses: readonly { readonly listener: string; readonly url: string }[];
  /** What the audit database holds; absent when it does not answer. */
  readonly held?: {
    readonly records: number;
    readonly rejected: number;
    readonly archiveOnly: number;
    readonly storeBytes: number;
  };
  /** Records stored a second over the last minute. */
  readonly recordsPerSecond: number;
  readonly backlogBatches: number;
  readonly backlogBytes: number;
  readonly diskFreeBytes: number;
  readonly memoryBytes: number;
  readonly sources: readonly {
    readonly dataSource: string;
    readonly records: number;
    readonly newestWhen: number;
  }[];
  readonly problems: readonly StatusProblem[];
}
