/** A batch of events on its way into the pipeline: whose they are, made durable, then the bookmark. */
import { type PlanRef, RECORD_LIMITS } from '@witness/record';
import type { WsmanRequest } from '../../codecs/index.ts';
import type { RecordSink } from '../../pipeline/index.ts';
import { ITEM_TYPE_UNVERIFIED } from '../../sources/index.ts';
import type { BookmarkStore } from './bookmark-store.ts';
import { type ForwardingFinding, toCompletenessRecord } from './completeness-records.ts';
import { computerOfEvent } from './computer-of-event.ts';
import type { Machine } from './machine.ts';

export const LISTENER = 'event-forwarding';

/** A forwarder with this in its list may send events of all computers. */
const ANY_COMPUTER = '*';

export interface Delivery {
  readonly sink: RecordSink;
  readonly bookmarks: BookmarkStore;
  /** Computers whose events a machine may forward beside its own; `*` is all. */
  readonly declaredForwarders: (machine: string) => readonly string[];
  /** The monitoring plan of a subscription. */
  readonly planOf: (subscription: string) => PlanRef | undefined;
  readonly clock: () => number;
  readonly randomBytes: (count: number) => Uint8Array;
  readonly unverifiedPairsMax: number;
}

type EventsRequest = Extract<WsmanRequest, { kind: 'events' }>;

export interface DeliveredBatch {
  readonly request: EventsRequest;
  readonly machine: Machine;
  readonly subscription: string;
}

export interface Deliverer {
  /** Resolves when all of it is durable; rejects with PIPELINE_*, and the computer is to send it all again. */
  deliver(batch: DeliveredBatch): Promise<{ readonly unverified: number }>;
  /** Resolves when it is durable. Rejects with PIPELINE_*. */
  tell(findings: readonly ForwardingFinding[]): Promise<void>;
}

const HOUR_MS = 3_600_000;
/** Computers named in one hour for one sender; a machine that makes up more is told of once. */
const COMPUTERS_TOLD_MAX = 100;
const FURTHER_COMPUTERS = `more than ${COMPUTERS_TOLD_MAX} computers`;

interface Sorted {
  readonly own: Uint8Array[];
  readonly unverified: Uint8Array[];
  /** As the events name them; by their names in lower case. */
  readonly computers: Map<string, string>;
}

/** Bytes are copies: the texts share the memory of their envelope. */
const sortEvents = (
  events: readonly string[],
  mayForward: (computer: string) => boolean,
): Sorted => {
  const sorted: Sorted = { own: [], unverified: [], computers: new Map() };
  for (const xml of events) {
    const computer = computerOfEvent(xml);
    const isAccepted = computer === undefined || mayForward(computer);
    (isAccepted ? sorted.own : sorted.unverified).push(Buffer.from(xml, 'utf8'));
    if (isAccepted || sorted.computers.size > COMPUTERS_TOLD_MAX) continue;
    const key = computer.toLowerCase();
    if (!sorted.computers.has(key)) {
      sorted.computers.set(key, computer.slice(0, RECORD_LIMITS.whereLength));
    }
  }
  return sorted;
};

/** Remembers the answer for the computer asked about last: a batch is mostly of one. */
const createMayForward = (
  machine: Machine,
  declaredForwarders: Delivery['declaredForwarders'],
): ((computer: string) => boolean) => {
  let declared: ReadonlySet<string> | undefined;
  let last: string | undefined;
  let isLast = false;
  const isDeclared = (computer: string): boolean => {
    declared ??= new Set(declaredForwarders(machine.name).map((name) => name.toLowerCase()));
    return declared.has(ANY_COMPUTER) || declared.has(computer.toLowerCase());
  };
  return (computer) => {
    if (computer === last) return isLast;
    last = computer;
    isLast = machine.isOwn(computer) || isDeclared(computer);
    return isLast;
  };
};

/** Which pairs of sender and computer were told of in the current hour. */
const createUnverifiedPairs = (pairsMax: number) => {
  let hour = Number.NaN;
  let pairs = 0;
  let told = new Map<string, Set<string>>();
  return {
    /** What is still to be told; `remember` once it is durable. */
    findings: (machine: string, computers: ReadonlyMap<string, string>, now: number) => {
      const begin = Math.floor(now / HOUR_MS) * HOUR_MS;
      if (begin !== hour || pairs > pairsMax) {
        hour = begin;
        pairs = 0;
        told = new Map();
      }
      const known = told.get(machine);
      const findings = new Map<string, ForwardingFinding>();
      for (const [key, name] of computers) {
        const isTooMany = (known?.size ?? 0) + findings.size >= COMPUTERS_TOLD_MAX;
        const pair = isTooMany ? FURTHER_COMPUTERS : key;
        if (known?.has(pair)) continue;
        const computer = isTooMany ? FURTHER_COMPUTERS : name;
        findings.set(pair, { kind: 'sender-unverified', machine, computer, when: hour });
        if (isTooMany) break;
      }
      return findings;
    },
    remember: (machine: string, keys: Iterable<string>): void => {
      const known = told.get(machine) ?? new Set();
      told.set(machine, known);
      for (const key of keys) {
        known.add(key);
        pairs += 1;
      }
    },
  };
};

const BATCH_ID_BYTES = 16;
const DURABLE = { waitFor: 'durable' } as const;

export const createDeliverer = (delivery: Delivery): Deliverer => {
  const { sink, bookmarks, declaredForwarders, clock, randomBytes } = delivery;
  const pairs = createUnverifiedPairs(delivery.unverifiedPairsMax);

  const batchId = (): string => Buffer.from(randomBytes(BATCH_ID_BYTES)).toString('hex');
  const submitEvents = async (
    events: readonly Uint8Array[],
    from: {
      readonly machine: Machine;
      readonly subscription: string;
      readonly isVerified: boolean;
      readonly now: number;
    },
  ): Promise<void> => {
    if (events.length === 0) return;
    const sender = from.machine.name;
    const plan = delivery.planOf(from.subscription);
    await sink.submit(
      {
        input: 'windows-event-xml',
        events,
        receivedAt: from.now,
        origin: { listener: LISTENER, sender },
        batchId: batchId(),
        ...(plan && { plan }),
        // The item is not part of the identity of a record: the same event from its own computer too adds nothing.
        ...(!from.isVerified && { item: { name: sender, type: ITEM_TYPE_UNVERIFIED } }),
      },
      DURABLE,
    );
  };
  const tell: Deliverer['tell'] = async (findings) => {
    if (findings.length === 0) return;
    await sink.submit(
      {
        input: 'activity-records-collected',
        events: [Buffer.from(JSON.stringify(findings.map(toCompletenessRecord)))],
        receivedAt: clock(),
        origin: { listener: LISTENER, sender: 'Witness' },
        batchId: batchId(),
      },
      DURABLE,
    );
  };

  const deliver: Deliverer['deliver'] = async ({ request, machine, subscription }) => {
    const now = clock();
    const { header, events, droppedEvents } = request;
    const sorted = sortEvents(events, createMayForward(machine, declaredForwarders));
    const unverified = pairs.findings(machine.name, sorted.computers, now);
    const findings: ForwardingFinding[] = [...unverified.values()];
    if (droppedEvents > 0) {
      findings.push({
        kind: 'events-dropped',
        machine: machine.name,
        subscription,
        events: droppedEvents,
        messageId: header.messageId,
        when: now,
      });
    }
    await Promise.all([
      submitEvents(sorted.own, { machine, subscription, isVerified: true, now }),
      submitEvents(sorted.unverified, { machine, subscription, isVerified: false, now }),
      tell(findings),
    ]);
    pairs.remember(machine.name, unverified.keys());
    if (header.bookmarkXml !== undefined) {
      const { bookmarkXml } = header;
      await bookmarks.put({ machine: machine.name, subscription, bookmarkXml, at: now });
    }
    return { unverified: sorted.unverified.length };
  };
  return { deliver, tell };
};
