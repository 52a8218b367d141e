/** Bytes to values and back, pure. */
export { decodeEvtx, decodeEvtxStream } from './evtx/decode-evtx.ts';
export type { EvtxDamageCode } from './evtx/evtx-damage-codes.ts';
export type { EvtxChunkResult, EvtxDamage } from './evtx/evtx-result.ts';
export { isEvtx } from './evtx/file-header.ts';
export {
  ACE_FLAGS,
  type Ace,
  type AceType,
  type Acl,
  accessWords,
  aceWords,
  type DescriptorNames,
  descriptorChanges,
  descriptorToSddl,
  type ObjectTypeUse,
  type ProtectedKind,
  parseBinaryDescriptor,
  parseSddl,
  type SecurityDescriptor,
  trusteeWords,
} from './security-descriptor/index.ts';
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
export {
  type Answering,
  type FaultText,
  newGuid,
  writeAck,
  writeEnumerateResponse,
  writeFault,
  writeIdentifyResponse,
} from './wsman/answers.ts';
export {
  type BodyEncoding,
  contentTypeOf,
  openBody,
} from './wsman/body-text.ts';
export type { ContentFormat, EventBatch } from './wsman/event-batch.ts';
export { faultOfError, type WsmanFault } from './wsman/faults.ts';
export {
  type EncryptedBody,
  encryptedTypeOf,
  isEncryptedType,
  readEncryptedBody,
  type SessionProtocol,
  writeEncryptedBody,
} from './wsman/multipart-encrypted.ts';
export {
  type AnswerableHeader,
  parseWsmanRequest,
  type SubscriptionEnd,
  type WsmanRequest,
} from './wsman/parse-wsman-request.ts';
export { type EventSelection, toQueryList } from './wsman/query-list.ts';
export type { WsmanHeader } from './wsman/request-header.ts';
export { decompressSldc, isSldc } from './wsman/sldc.ts';
export type { WsmanSubscription } from './wsman/subscription.ts';
export { wsmanError } from './wsman/wsman-errors.ts';
