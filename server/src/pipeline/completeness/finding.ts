/**
 * What completeness found, as a raw event of its own: it takes the same durable way as all others, and a replay tells the
 * ledger again what was reported.
 */
import {
  DATA_SOURCE_SELF_AUDIT,
  type Detail,
  RECORD_LIMITS,
  type RecordContent,
} from '@witness/record';
import type { PlacedDraft, RawInput } from '../../sources/index.ts';
import { PIPELINE_LIMITS } from '../pipeline-limits.ts';
import type { SpoolDamage } from '../spool/replay.ts';
import { countNumbers, formatIntervals, type Interval } from './intervals.ts';

export interface LogName {
  readonly computer: string;
  readonly channel: string;
  /** When the log was cleared before these numbers, UTC milliseconds; absent before the first known clear. */
  readonly clearedAt?: number;
}

export interface GapFinding extends LogName {
  readonly kind: 'gap-found' | 'gap-filled';
  readonly ranges: readonly Interval[];
  /** UTC milliseconds of the event behind the last hole, or of the newest one that filled. */
  readonly when: number;
}

export interface ClearFinding extends LogName {
  readonly kind: 'cleared';
  readonly recordId: number;
  /** Highest number seen before the clear. */
  readonly before?: number;
  readonly when: number;
}

export interface DamageFinding extends SpoolDamage {
  readonly kind: 'spool-damaged';
  /** The computer whose disk it is. */
  readonly server: string;
}

export type LogFinding = GapFinding | ClearFinding;
export type Finding = LogFinding | DamageFinding;

/** In the spool; never reused for another format. */
export const COMPLETENESS_INPUT = 'completeness';

const RANGES_IN_WHAT_MAX = 3;

const logName = ({ channel, computer }: LogName): string => `${channel} log of ${computer}`;

const plural = (count: number, word: string): string => `${count} ${word}${count === 1 ? '' : 's'}`;

const gapWords = {
  'gap-found': { action: 'Gap found', is: 'missing' },
  'gap-filled': { action: 'Gap filled', is: 'no longer missing' },
} as const;

type Told = Pick<RecordContent, 'action' | 'what' | 'when' | 'where' | 'details'>;

const tellGap = (finding: GapFinding): Told => {
  const { ranges } = finding;
  const { action, is } = gapWords[finding.kind];
  const count = countNumbers(ranges);
  const first = formatIntervals(ranges, RANGES_IN_WHAT_MAX);
  const more = ranges.length > RANGES_IN_WHAT_MAX ? ', ...' : '';
  return {
    action,
    what: `${logName(finding)}: ${plural(count, 'event')} ${is} (${first}${more})`,
    when: finding.when,
    where: finding.computer,
    details: [
      { property: 'Log', after: finding.channel },
      { property: 'Events', after: `${count}` },
      { property: 'Ranges', after: `${ranges.length}` },
      { property: 'Record ids', after: formatIntervals(ranges, PIPELINE_LIMITS.rangesShownMax) },
    ],
  };
};

const tellClear = (finding: ClearFinding): Told => ({
  action: 'Log cleared',
  what: `${logName(finding)}: cleared`,
  when: finding.when,
  where: finding.computer,
  details: [
    { property: 'Log', after: finding.channel },
    { property: 'Record id', after: `${finding.recordId}` },
    ...(finding.before === undefined
      ? []
      : [{ property: 'Last record id before', after: `${finding.before}` }]),
  ],
});

const tellDamage = (finding: DamageFinding): Told => {
  const { batches, bytes, offset, segment } = finding;
  const loss: Detail =
    batches === undefined
      ? {
          property: 'Batches',
          message:
            'Not known. Usually a write that was cut off before its sender was answered; the sender sends it again.',
        }
      : { property: 'Batches', after: `${batches}` };
  return {
    action: 'Spool damaged',
    what: `${segment}: ${plural(bytes, 'byte')} unreadable at ${offset}${batches === undefined ? '' : `, ${plural(batches, 'batch')} missing`}`,
    when: finding.writtenAt,
    where: finding.server,
    details: [
      { property: 'Segment', after: segment },
      { property: 'Offset', after: `${offset}` },
      { property: 'Bytes', after: `${bytes}` },
      loss,
      ...(finding.reason === undefined ? [] : [{ property: 'Reason', after: finding.reason }]),
    ],
  };
};

const tell = (finding: Finding): Told => {
  switch (finding.kind) {
    case 'gap-found':
    case 'gap-filled':
      return tellGap(finding);
    case 'cleared':
      return tellClear(finding);
    case 'spool-damaged':
      return tellDamage(finding);
  }
};

const toDraft = (finding: Finding): PlacedDraft => {
  const told = tell(finding);
  return {
    ...told,
    where: told.where.slice(0, RECORD_LIMITS.whereLength),
    who: 'Witness',
    whoKnownBy: 'event',
    objectType: 'Completeness',
    dataSource: DATA_SOURCE_SELF_AUDIT,
    // All that was found: the details show only the first ranges.
    identity: JSON.stringify(finding),
  };
};

export const encodeFinding = (finding: Finding): Uint8Array => Buffer.from(JSON.stringify(finding));

const decodeFinding = (bytes: Uint8Array): Finding => JSON.parse(Buffer.from(bytes).toString());

export const decodeFindings = (events: readonly Uint8Array[]): Finding[] =>
  events.map(decodeFinding);

export const COMPLETENESS_RAW_INPUT: RawInput = {
  id: COMPLETENESS_INPUT,
  identity: 'content',
  interpret: (event) => ({ drafts: [toDraft(decodeFinding(event))] }),
};
