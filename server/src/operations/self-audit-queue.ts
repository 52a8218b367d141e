/** What happens inside Witness becomes Activity Records, through the same pipeline as everything else. */
import { DATA_SOURCE_SELF_AUDIT, type Detail, type RecordContent } from '@witness/record';
import type { RecordSink } from '../pipeline/index.ts';
import type { Emit } from '../telemetry/index.ts';

export interface SelfAuditFact {
  readonly who: string;
  readonly action: string;
  readonly objectType: string;
  readonly what: string;
  readonly where?: string;
  readonly workstation?: string;
  readonly details?: readonly Detail[];
}

export interface SelfAuditQueue extends AsyncDisposable {
  /** Neither throws nor blocks. */
  add(fact: SelfAuditFact): void;
  /** Resolves when everything added so far is durable, or when it cannot be written now; that is logged. */
  flush(): Promise<void>;
}

export interface SelfAuditOptions {
  /** Asked for when there is something to write, so that a command that changes nothing opens no store. */
  readonly sink: () => Promise<RecordSink>;
  readonly serverName: string;
  readonly clock: () => number;
  readonly randomBytes: (count: number) => Uint8Array;
  readonly emit: Emit;
}

const FLUSH_MS = 200;
const RETRY_MS = 2_000;
const FACTS_PER_BATCH_MAX = 5_000;
/** Facts that wait while nothing can be written; above it the newest are counted instead, and the count is written. */
const FACTS_WAITING_MAX = 50_000;
const WHO_LENGTH_MAX = 255;

const toRecord = (fact: SelfAuditFact, serverName: string, when: number): RecordContent => ({
  who: fact.who.slice(0, WHO_LENGTH_MAX),
  whoKnownBy: 'event',
  action: fact.action,
  what: fact.what,
  when,
  where: fact.where ?? serverName,
  objectType: fact.objectType,
  ...(fact.workstation === undefined ? {} : { workstation: fact.workstation }),
  dataSource: DATA_SOURCE_SELF_AUDIT,
  details: fact.details ?? [],
});

export const createSelfAuditQueue = (options: SelfAuditOptions): SelfAuditQueue => {
  const { sink, serverName, clock, randomBytes, emit } = options;
  let waiting: RecordContent[] = [];
  let uncounted = 0;
  let timer: NodeJS.Timeout | undefined;
  let writing: Promise<void> = Promise.resolve();

  const schedule = (delayMs: number): void => {
    timer ??= setTimeout(() => {
      timer = undefined;
      void flush();
    }, delayMs);
  };

  const takeOverflow = (): readonly RecordContent[] => {
    if (uncounted === 0) return [];
    const fact: SelfAuditFact = {
      who: 'Witness',
      action: 'Gap found',
      objectType: 'Completeness',
      what: `Self-audit: ${uncounted} facts could not be kept while nothing could be written`,
    };
    uncounted = 0;
    return [toRecord(fact, serverName, clock())];
  };

  /** Resolves to whether more can be written at once. */
  const writeBatch = async (): Promise<boolean> => {
    const records = [...waiting.splice(0, FACTS_PER_BATCH_MAX), ...takeOverflow()];
    if (records.length === 0) return false;
    try {
      const target = await sink();
      await target.submit(
        {
          input: 'activity-records-json',
          events: [Buffer.from(JSON.stringify(records))],
          parsed: [records],
          receivedAt: clock(),
          origin: { listener: 'self-audit', sender: serverName },
          batchId: Buffer.from(randomBytes(16)).toString('hex'),
        },
        { waitFor: 'durable' },
      );
      return waiting.length > 0;
    } catch (error) {
      waiting = [...records, ...waiting];
      emit({
        name: 'self-audit.delayed',
        level: 'warn',
        message: 'Self-audit records cannot be written now; they are kept and tried again',
        fields: { waiting: waiting.length },
        error,
      });
      schedule(RETRY_MS);
      return false;
    }
  };

  const writeAll = async (): Promise<void> => {
    while (await writeBatch());
  };

  const flush = (): Promise<void> => {
    writing = writing.then(writeAll);
    return writing;
  };

  return {
    add: (fact) => {
      if (waiting.length >= FACTS_WAITING_MAX) uncounted += 1;
      else waiting.push(toRecord(fact, serverName, clock()));
      schedule(FLUSH_MS);
    },
    flush,
    [Symbol.asyncDispose]: async () => {
      clearTimeout(timer);
      await flush();
      clearTimeout(timer);
      if (waiting.length === 0) return;
      emit({
        name: 'self-audit.lost',
        level: 'error',
        message: 'Self-audit records could not be written before the end and are lost',
        fields: { records: waiting.length },
      });
    },
  };
};
