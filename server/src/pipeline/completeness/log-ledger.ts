/**
 * Which record ids of every log were seen, so that a hole is noticed. A hole counts once its log has been quiet for a
 * while and everything taken in before is interpreted: files of a folder come in any order.
 *
 * A clear begins a new epoch, in which numbers may begin again. Events are told apart by their time: those of the
 * clear's time or later belong to the new epoch, in the very millisecond of the clear only with an id not below it. A
 * clear should be seen before the later events of its epoch (it is the first event of the new log file); where it is not,
 * the ranges seen so far are parted by their times, and an id that both epochs have is seen in the older one only.
 *
 * A pure function of the batches in their order; what it reported comes back to it as a batch.
 */
import type { LogPosition } from '../../sources/index.ts';
import type { PipelineLimits } from '../pipeline-limits.ts';
import {
  addId,
  changesOf,
  type Epoch,
  forgetLowest,
  markFilled,
  markReported,
  splitEpoch,
} from './epoch.ts';
import type { ClearFinding, Finding, LogFinding, LogName } from './finding.ts';

interface Log {
  readonly computer: string;
  readonly channel: string;
  /** By the time of their clear. */
  epochs: Epoch[];
  clears: ClearFinding[];
}

export type LogsSnapshot = readonly Log[];

interface Watch {
  readonly log: Log;
  touchedAt: number;
  /** Everything up to this batch must be interpreted before a hole counts. */
  barrier?: number;
  /** Findings are on their way; the next ones wait for them. */
  findingsUnderWay: number;
}

export interface Progress {
  readonly now: number;
  readonly appendedThrough: number;
  readonly interpretedThrough: number;
  /** The pipeline closes: nothing more comes. */
  readonly isLast?: boolean;
}

export interface LogLedger {
  observe(positions: readonly LogPosition[], now: number): void;
  /** Findings of the logs that have settled; each must come back by `apply` or `giveBack`. */
  takeFindings(progress: Progress): LogFinding[];
  /** The finding is in the spool and its turn has come. Those of spool damage are of no interest here. */
  apply(finding: Finding): void;
  /** The finding could not be written; it will be found again. */
  giveBack(finding: LogFinding): void;
  /** Whether some log has not settled yet. */
  hasUnsettled(): boolean;
  /** Whether some log has so many holes that it must not wait for quiet. */
  isOverfull(): boolean;
  snapshot(): LogsSnapshot;
}

type Limits = Pick<PipelineLimits, 'settleMs' | 'logsMax' | 'rangesPerLogMax' | 'epochsPerLogMax'>;

const keyOf = ({ computer, channel }: LogName): string => `${computer}\0${channel}`.toLowerCase();

const epochAt = ({ epochs }: Log, when: number, id: number): Epoch | undefined => {
  for (let index = epochs.length - 1; index > 0; index -= 1) {
    const clear = epochs[index]?.clear;
    if (clear && (when > clear.when || (when === clear.when && id >= clear.recordId))) {
      return epochs[index];
    }
  }
  return epochs[0];
};

const openEpoch = (log: Log, position: LogPosition, epochsMax: number): void => {
  const { when, recordId } = position;
  if (log.epochs.some(({ clear }) => clear?.when === when)) return;
  const current = epochAt(log, when, recordId);
  const index = current ? log.epochs.indexOf(current) : 0;
  const [before, after] = splitEpoch(current ?? { ranges: [], reported: [] }, { when, recordId });
  log.epochs.splice(index, 1, before, after);
  if (log.epochs.length > epochsMax) log.epochs.shift();
  log.clears.push({
    kind: 'cleared',
    computer: log.computer,
    channel: log.channel,
    recordId,
    when,
  });
};

/** With what is known by now of the numbers before it. */
const completeClear = (log: Log, clear: ClearFinding): ClearFinding => {
  const index = log.epochs.findIndex((epoch) => epoch.clear?.when === clear.when);
  const before = log.epochs[index - 1]?.ranges.at(-1)?.to;
  return before === undefined ? clear : { ...clear, before };
};

const epochOf = (log: Log, { clearedAt }: LogName): Epoch | undefined =>
  log.epochs.find(({ clear }) => clear?.when === clearedAt);

const findingsOf = (log: Log): LogFinding[] => [
  ...log.clears.map((clear) => completeClear(log, clear)),
  ...log.epochs.flatMap((epoch): LogFinding[] => {
    const { found, filled } = changesOf(epoch);
    const name: LogName = {
      computer: log.computer,
      channel: log.channel,
      ...(epoch.clear && { clearedAt: epoch.clear.when }),
    };
    return [
      ...(found ? [{ kind: 'gap-found' as const, ...name, ...found }] : []),
      ...(filled ? [{ kind: 'gap-filled' as const, ...name, ...filled }] : []),
    ];
  }),
];

export const createLogLedger = (limits: Limits, saved: LogsSnapshot = []): LogLedger => {
  const logs = new Map<string, Log>(saved.map((log) => [keyOf(log), log]));
  /** Logs touched since they last settled. */
  const watched = new Map<string, Watch>();
  for (const [key, log] of logs) {
    if (findingsOf(log).length > 0) watched.set(key, { log, touchedAt: 0, findingsUnderWay: 0 });
  }
  let lastName: LogName | undefined;
  let lastLog: Log | undefined;

  const logOf = (name: LogName): Log => {
    const key = keyOf(name);
    const known = logs.get(key);
    if (known) return known;
    const { computer, channel } = name;
    const log: Log = { computer, channel, epochs: [{ ranges: [], reported: [] }], clears: [] };
    logs.set(key, log);
    if (logs.size > limits.logsMax) forgetOldest();
    return log;
  };

  const forgetOldest = (): void => {
    for (const key of logs.keys()) {
      if (watched.has(key)) continue;
      logs.delete(key);
      lastName = undefined;
      return;
    }
  };

  /** Events of one log mostly follow each other. */
  const logAt = (position: LogPosition): Log => {
    const isSame =
      lastName?.computer === position.computer && lastName.channel === position.channel;
    if (isSame && lastLog) return lastLog;
    lastName = position;
    lastLog = logOf(position);
    return lastLog;
  };

  const touch = (log: Log, now: number): void => {
    const key = keyOf(log);
    const watch = watched.get(key);
    if (watch) {
      watch.touchedAt = now;
      delete watch.barrier;
      return;
    }
    watched.set(key, { log, touchedAt: now, findingsUnderWay: 0 });
    // Moves it behind those that are forgotten first.
    logs.delete(key);
    logs.set(key, log);
  };

  const isOverfullLog = (log: Log): boolean =>
    log.epochs.some(({ ranges }) => ranges.length > limits.rangesPerLogMax);

  const isSettled = (watch: Watch, progress: Progress): boolean => {
    if (progress.isLast || isOverfullLog(watch.log)) return true;
    if (progress.now - watch.touchedAt < limits.settleMs) return false;
    watch.barrier ??= progress.appendedThrough;
    return progress.interpretedThrough >= watch.barrier;
  };

  const cameBack = (finding: LogFinding): void => {
    const watch = watched.get(keyOf(finding));
    if (watch && watch.findingsUnderWay > 0) watch.findingsUnderWay -= 1;
  };

  return {
    observe: (positions, now) => {
      const touched = new Set<Log>();
      for (const position of positions) {
        if (position.isClear) openEpoch(logAt(position), position, limits.epochsPerLogMax);
      }
      for (const position of positions) {
        const log = logAt(position);
        const epoch = epochAt(log, position.when, position.recordId);
        if (epoch) addId(epoch, position.recordId, position.when);
        touched.add(log);
      }
      for (const log of touched) touch(log, now);
    },
    takeFindings: (progress) => {
      const taken: LogFinding[] = [];
      for (const [key, watch] of watched) {
        if (watch.findingsUnderWay > 0 || !isSettled(watch, progress)) continue;
        const findings = findingsOf(watch.log);
        watch.findingsUnderWay = findings.length;
        taken.push(...findings);
        if (findings.length === 0) watched.delete(key);
      }
      return taken;
    },
    apply: (finding) => {
      if (finding.kind === 'spool-damaged') return;
      cameBack(finding);
      const log = logOf(finding);
      if (finding.kind === 'cleared') {
        log.clears = log.clears.filter(({ when }) => when !== finding.when);
        return;
      }
      const epoch = epochOf(log, finding);
      if (!epoch) return;
      if (finding.kind === 'gap-filled') markFilled(epoch, finding.ranges);
      else markReported(epoch, finding.ranges);
      if (epoch.ranges.length > limits.rangesPerLogMax) {
        forgetLowest(epoch, limits.rangesPerLogMax >>> 1);
      }
    },
    giveBack: cameBack,
    hasUnsettled: () => watched.size > 0,
    isOverfull: () => {
      for (const { log, findingsUnderWay } of watched.values()) {
        if (findingsUnderWay === 0 && isOverfullLog(log)) return true;
      }
      return false;
    },
    snapshot: () => [...logs.values()],
  };
};
