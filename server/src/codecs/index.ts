/** Bytes to values and back, pure. */
export { decodeEvtx, decodeEvtxStream } from './evtx/decode-evtx.ts';
export type { EvtxDamageCode } from './evtx/evtx-damage-codes.ts';
export type { EvtxChunkResult, EvtxDamage } from './evtx/evtx-result.ts';
export { isEvtx } from './evtx/file-header.ts';
export { eventFromJson, eventToJson } from './windows-event/event-json.ts';
export { eventToXml } from './windows-event/event-to-xml.ts';
export {
  EVENT_NAMESPACE,
  parseEventXml,
} from './windows-event/parse-event-xml.ts';
export {
  type ByteSource,
  type EventXmlText,
  splitEventXml,
} from './windows-event/split-event-xml.ts';
export type {
  EventDatum,
  WindowsEvent,
  XmlElement,
} from './windows-event/windows-event.ts';
