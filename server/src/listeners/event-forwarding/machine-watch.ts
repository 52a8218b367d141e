/** Keeps the ledger of computers, and sees to it that what it finds becomes records. */
import type { Emit } from '../../telemetry/index.ts';
import type { BookmarkStore } from './bookmark-store.ts';
import type { ForwardingFinding } from './completeness-records.ts';
import type { Deliverer } from './deliver-events.ts';
import type { Machine } from './machine.ts';
import { createMachineLedger, type MachineState } from './machine-ledger.ts';

export interface MachineWatch {
  heard(machine: Machine): void;
  /** Looks for computers that have gone quiet; resolves when what it found is durable or waits for the next time. */
  sweep(): Promise<void>;
  machines(): Iterable<MachineState>;
  readonly size: number;
}

/** Findings that could not be stored yet. Each computer has few, so that this is never reached while the disk works. */
const WAITING_MAX = 200_000;

export const createMachineWatch = (options: {
  readonly quietAfterMs: number;
  readonly machinesMax: number;
  readonly bookmarks: BookmarkStore;
  readonly deliverer: Pick<Deliverer, 'tell'>;
  readonly emit: Emit;
  readonly clock: () => number;
}): MachineWatch => {
  const { quietAfterMs, machinesMax, bookmarks, deliverer, emit, clock } = options;
  const ledger = createMachineLedger({
    quietAfterMs,
    machinesMax,
    startedAt: clock(),
    known: bookmarks.machines(),
  });
  let waiting: ForwardingFinding[] = [];
  let telling: Promise<void> | undefined;

  const tellWaiting = async (): Promise<void> => {
    const findings = waiting;
    waiting = [];
    if (findings.length === 0) return;
    try {
      await deliverer.tell(findings);
    } catch (error) {
      waiting = [...findings, ...waiting];
      const lost = waiting.splice(0, Math.max(0, waiting.length - WAITING_MAX));
      emit({
        name: 'event-forwarding.findings-wait',
        level: lost.length > 0 ? 'error' : 'warn',
        message: `${waiting.length} records of computers that went quiet or came back wait to be stored${lost.length > 0 ? `; ${lost.length} are lost` : ''}`,
        error,
      });
    }
  };
  const tell = (): Promise<void> => {
    telling ??= tellWaiting().finally(() => {
      telling = undefined;
    });
    return telling;
  };

  return {
    heard: ({ name }) => {
      const now = clock();
      const { isNew, finding } = ledger.touch(name, now);
      if (finding) {
        waiting.push(finding);
        void tell();
      }
      if (!isNew) return;
      void bookmarks.put({ machine: name, at: now });
      for (const machine of ledger.overflow()) {
        void bookmarks.forget(machine);
        emit({
          name: 'event-forwarding.machine-forgotten',
          level: 'warn',
          message: `${machine} is forgotten: there are more than ${machinesMax} computers`,
          fields: { machine },
        });
      }
    },
    sweep: async () => {
      for (const finding of ledger.sweep(clock())) {
        waiting.push(finding);
        // The next start then knows when it was last heard from, and tells the very same record.
        void bookmarks.put({ machine: finding.machine, at: finding.lastSeenAt });
      }
      await tell();
    },
    machines: ledger.list,
    get size() {
      return ledger.size;
    },
  };
};
