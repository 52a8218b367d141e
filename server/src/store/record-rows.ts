/** A record as a row of `activity`: column list, encoding to RowBinary, and what a SELECT of it gives back. */
import type { ActivityRecord, Detail, WhoKnownBy } from '@witness/record';
import type { SequencedRecord } from './audit-store.ts';
import { storeError } from './errors.ts';
import { ridTime, ridTimeDigits } from './rid-time.ts';
import type { RowBinaryWriter } from './row-binary-writer.ts';

/** Order of the encoder below. */
export const RECORD_COLUMNS =
  'ts, rid_delta, rid_hash, sequence, who, who_known_by, action, what, server, object_type, workstation, data_source, plan_id, plan_name, item, item_type, details';

const RID_LENGTH = 49;
const RID_TIME_LENGTH = 17;
const RID_HASH_BYTES = 16;

export const PRESENT = { before: 1, after: 2, message: 4 } as const;

const writeDetail = (writer: RowBinaryWriter, detail: Detail): void => {
  const { before, after, message } = detail;
  writer.string(detail.property);
  writer.string(before ?? '');
  writer.string(after ?? '');
  writer.string(message ?? '');
  writer.uint8(
    (before === undefined ? 0 : PRESENT.before) |
      (after === undefined ? 0 : PRESENT.after) |
      (message === undefined ? 0 : PRESENT.message),
  );
};

export const writeRecord = (writer: RowBinaryWriter, entry: SequencedRecord): void => {
  const { record } = entry;
  const { rid, when, plan, item, details } = record;
  const delta = ridTime(rid) - when;
  if (rid.length !== RID_LENGTH || !Number.isInteger(when) || !Number.isSafeInteger(delta)) {
    throw storeError('STORE_RECORD_INVALID', { reason: `RID ${rid}, when ${when}` });
  }
  writer.int64(when);
  writer.int64(delta);
  if (!writer.hex(rid, RID_TIME_LENGTH, RID_HASH_BYTES)) {
    throw storeError('STORE_RECORD_INVALID', { reason: `RID ${rid}` });
  }
  writer.uint64(entry.sequence);
  writer.string(record.who);
  writer.string(record.whoKnownBy);
  writer.string(record.action);
  writer.string(record.what);
  writer.string(record.where);
  writer.string(record.objectType);
  writer.optionalString(record.workstation);
  writer.string(record.dataSource);
  writer.string(plan === undefined ? '' : plan.id);
  writer.optionalString(plan?.name);
  writer.optionalString(item && `${item.name} (${item.type})`);
  writer.string(item === undefined ? '' : item.type);
  writer.varUint(details.length);
  for (const detail of details) writeDetail(writer, detail);
};

/** SELECT list of `RecordRow`. Times as numbers: the engine's text of a time ends in 2299. */
export const RECORD_SELECT =
  'toUnixTimestamp64Milli(ts), rid_delta, hex(rid_hash), who, who_known_by, action, what, server, object_type, workstation, data_source, plan_id, plan_name, item, item_type, details.property, details.before, details.after, details.message, details.present';

export type RecordRow = readonly [
  when: number,
  ridDelta: number,
  ridHash: string,
  who: string,
  whoKnownBy: WhoKnownBy,
  action: string,
  what: string,
  where: string,
  objectType: string,
  workstation: string | null,
  dataSource: string,
  planId: string,
  planName: string | null,
  item: string | null,
  itemType: string,
  properties: readonly string[],
  befores: readonly string[],
  afters: readonly string[],
  messages: readonly string[],
  presents: readonly number[],
];

const NO_DETAILS: readonly Detail[] = [];

const readDetails = (row: RecordRow): readonly Detail[] => {
  const properties = row[15];
  if (properties.length === 0) return NO_DETAILS;
  return properties.map((property, index) => {
    const present = row[19][index] ?? 0;
    return {
      property,
      ...(present & PRESENT.before && { before: row[16][index] ?? '' }),
      ...(present & PRESENT.after && { after: row[17][index] ?? '' }),
      ...(present & PRESENT.message && { message: row[18][index] ?? '' }),
    };
  });
};

export const readRecord = (row: RecordRow): ActivityRecord => {
  const [when, ridDelta, ridHash, who, whoKnownBy, action, what, where, objectType] = row;
  const [workstation, dataSource, planId, planName, item, itemType] = [
    row[9],
    row[10],
    row[11],
    row[12],
    row[13],
    row[14],
  ];
  return {
    rid: ridTimeDigits(when + ridDelta) + ridHash,
    who,
    whoKnownBy,
    action,
    what,
    when,
    where,
    objectType,
    ...(workstation !== null && { workstation }),
    dataSource,
    ...(planName !== null && { plan: { id: planId, name: planName } }),
    ...(item !== null && {
      item: { name: item.slice(0, item.length - itemType.length - ' ()'.length), type: itemType },
    }),
    details: readDetails(row),
  };
};
