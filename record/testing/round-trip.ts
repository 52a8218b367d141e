/** What the fuzzers hold every accepted record to: written and read again it has the same values. */
import assert from 'node:assert/strict';
import {
  type ActivityRecord,
  createRid,
  formatItem,
  type IncomingRecord,
  parseRecordLine,
  parseRecordsJson,
  parseRecordsXml,
  recordsToJson,
  recordsToXml,
  recordToJson,
  WitnessError,
} from '../index.ts';

const RID = createRid(0, '00112233445566778899AABBCCDDEEFF');
const PLAN_ID = '{00112233-4455-6677-8899-AABBCCDDEEFF}';
const MARK = 'bWFyay0wMDE3';

const toRecord = (incoming: IncomingRecord): ActivityRecord => {
  const { plan, item, isArchiveOnly: _, dataSource = 'Netwrix API', ...content } = incoming;
  return {
    ...content,
    rid: RID,
    dataSource,
    ...(plan && { plan: { id: plan.id ?? PLAN_ID, name: plan.name } }),
    ...(item && { item: { name: item.name, type: 'Integration' } }),
  };
};

/** Output has whole seconds. */
const toIncoming = (record: ActivityRecord): IncomingRecord => {
  const { rid: _, item, whoKnownBy: __, when, ...content } = record;
  return {
    ...content,
    whoKnownBy: 'client',
    when: Math.floor(when / 1000) * 1000,
    ...(item && { item: { name: formatItem(item) } }),
    isArchiveOnly: false,
  };
};

const XML_IMPOSSIBLE = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu;

const toXmlPossible = (value: unknown): unknown => {
  if (typeof value === 'string') return value.replace(XML_IMPOSSIBLE, '\uFFFD');
  if (Array.isArray(value)) return value.map(toXmlPossible);
  return value !== null && typeof value === 'object'
    ? Object.fromEntries(
        Object.entries(value).map(([name, member]) => [name, toXmlPossible(member)]),
      )
    : value;
};

/** Clients cannot write messages: they are ignored on the way in. */
const withoutMessages = (record: IncomingRecord): IncomingRecord => ({
  ...record,
  details: record.details.map(({ message: _, ...detail }) => detail),
});

/** The records, or undefined when the input is refused as it should be; any other error is a finding. */
export const tryRead = (read: () => IncomingRecord[]): IncomingRecord[] | undefined => {
  try {
    return read();
  } catch (error) {
    if (error instanceof WitnessError) return undefined;
    throw error;
  }
};

/** Throws when a record does not survive. */
export const assertRoundTrip = (incoming: readonly IncomingRecord[]): void => {
  const records = incoming.map(toRecord);
  const expected = records.map(toIncoming);
  const fromClient = expected.map(withoutMessages);
  const page = JSON.parse(Buffer.from(recordsToJson(records, MARK)).toString()) as {
    readonly ActivityRecordList: unknown;
  };
  const json = JSON.stringify(page.ActivityRecordList);
  assert.deepEqual(parseRecordsJson(json), fromClient);
  const xml = Buffer.from(recordsToXml(records, MARK)).toString();
  assert.deepEqual(parseRecordsXml(xml), toXmlPossible(fromClient));
  assert.deepEqual(
    records.map((record) => parseRecordLine(recordToJson(record))),
    expected.map((record) => ({ ...record, rid: RID })),
  );
};
