/** Activity Records as the Integration API's XML. Elements in the documented order; absent values are left out. */
import type { ActivityRecord, Detail } from './activity-record.ts';
import { escapeXml } from './escape-xml.ts';
import { formatItem } from './item-text.ts';
import { RECORDS_NAMESPACE } from './records-xml.ts';
import { formatWhen } from './when.ts';

const element = (name: string, value: string | undefined): string =>
  value === undefined ? '' : `<${name}>${escapeXml(value)}</${name}>`;

const detailXml = (detail: Detail): string =>
  `<Detail>${element('Before', detail.before)}${element('After', detail.after)}${element('PropertyName', detail.property)}${element('Message', detail.message)}</Detail>`;

const membersXml = (record: ActivityRecord): string => {
  const { plan, item, details } = record;
  return [
    element('Action', record.action),
    plan
      ? `<MonitoringPlan>${element('ID', plan.id)}${element('Name', plan.name)}</MonitoringPlan>`
      : '',
    element('DataSource', record.dataSource),
    item ? `<Item>${element('Name', formatItem(item))}</Item>` : '',
    element('ObjectType', record.objectType),
    element('RID', record.rid),
    element('What', record.what),
    element('When', formatWhen(record.when)),
    element('Where', record.where),
    element('Who', record.who),
    element('Workstation', record.workstation),
    details.length > 0 ? `<DetailList>${details.map(detailXml).join('')}</DetailList>` : '',
  ].join('');
};

/** One element that declares its namespace, without an XML declaration. */
export const recordToXml = (record: ActivityRecord): string =>
  `<ActivityRecord xmlns="${RECORDS_NAMESPACE}">${membersXml(record)}</ActivityRecord>`;

const listItemXml = (record: ActivityRecord): string =>
  `<ActivityRecord>${membersXml(record)}</ActivityRecord>`;

/** A page of records with the mark that continues it, as a document. Characters XML cannot hold become U+FFFD. */
export const recordsToXml = (records: readonly ActivityRecord[], mark: string): string =>
  `<?xml version="1.0" standalone="yes"?>\n<ActivityRecordList xmlns="${RECORDS_NAMESPACE}">${element('ContinuationMark', mark)}${records.map(listItemXml).join('')}</ActivityRecordList>`;
