/** Valid records to the raw events of the pipeline: plan and item looked up, data source set, cut into events. Pure. */
import {
  DATA_SOURCE_API,
  type IncomingRecord,
  ITEM_TYPE_INTEGRATION,
  type ItemRef,
  type PlanRef,
  parseItem,
} from '@witness/record';
import type { PlacedRecord } from '../../sources/integration-api/index.ts';

/** As records name it. */
export type PlanName = NonNullable<IncomingRecord['plan']>;

/** A plan that records may be written to. Plain data: it goes to the worker as it is. */
export interface PlanPlace {
  readonly wanted: PlanName;
  readonly plan: PlanRef;
  readonly items: readonly ItemRef[];
}

export interface RawEvents {
  readonly events: readonly Uint8Array<ArrayBuffer>[];
  readonly parsed: readonly (readonly PlacedRecord[])[];
}

/** One raw event holds at most so many records, and no further one beyond so many characters: the pipeline works event by event. */
const EVENT_RECORDS_MAX = 500;
const EVENT_LENGTH_MAX = 256 * 1024;

const toPlanKey = ({ name, id }: PlanName): string => (id === undefined ? name : `${id}\n${name}`);

/** Item names are compared without letter case, as those of plans are. */
const toItemKey = (name: string): string => name.normalize('NFC').toLowerCase();

/** Where the records of a body are to go. */
export interface Destinations {
  /** Each plan that records name, once. */
  readonly plans: readonly PlanName[];
  /** Whether there are records that name no plan. */
  readonly includesUnplanned: boolean;
}

export const destinationsOf = (records: readonly IncomingRecord[]): Destinations => {
  const plans = new Map<string, PlanName>();
  let includesUnplanned = false;
  for (const { plan } of records) {
    if (plan) plans.set(toPlanKey(plan), plan);
    else includesUnplanned = true;
  }
  return { plans: [...plans.values()], includesUnplanned };
};

type FindItem = (name: string) => ItemRef | undefined;

/** The name as given, or without the type that output appends, so that a client may post what it has read. */
const createFindItem = (items: readonly ItemRef[]): FindItem => {
  const byName = new Map(items.map((item) => [toItemKey(item.name), item]));
  return (text) => {
    const exact = byName.get(toItemKey(text));
    if (exact) return exact;
    const { name, type } = parseItem(text);
    return type === ITEM_TYPE_INTEGRATION ? byName.get(toItemKey(name)) : undefined;
  };
};

type Place = (record: IncomingRecord) => { readonly plan?: PlanRef; readonly item?: ItemRef };

const NOWHERE: ReturnType<Place> = {};

/** Without a plan a record has no item either; an item nobody knows is left out. */
const createPlace = (places: readonly PlanPlace[]): Place => {
  const byPlan = new Map(
    places.map(({ wanted, plan, items }) => [
      toPlanKey(wanted),
      { plan, findItem: createFindItem(items) },
    ]),
  );
  return (record) => {
    const found = record.plan && byPlan.get(toPlanKey(record.plan));
    if (!found) return NOWHERE;
    const item = record.item && found.findItem(record.item.name);
    return item ? { plan: found.plan, item } : { plan: found.plan };
  };
};

type Growing<T> = { -readonly [Member in keyof T]: T[Member] };

const toPlaced = (record: IncomingRecord, place: Place): PlacedRecord => {
  const placed: Growing<PlacedRecord> = {
    who: record.who,
    whoKnownBy: 'client',
    action: record.action,
    what: record.what,
    when: record.when,
    where: record.where,
    objectType: record.objectType,
    dataSource: DATA_SOURCE_API,
    details: record.details,
  };
  if (record.workstation !== undefined) placed.workstation = record.workstation;
  if (record.isArchiveOnly) placed.isArchiveOnly = true;
  const { plan, item } = place(record);
  if (plan) placed.plan = plan;
  if (item) placed.item = item;
  return placed;
};

const UTF8 = new TextEncoder();

/** Every plan that a record names is among the places. */
export const toRawEvents = (
  records: readonly IncomingRecord[],
  places: readonly PlanPlace[],
): RawEvents => {
  const place = createPlace(places);
  const events: Uint8Array<ArrayBuffer>[] = [];
  const parsed: PlacedRecord[][] = [];
  let open: PlacedRecord[] = [];
  let texts: string[] = [];
  let length = 0;
  const close = (): void => {
    if (open.length === 0) return;
    events.push(UTF8.encode(`[${texts.join(',')}]`));
    parsed.push(open);
    open = [];
    texts = [];
    length = 0;
  };
  for (const record of records) {
    const placed = toPlaced(record, place);
    const text = JSON.stringify(placed);
    open.push(placed);
    texts.push(text);
    length += text.length;
    if (open.length >= EVENT_RECORDS_MAX || length >= EVENT_LENGTH_MAX) close();
  }
  close();
  return { events, parsed };
};
