/** The door: admits batches, makes them durable, hands them to the run; also for what the pipeline itself has to say. */
import { basename } from 'node:path';
import { WitnessError } from '@witness/record';
import type { RawInput } from '../sources/index.ts';
import type { Emit } from '../telemetry/index.ts';
import { admit, measureBatch, type Pending, type Room } from './backlog.ts';
import { COMPLETENESS_INPUT, encodeFinding, type Finding } from './completeness/finding.ts';
import { pipelineError } from './pipeline-errors.ts';
import type { PipelineLimits } from './pipeline-limits.ts';
import { createSignal } from './queue.ts';
import type { RecordSink, SubmitReceipt, SubmittedBatch } from './raw-batch.ts';
import type { Run } from './run-pipeline.ts';
import type { SpoolDamage } from './spool/replay.ts';
import type { Place } from './spool/segment-writer.ts';
import type { Spool } from './spool/spool.ts';
import { delay, type Timers } from './timers.ts';

export interface Intake extends RecordSink {
  /** Feeds what the spool held when it was opened; resolves when all of it is stored. */
  replay(): Promise<void>;
  /** Findings as a batch of the pipeline's own; resolves when it is durable. */
  report(findings: readonly Finding[]): Promise<void>;
  reportUnreadable(place: Place, error: unknown): Promise<void>;
  appendedThrough(): number;
  room(): Room;
  /** Why nothing is taken, whatever its size. */
  obstacle(): string | undefined;
  /** Resolves when everything handed in is durable or refused. */
  written(): Promise<void>;
  /** Takes nothing more; resolves as `written`. */
  close(): Promise<void>;
}

interface IntakeParts {
  readonly inputs: Readonly<Record<string, RawInput>>;
  readonly spool: Spool;
  readonly run: Run;
  readonly limits: PipelineLimits;
  readonly clock: () => number;
  readonly randomBytes: (count: number) => Uint8Array;
  readonly timers: Timers;
  readonly emit: Emit;
  readonly serverName: string;
  readonly signal: AbortSignal;
}

const NO_RECEIPT: SubmitReceipt = { added: 0, repeated: 0, rejected: 0 };
const BATCH_ID_BYTES = 16;
const PROBE_EVERY_MS = 1_000;

const isDiskRefusal = (error: unknown): boolean =>
  error instanceof WitnessError &&
  (error.code === 'PIPELINE_DISK_FULL' || error.code === 'PIPELINE_DISK_FAILED');

const bytesOf = (events: readonly Uint8Array[]): number =>
  events.reduce((sum, event) => sum + event.byteLength, 0);

export const createIntake = (parts: IntakeParts): Intake => {
  const { inputs, spool, run, limits, clock, emit } = parts;
  const changed = createSignal();
  let appendedThrough = spool.checkpoint.storedThrough;
  let underWay = 0;
  let isClosed = false;
  let isReplaying = false;
  let diskTrouble: string | undefined;
  /** Own batches made while older ones are still replayed: numbers must ascend. */
  let postponed: Pending[] = [];

  /** Nobody may send while it is said that nothing is taken, so the disk is looked at too. */
  const probe = async (): Promise<void> => {
    const hasRoom = await spool.hasRoom().catch(() => false);
    if (hasRoom) noteDisk(undefined);
    else if (!isClosed) parts.timers.later(PROBE_EVERY_MS, () => void probe());
  };

  const noteDisk = (error: unknown): void => {
    const trouble = error instanceof Error ? error.message : undefined;
    if ((trouble === undefined) === (diskTrouble === undefined)) return;
    diskTrouble = trouble;
    if (trouble !== undefined) parts.timers.later(PROBE_EVERY_MS, () => void probe());
    emit(
      trouble === undefined
        ? {
            name: 'pipeline.disk-recovered',
            level: 'info',
            message: 'The spool takes data again',
          }
        : {
            name: 'pipeline.disk-refused',
            level: 'error',
            message: 'The spool takes no data; senders are told to come back',
            error,
          },
    );
  };

  /** Resolves when the batch is durable; it is then on its way. */
  const take = async (
    batch: SubmittedBatch,
    pending: Omit<Pending, 'place' | 'input' | 'takenAt' | 'isReplay'>,
  ): Promise<void> => {
    underWay += 1;
    try {
      const place = await spool.append(batch, batch.input === COMPLETENESS_INPUT);
      noteDisk(undefined);
      appendedThrough = Math.max(appendedThrough, place.number);
      const whole = {
        ...pending,
        place,
        input: batch.input,
        takenAt: batch.receivedAt,
        isReplay: false,
      };
      if (isReplaying) postponed.push(whole);
      else run.enqueue(whole);
    } catch (error) {
      if (isDiskRefusal(error)) noteDisk(error);
      throw error;
    } finally {
      underWay -= 1;
      changed.wake();
    }
  };

  const tellReceived = ({ origin, input, events }: SubmittedBatch, bytes: number): void => {
    const labels = { listener: origin.listener, input };
    emit({
      name: 'pipeline.batch-received',
      level: 'debug',
      message: 'A batch is durable',
      fields: { input, sender: origin.sender, events: events.length, bytes },
      counts: [
        { metric: 'witness_raw_events_received_total', labels, by: events.length },
        { metric: 'witness_raw_bytes_received_total', labels, by: bytes },
      ],
    });
  };

  const room = (): Room => ({
    load: run.load,
    unwrittenBytes: spool.unwrittenBytes(),
    spoolBytes: spool.bytes(),
  });

  const submit: RecordSink['submit'] = async (batch, options) => {
    const waitFor = options?.waitFor ?? 'stored';
    if (isClosed) throw pipelineError('PIPELINE_CLOSED');
    const stopped = run.failure();
    if (stopped) {
      throw pipelineError('PIPELINE_BUSY', { reason: 'the pipeline stopped' }, { cause: stopped });
    }
    const bytes = measureBatch(batch, inputs, limits);
    admit(bytes, room(), { waitFor, limits });
    const isKept = run.load.memoryBytes + bytes <= limits.memoryBytesMax;
    if (waitFor === 'durable') {
      await take(batch, { bytes, ...(isKept && { batch }) });
      tellReceived(batch, bytes);
      return NO_RECEIPT;
    }
    const { promise, resolve, reject } = Promise.withResolvers<SubmitReceipt>();
    await take(batch, { bytes, batch, waiter: { resolve, reject } });
    tellReceived(batch, bytes);
    return await promise;
  };

  const report = async (findings: readonly Finding[]): Promise<void> => {
    const events = findings.map(encodeFinding);
    const batch: SubmittedBatch = {
      input: COMPLETENESS_INPUT,
      events,
      receivedAt: clock(),
      origin: { listener: 'pipeline', sender: parts.serverName },
      batchId: Buffer.from(parts.randomBytes(BATCH_ID_BYTES)).toString('hex'),
    };
    await take(batch, { bytes: bytesOf(events), batch });
  };

  /** Resolves when the report is durable, however long that takes: only then may the segment be deleted. */
  const reportDamage = async (damage: SpoolDamage): Promise<void> => {
    emit({
      name: 'pipeline.spool-damaged',
      level: 'error',
      message: 'A part of the spool cannot be read',
      fields: { ...damage },
    });
    for (;;) {
      try {
        await report([{ kind: 'spool-damaged', server: parts.serverName, ...damage }]);
        return;
      } catch (error) {
        if (!isDiskRefusal(error) || parts.signal.aborted) throw error;
        await delay(parts.timers, limits.retryDelayMsMax, parts.signal);
      }
    }
  };

  const replayAll = async (): Promise<number> => {
    let batches = 0;
    for await (const replayed of spool.replay()) {
      if (replayed.kind === 'damage') {
        await reportDamage(replayed.damage);
        continue;
      }
      const { batch, place } = replayed;
      const bytes = bytesOf(batch.events);
      await run.until(({ memoryBytes }) => memoryBytes < limits.memoryBytesMax);
      batches += 1;
      run.enqueue({
        place,
        input: batch.input,
        bytes,
        takenAt: batch.receivedAt,
        isReplay: true,
        batch,
      });
    }
    return batches;
  };

  const written = (): Promise<void> => changed.until(() => underWay === 0);

  return {
    submit,
    report,
    replay: async () => {
      isReplaying = true;
      const batches = await replayAll();
      isReplaying = false;
      for (const pending of postponed) run.enqueue(pending);
      postponed = [];
      await run.idle();
      if (batches === 0) return;
      emit({
        name: 'pipeline.replayed',
        level: 'info',
        message: 'Batches of an earlier run are stored',
        fields: { batches },
      });
    },
    reportUnreadable: async (place, error) => {
      const damage: SpoolDamage = {
        segment: basename(place.segment.path),
        offset: place.offset,
        bytes: place.length,
        batches: 1,
        writtenAt: clock(),
        reason: error instanceof Error ? error.message : String(error),
      };
      await reportDamage(damage);
    },
    appendedThrough: () => appendedThrough,
    room,
    obstacle: () => {
      if (isClosed) return 'Witness is shutting down';
      return run.failure() === undefined ? diskTrouble : 'The pipeline stopped';
    },
    written,
    close: () => {
      isClosed = true;
      return written();
    },
  };
};
