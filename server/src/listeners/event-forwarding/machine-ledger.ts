/** When each computer was last heard from, and which ones have gone quiet. */
import type { ForwardingFinding } from './completeness-records.ts';

/** One small object for each of tens of thousands of computers. */
interface Seen {
  at: number;
  /** Last heard from before this server started to listen; the computer has had no chance to come back yet. */
  isFromBefore: boolean;
  isQuiet: boolean;
}

export interface MachineState {
  readonly machine: string;
  /** UTC milliseconds. */
  readonly lastSeenAt: number;
  readonly isQuiet: boolean;
}

type MachineFinding = Extract<ForwardingFinding, { kind: 'went-quiet' | 'came-back' }>;

export interface MachineLedger {
  /** The computer was heard from. Tells whether it was not known, and what is to be told of it. */
  touch(
    machine: string,
    now: number,
  ): { readonly isNew: boolean; readonly finding?: MachineFinding };
  /** Computers that have gone quiet since the last call. */
  sweep(now: number): readonly MachineFinding[];
  /** Computers to forget, because there are too many. */
  overflow(): readonly string[];
  list(): Iterable<MachineState>;
  readonly size: number;
}

export const createMachineLedger = (options: {
  readonly quietAfterMs: number;
  readonly machinesMax: number;
  readonly startedAt: number;
  /** Heard from before this server started. */
  readonly known: Iterable<readonly [machine: string, at: number]>;
}): MachineLedger => {
  const { quietAfterMs, machinesMax, startedAt } = options;
  /** The one heard from last comes last, so that the silent ones are found at the beginning. */
  const seen = new Map<string, Seen>();
  for (const [machine, at] of [...options.known].sort((a, b) => a[1] - b[1])) {
    seen.set(machine, { at, isFromBefore: true, isQuiet: false });
  }
  const dueAt = ({ at, isFromBefore }: Seen): number =>
    (isFromBefore ? Math.max(at, startedAt) : at) + quietAfterMs;

  return {
    touch: (machine, now) => {
      const before = seen.get(machine);
      if (!before) {
        seen.set(machine, { at: now, isFromBefore: false, isQuiet: false });
        return { isNew: true };
      }
      const { isQuiet, at: lastSeenAt } = before;
      before.at = now;
      before.isFromBefore = false;
      before.isQuiet = false;
      seen.delete(machine);
      seen.set(machine, before);
      return isQuiet
        ? { isNew: false, finding: { kind: 'came-back', machine, lastSeenAt, when: now } }
        : { isNew: false };
    },
    sweep: (now) => {
      const findings: MachineFinding[] = [];
      for (const [machine, one] of seen) {
        if (one.isQuiet) continue;
        // All behind this one were heard from later.
        if (dueAt(one) > now) break;
        one.isQuiet = true;
        // Not the time of this look: telling it again after a restart is then the same record.
        const when = one.at + quietAfterMs;
        findings.push({ kind: 'went-quiet', machine, lastSeenAt: one.at, when });
      }
      return findings;
    },
    overflow: () => {
      const forgotten: string[] = [];
      for (const machine of seen.keys()) {
        if (seen.size <= machinesMax) break;
        seen.delete(machine);
        forgotten.push(machine);
      }
      return forgotten;
    },
    list: function* () {
      for (const [machine, { at, isQuiet }] of seen) yield { machine, lastSeenAt: at, isQuiet };
    },
    get size() {
      return seen.size;
    },
  };
};
