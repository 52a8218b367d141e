/** Activity Records as the Integration API's JSON. Members in the documented order; absent values are left out. */
import type { ActivityRecord, Detail } from './activity-record.ts';
import { formatItem } from './item-text.ts';
import { formatWhen } from './when.ts';

const toDetail = (detail: Detail) => ({
  Before: detail.before,
  After: detail.after,
  PropertyName: detail.property,
  Message: detail.message,
});

/** JSON.stringify leaves undefined members out. */
const toRecord = (record: ActivityRecord) => ({
  Action: record.action,
  MonitoringPlan: record.plan && { ID: record.plan.id, Name: record.plan.name },
  DataSource: record.dataSource,
  Item: record.item && { Name: formatItem(record.item) },
  ObjectType: record.objectType,
  RID: record.rid,
  What: record.what,
  When: formatWhen(record.when),
  Where: record.where,
  Who: record.who,
  Workstation: record.workstation,
  DetailList: record.details.length > 0 ? record.details.map(toDetail) : undefined,
});

/** One JSON object on one line. Lone surrogates are written as escapes. */
export const recordToJson = (record: ActivityRecord): string => JSON.stringify(toRecord(record));

/** A page of records with the mark that continues it. */
export const recordsToJson = (records: readonly ActivityRecord[], mark: string): string =>
  JSON.stringify({ ActivityRecordList: records.map(toRecord), ContinuationMark: mark });
