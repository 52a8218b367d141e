/** Reads Activity Records from XML: an `ActivityRecordList`. */
import {
  type Cursor,
  DETAIL_RULE,
  type IncomingRecord,
  ITEM_RULE,
  locationOf,
  type ObjectRule,
  PLAN_RULE,
  RECORD_RULE,
  readRecord,
  type SourceObject,
  unknownElement,
} from './incoming-record.ts';
import { recordError, shown } from './record-errors.ts';
import { parseXmlList, type XmlLimits, type XmlNode } from './xml-tree.ts';

/** Namespace of records, searches and marks. */
export const RECORDS_NAMESPACE = 'http://schemas.netwrix.com/api/v1/activity_records/';

/** None at all, and the spelling that the documentation of version 10.6 printed, are accepted too. */
const ACCEPTED_NAMESPACES: ReadonlySet<string> = new Set([
  RECORDS_NAMESPACE,
  '',
  'http//schemas.netwrix.com/api/v1/activity_records/',
]);
const NIL = '{http://www.w3.org/2001/XMLSchema-instance}nil';

/** For each record: room for one detail too many, so that the error is about details. */
const LIMITS: Partial<XmlLimits> = { depthMax: 16, elementsMax: 100_000, attributesMax: 100_000 };

/** Blanks around these mean nothing: XML Schema collapses them in its dateTime and boolean. */
const COLLAPSED: ReadonlySet<string> = new Set(['When', 'IsArchiveOnly']);

const OBJECTS: Readonly<Record<string, ObjectRule>> = {
  MonitoringPlan: PLAN_RULE,
  Item: ITEM_RULE,
};

const LIST_RULE: ObjectRule = {
  element: 'ActivityRecordList',
  members: new Set(['ContinuationMark', RECORD_RULE.element]),
};
const DETAIL_LIST_RULE: ObjectRule = {
  element: 'DetailList',
  members: new Set([DETAIL_RULE.element]),
  path: '/DetailList',
};

const kindError = (element: string, expected: string, location: string) =>
  recordError('RECORD_ELEMENT_KIND', { element: shown(element), expected }, { location });

const refuseUnknown = (child: XmlNode, parent: ObjectRule, cursor: Cursor): void => {
  if (!ACCEPTED_NAMESPACES.has(child.namespace) || !parent.members.has(child.name)) {
    throw unknownElement(child.name, parent, cursor);
  }
};

const refuseText = (node: XmlNode, cursor: Cursor, path?: string): void => {
  if (node.text.trim() !== '') {
    throw kindError(node.name, 'free of text', locationOf(cursor, path));
  }
};

const isNil = (node: XmlNode): boolean => {
  const nil = node.attributes[NIL];
  return nil === 'true' || nil === '1';
};

const toText = (node: XmlNode, cursor: Cursor, path = ''): string => {
  if (node.children.length > 0) {
    throw kindError(node.name, 'a text value', locationOf(cursor, `${path}/${node.name}`));
  }
  return COLLAPSED.has(node.name) ? node.text.trim() : node.text;
};

/** An element with children as the object that JSON.parse would make of its JSON form. */
const toObject = (
  node: XmlNode,
  rule: ObjectRule,
  read: { readonly cursor: Cursor; readonly member: (child: XmlNode) => unknown },
): SourceObject => {
  const { cursor } = read;
  refuseText(node, cursor, rule.path);
  const object: Record<string, unknown> = {};
  for (const child of node.children) {
    refuseUnknown(child, rule, cursor);
    if (Object.hasOwn(object, child.name)) {
      const location = locationOf(cursor, rule.path);
      throw recordError('RECORD_ELEMENT_REPEATED', { element: child.name }, { location });
    }
    object[child.name] = isNil(child) ? null : read.member(child);
  }
  return object;
};

const toDetails = (node: XmlNode, cursor: Cursor): SourceObject[] => {
  refuseText(node, cursor, '/DetailList');
  const member = (child: XmlNode) => toText(child, cursor);
  const details = node.children.map((child) => {
    refuseUnknown(child, DETAIL_LIST_RULE, cursor);
    cursor.detail += 1;
    return toObject(child, DETAIL_RULE, { cursor, member });
  });
  cursor.detail = 0;
  return details;
};

const toMember = (node: XmlNode, cursor: Cursor): unknown => {
  if (node.name === DETAIL_LIST_RULE.element) return toDetails(node, cursor);
  const rule = OBJECTS[node.name];
  return rule
    ? toObject(node, rule, { cursor, member: (child) => toText(child, cursor, rule.path) })
    : toText(node, cursor);
};

const refuseRoot = (root: XmlNode): void => {
  const { name, namespace } = root;
  if (name === LIST_RULE.element && ACCEPTED_NAMESPACES.has(namespace)) return;
  const values = { element: shown(name), namespace: shown(namespace) };
  throw recordError('RECORD_ROOT_WRONG', values, { location: `/${shown(name)}` });
};

/**
 * The records of a request body, all or none. An element given twice is refused; attributes are ignored, except `xsi:nil`, which
 * makes an element absent; a continuation mark is ignored, as all that is output only. Throws XML_* for text that is not
 * well-formed or too large, RECORD_* for the rest; the first fault in document order wins.
 */
export const parseRecordsXml = (text: string): IncomingRecord[] => {
  if (text.trim() === '') throw recordError('RECORD_BODY_EMPTY');
  const records: IncomingRecord[] = [];
  const cursor: Cursor = { record: 0, detail: 0, keepsMessages: false, hasInexactNumber: false };
  const member = (child: XmlNode) => toMember(child, cursor);
  const onChild = (child: XmlNode, root: XmlNode): void => {
    refuseRoot(root);
    refuseUnknown(child, LIST_RULE, cursor);
    if (child.name !== RECORD_RULE.element) return;
    cursor.record = records.length + 1;
    records.push(readRecord(toObject(child, RECORD_RULE, { cursor, member }), cursor));
    cursor.record = 0;
  };
  const root = parseXmlList(text, onChild, LIMITS);
  refuseRoot(root);
  refuseText(root, cursor);
  return records;
};
