/** A thing worth knowing happened: one value makes the log line and moves the counters. */
export interface NamedEvent {
  /** `room.what-happened`, for instance `pipeline.batch-stored`. */
  readonly name: string;
  readonly level: 'debug' | 'info' | 'warn' | 'error';
  readonly message: string;
  readonly fields?: Readonly<Record<string, string | number | boolean | undefined>>;
  readonly error?: unknown;
  /** Counters to move: metric name of the catalogue, labels, amount (1 when absent). */
  readonly counts?: readonly {
    readonly metric: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly by?: number;
  }[];
}

/** Given to every part that has something to say. */
export type Emit = (event: NamedEvent) => void;
