/** The Activity Record: type, validation, identity, JSON and XML text. No I/O; everyone may import it. */
export * from './activity-record.ts';
export { canonicalForm, contentHash } from './canonical-form.ts';
export { decodeText } from './decode-text.ts';
export * from './errors.ts';
export { escapeXml, escapeXmlAttribute } from './escape-xml.ts';
export type { IncomingRecord } from './incoming-record.ts';
export { formatItem, ITEM_TYPE_INTEGRATION, parseItem } from './item-text.ts';
export { recordError } from './record-errors.ts';
export { parseRecordLine, parseRecordsJson, type RecordLine } from './records-json.ts';
export { parseRecordsXml, RECORDS_NAMESPACE } from './records-xml.ts';
export { createRid, isRid, ridHash, ridTimeMs } from './rid.ts';
export { isActorExplained, unknownActor } from './unknown-actor.ts';
export { formatWhen, parseWhen, tryParseWhen } from './when.ts';
export { recordsToJson, recordToJson } from './write-json.ts';
export { recordsToXml, recordToXml } from './write-xml.ts';
export {
  parseXmlList,
  parseXmlTree,
  XML_LIMITS,
  type XmlLimits,
  type XmlNode,
} from './xml-tree.ts';
