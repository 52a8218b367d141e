/** Looks now and then which logs have settled, and hands over what is to be told about them. */
import type { Emit } from '../../telemetry/index.ts';
import type { PipelineLimits } from '../pipeline-limits.ts';
import type { Timers } from '../timers.ts';
import type { Finding, LogFinding } from './finding.ts';
import type { LogLedger } from './log-ledger.ts';

export interface Settler {
  /** Before it nothing is told: the replay has the numbers that come first. */
  start(): void;
  /** Events were observed. */
  look(): void;
  /** Tells of every log at once; resolves when all of it is in the spool. */
  settleAll(): Promise<void>;
  stop(): void;
}

interface SettlerParts {
  readonly ledger: LogLedger;
  readonly intake: {
    report(findings: readonly Finding[]): Promise<void>;
    appendedThrough(): number;
  };
  readonly run: { interpretedThrough(): number };
  readonly clock: () => number;
  readonly timers: Timers;
  readonly emit: Emit;
  readonly limits: Pick<PipelineLimits, 'settleMs'>;
}

/** A quiet log is noticed at most this part of the quiet time late. */
const LOOKS_PER_SETTLE = 4;

export const createSettler = (parts: SettlerParts): Settler => {
  const { ledger, intake, run, limits, emit } = parts;
  let isStarted = false;
  let cancel: (() => void) | undefined;

  const settle = async (isLast: boolean): Promise<void> => {
    const findings = ledger.takeFindings({
      now: parts.clock(),
      appendedThrough: intake.appendedThrough(),
      interpretedThrough: run.interpretedThrough(),
      isLast,
    });
    if (findings.length === 0) return;
    try {
      await intake.report(findings);
      for (const finding of findings) tell(finding);
    } catch (error) {
      for (const finding of findings) ledger.giveBack(finding);
      emit({
        name: 'pipeline.finding-delayed',
        level: 'warn',
        message: 'Gaps in logs could not be written down; it is tried again',
        fields: { findings: findings.length },
        error,
      });
    }
  };

  const tell = (finding: LogFinding): void => {
    emit({
      name: `pipeline.${finding.kind}`,
      level: finding.kind === 'gap-found' ? 'warn' : 'info',
      message: 'The completeness of a log changed',
      fields: { computer: finding.computer, channel: finding.channel },
    });
  };

  const schedule = (): void => {
    if (cancel || !isStarted || !ledger.hasUnsettled()) return;
    cancel = parts.timers.later(limits.settleMs / LOOKS_PER_SETTLE, () => {
      cancel = undefined;
      void settle(false).then(schedule);
    });
  };

  return {
    start: () => {
      isStarted = true;
      schedule();
    },
    look: () => {
      if (!isStarted) return;
      if (ledger.isOverfull()) void settle(false);
      schedule();
    },
    settleAll: () => settle(true),
    stop: () => {
      isStarted = false;
      cancel?.();
    },
  };
};
