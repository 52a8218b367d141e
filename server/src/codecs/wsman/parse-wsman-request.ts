/** What a Windows computer says to its collector, as values. */
import { type BodyEncoding, decodeBody } from './body-text.ts';
import { type EventBatch, readEventBatch } from './event-batch.ts';
import { readHeader, type WsmanHeader } from './request-header.ts';
import { childOf, createBudget, readElement, type SoapElement } from './soap-element.ts';
import { ACTION, NAMESPACE, RESOURCE } from './vocabulary.ts';
import { wsmanError } from './wsman-errors.ts';
import { type StartTag, XmlReader } from './xml-reader.ts';

/** A header with what an answer needs. */
export type AnswerableHeader = WsmanHeader & { readonly messageId: string };

export interface SubscriptionEnd {
  /** For example `http://schemas.xmlsoap.org/ws/2004/08/eventing/SourceCancelling`. */
  readonly status: string;
  /** What the computer says about it; empty when it says nothing. */
  readonly reason: string;
  /** Windows error code of its fault. */
  readonly faultCode?: number;
}

type Body =
  /** Unauthenticated question for the product; has no header. */
  | { readonly kind: 'identify'; readonly header: WsmanHeader }
  /** Asks for its subscriptions. */
  | {
      readonly kind: 'enumerate';
      readonly header: AnswerableHeader;
      /** Whether it takes the items in the answer; Windows always does. */
      readonly isOptimized: boolean;
      readonly maxElements?: number;
    }
  | { readonly kind: 'heartbeat'; readonly header: AnswerableHeader }
  | ({ readonly kind: 'events'; readonly header: AnswerableHeader } & EventBatch)
  | ({ readonly kind: 'subscription-end'; readonly header: AnswerableHeader } & SubscriptionEnd)
  /** The client is done with the conversation; answered with 204 and no body. */
  | { readonly kind: 'end'; readonly header: WsmanHeader }
  | { readonly kind: 'ack'; readonly header: WsmanHeader }
  /** Well-formed, and nothing a collector answers other than by a fault. */
  | { readonly kind: 'other'; readonly header: WsmanHeader };

/** `encoding` is how the answer is to be encoded. */
export type WsmanRequest = Body & { readonly encoding: BodyEncoding };

/** Takes the start tag of a named child of the envelope or body. */
const expectStart = (reader: XmlReader, namespace: string, name: string): void => {
  const token = reader.nextTag();
  const isIt = token.kind === 'start' && token.namespace === namespace && token.name === name;
  if (!isIt) reader.refuse(`${name} is due`, token.from);
};

const expectEnd = (reader: XmlReader, name: string): void => {
  const token = reader.nextTag();
  if (token.kind !== 'end') reader.refuse(`something after ${name}`, token.from);
};

/** The one element of a body. */
const readBodyElement = (reader: XmlReader, name: string): SoapElement => {
  const token = reader.nextTag();
  if (token.kind !== 'start') return reader.refuse(`${name} is due`, token.from);
  if (token.name !== name) reader.refuse(`${name} is due`, token.from);
  return readElement(reader, token, createBudget());
};

const readBatch = (reader: XmlReader): EventBatch => {
  expectStart(reader, NAMESPACE.wsman, 'Events');
  return readEventBatch(reader);
};

const readHeartbeat = (reader: XmlReader, header: AnswerableHeader): Body => {
  const at = reader.at;
  const { events } = readBatch(reader);
  if (events.length > 0) reader.refuse('a heartbeat with events', at);
  return { kind: 'heartbeat', header };
};

const ENUMERATE_COUNT = /^[1-9]\d{0,8}$/;

const readEnumerate = (reader: XmlReader, header: AnswerableHeader): Body => {
  const enumerate = readBodyElement(reader, 'Enumerate');
  if (header.resourceUri !== RESOURCE.subscriptions) return { kind: 'other', header };
  const isOptimized = childOf(enumerate, NAMESPACE.wsman, 'OptimizeEnumeration') !== undefined;
  const count = childOf(enumerate, NAMESPACE.wsman, 'MaxElements')?.text ?? '';
  return {
    kind: 'enumerate',
    header,
    isOptimized,
    ...(ENUMERATE_COUNT.test(count) && { maxElements: Number(count) }),
  };
};

/** All text below an element, in one line. */
const textBelow = ({ text, children }: SoapElement): string =>
  [text, ...children.map(textBelow)].filter((part) => part !== '').join(' ');

const REASON_LENGTH_MAX = 2000;
const FAULT_CODE = /^\d{1,10}$/;

const readSubscriptionEnd = (reader: XmlReader, header: AnswerableHeader): Body => {
  const end = readBodyElement(reader, 'SubscriptionEnd');
  const fault = childOf(end, NAMESPACE.fault, 'WSManFault');
  const reason = childOf(end, NAMESPACE.eventing, 'Reason');
  const code = fault?.attributes.get('Code') ?? '';
  return {
    kind: 'subscription-end',
    header,
    status: (childOf(end, NAMESPACE.eventing, 'Status')?.text ?? '').slice(0, REASON_LENGTH_MAX),
    reason: [reason, fault]
      .map((element) => (element === undefined ? '' : textBelow(element)))
      .filter((part) => part !== '')
      .join(' ')
      .slice(0, REASON_LENGTH_MAX),
    ...(FAULT_CODE.test(code) && { faultCode: Number(code) }),
  };
};

type ReadBody = (reader: XmlReader, header: AnswerableHeader) => Body;

/** Bodies that are answered, by action. */
const ANSWERED: ReadonlyMap<string, ReadBody> = new Map<string, ReadBody>([
  [ACTION.enumerate, readEnumerate],
  [ACTION.heartbeat, readHeartbeat],
  [ACTION.events, (reader, header) => ({ kind: 'events', header, ...readBatch(reader) })],
  [ACTION.subscriptionEnd, readSubscriptionEnd],
]);

const UNANSWERED: ReadonlyMap<string, 'ack' | 'end'> = new Map([
  [ACTION.ack, 'ack'],
  [ACTION.end, 'end'],
]);

/** Elements that are open inside the body. */
const BODY_DEPTH = 2;

/** Bodies whose content does not matter, and `Identify`, which is told by its body alone; up to the end of the body. */
const readOtherBody = (reader: XmlReader, header: WsmanHeader): Body => {
  const token = reader.nextTag();
  const isIdentify =
    token.kind === 'start' && token.namespace === NAMESPACE.identity && token.name === 'Identify';
  while (reader.depth >= BODY_DEPTH) reader.next();
  if (isIdentify) return { kind: 'identify', header };
  if (header.action === undefined) throw wsmanError('WSMAN_HEADER_MISSING', { header: 'Action' });
  return { kind: UNANSWERED.get(header.action) ?? 'other', header };
};

const readBody = (reader: XmlReader, header: WsmanHeader): Body => {
  const { action = '', messageId } = header;
  const read = ANSWERED.get(action);
  if (read === undefined) return readOtherBody(reader, header);
  if (messageId === undefined) throw wsmanError('WSMAN_HEADER_MISSING', { header: 'MessageID' });
  const body = read(reader, { ...header, messageId });
  expectEnd(reader, 'what the body holds');
  return body;
};

const isSoap = ({ namespace, name }: StartTag, wanted: string): boolean =>
  namespace === NAMESPACE.soap && name === wanted;

const readEnvelope = (reader: XmlReader): Body => {
  expectStart(reader, NAMESPACE.soap, 'Envelope');
  let token = reader.nextTag();
  let header: WsmanHeader = { isAckRequested: false };
  if (token.kind === 'start' && isSoap(token, 'Header')) {
    header = readHeader(reader);
    token = reader.nextTag();
  }
  if (token.kind !== 'start' || !isSoap(token, 'Body')) {
    return reader.refuse('Body is due', token.from);
  }
  const body = readBody(reader, header);
  expectEnd(reader, 'Body');
  const last = reader.nextTag();
  if (last.kind !== 'document-end') reader.fail('something follows the envelope', last.from);
  return body;
};

/**
 * Reads one SOAP 1.2 message, decrypted and decompressed. The caller bounds its size; memory beyond the decoded text is
 * bounded by the limits of `ENVELOPE_LIMITS`.
 *
 * Throws WSMAN_CHARSET, WSMAN_XML_MALFORMED, WSMAN_XML_DTD, WSMAN_XML_LIMIT, WSMAN_SOAP_INVALID, WSMAN_HEADER_MISSING,
 * WSMAN_NOT_UNDERSTOOD, where there is a place with the location `line:column`.
 */
export const parseWsmanRequest = (bytes: Uint8Array, contentType = ''): WsmanRequest => {
  const { text, encoding } = decodeBody(bytes, contentType);
  return { ...readEnvelope(new XmlReader(text)), encoding };
};
