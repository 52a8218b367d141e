/** Writes down now and then how far the store is, and what the pipeline knows of logs and sessions. */
import type { Emit } from '../telemetry/index.ts';
import type { LogLedger } from './completeness/log-ledger.ts';
import type { PipelineLimits } from './pipeline-limits.ts';
import type { Resolver } from './resolve/resolver.ts';
import { writeSaved } from './spool/checkpoint.ts';
import type { Disk } from './spool/disk.ts';
import type { Spool } from './spool/spool.ts';
import type { Timers } from './timers.ts';

/** Logon ids and SIDs, so that a second file of a computer is completed after a restart too. */
export const FACTS_FILE = 'facts';

export interface ProgressKeeper {
  /** Everything up to this batch is stored; written down soon. */
  stored(storedThrough: number): void;
  /** Writes the last state. */
  close(): Promise<void>;
}

interface KeeperParts {
  readonly folder: string;
  readonly disk: Disk;
  readonly spool: Spool;
  readonly ledger: Pick<LogLedger, 'snapshot'>;
  readonly resolver: Pick<Resolver, 'snapshot'>;
  readonly clock: () => number;
  readonly timers: Timers;
  readonly emit: Emit;
  readonly limits: Pick<PipelineLimits, 'checkpointEveryMs' | 'factsSavedEveryMs'>;
}

export const createProgressKeeper = (parts: KeeperParts): ProgressKeeper => {
  const { spool, limits, clock } = parts;
  let storedThrough = spool.checkpoint.storedThrough;
  let factsSavedAt = clock();
  let cancel: (() => void) | undefined;
  let saving: Promise<void> = Promise.resolve();

  /** A repeat is harmless, so a checkpoint that cannot be written only costs time at the next start. */
  const guarded = async (what: string, save: () => Promise<void>): Promise<void> => {
    try {
      await save();
    } catch (error) {
      parts.emit({
        name: 'pipeline.checkpoint-failed',
        level: 'error',
        message: 'The state of the pipeline could not be written; it is tried again',
        fields: { what },
        error,
      });
    }
  };

  const saveCheckpoint = (): Promise<void> =>
    guarded('checkpoint', () => spool.save({ storedThrough, logs: parts.ledger.snapshot() }));

  const saveFacts = (): Promise<void> =>
    guarded('facts', async () => {
      factsSavedAt = clock();
      const value = parts.resolver.snapshot();
      await writeSaved(parts.disk, parts.folder, { name: FACTS_FILE, value });
    });

  const save = async (): Promise<void> => {
    await saveCheckpoint();
    if (clock() - factsSavedAt >= limits.factsSavedEveryMs) await saveFacts();
  };

  return {
    stored: (through) => {
      storedThrough = through;
      cancel ??= parts.timers.later(limits.checkpointEveryMs, () => {
        cancel = undefined;
        saving = saving.then(save);
      });
    },
    close: async () => {
      cancel?.();
      await saving;
      await saveCheckpoint();
      await saveFacts();
    },
  };
};
