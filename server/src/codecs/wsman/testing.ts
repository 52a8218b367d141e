/**
 * The other side, for tests: the messages of a Windows client, written from DSP0226 and MS-WSMV, and its compression.
 * They share nothing with what reads them but the encoding of text.
 */
import { type BodyEncoding, encodeBody } from './body-text.ts';

export { compressAsWindows, compressSldc } from './sldc-testing.ts';

const SOAP = 'http://www.w3.org/2003/05/soap-envelope';
const ADDRESSING = 'http://schemas.xmlsoap.org/ws/2004/08/addressing';
const ANONYMOUS = `${ADDRESSING}/role/anonymous`;
const EVENTING = 'http://schemas.xmlsoap.org/ws/2004/08/eventing';
const ENUMERATION = 'http://schemas.xmlsoap.org/ws/2004/09/enumeration';
const DMTF = 'http://schemas.dmtf.org/wbem/wsman/1';
const MICROSOFT = 'http://schemas.microsoft.com/wbem/wsman/1';

/** What every message of a client has. */
export interface ClientMessage {
  /** URL it is posted to. */
  readonly to: string;
  readonly machineId: string;
  /** `uuid:` and a GUID in upper case. */
  readonly messageId: string;
  readonly operationId?: string;
  readonly sessionId?: string;
  readonly maxEnvelopeBytes?: number;
  /** UTF-16 little endian, as Windows, when left out. */
  readonly encoding?: BodyEncoding;
  /** Header blocks as XML, put behind the others. */
  readonly extraHeaderXml?: string;
}

/** What messages of a subscription have beyond that. */
export interface DeliveryMessage extends ClientMessage {
  readonly identifier: string;
  /** On unless `false`. */
  readonly isAckRequested?: boolean;
}

const escapeText = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

interface Content {
  readonly action: string;
  readonly headerXml: string;
  readonly bodyXml: string;
}

const write = (message: ClientMessage, { action, headerXml, bodyXml }: Content): Uint8Array => {
  const { operationId, sessionId, maxEnvelopeBytes = 512_000 } = message;
  const xml =
    `<s:Envelope xmlns:s="${SOAP}" xmlns:a="${ADDRESSING}" xmlns:e="${EVENTING}" xmlns:n="${ENUMERATION}"` +
    ` xmlns:w="${DMTF}/wsman.xsd" xmlns:p="${MICROSOFT}/wsman.xsd"><s:Header>` +
    `<a:To>${escapeText(message.to)}</a:To>` +
    `<m:MachineID xmlns:m="${MICROSOFT}/machineid" s:mustUnderstand="false">${escapeText(message.machineId)}</m:MachineID>` +
    `<a:ReplyTo><a:Address s:mustUnderstand="true">${ANONYMOUS}</a:Address></a:ReplyTo>` +
    `<a:Action s:mustUnderstand="true">${action}</a:Action>` +
    `<w:MaxEnvelopeSize s:mustUnderstand="true">${maxEnvelopeBytes}</w:MaxEnvelopeSize>` +
    `<a:MessageID>${message.messageId}</a:MessageID>` +
    '<w:Locale xml:lang="en-US" s:mustUnderstand="false" />' +
    '<p:DataLocale xml:lang="en-US" s:mustUnderstand="false" />' +
    (sessionId === undefined
      ? ''
      : `<p:SessionId s:mustUnderstand="false">${sessionId}</p:SessionId>`) +
    (operationId === undefined
      ? ''
      : `<p:OperationID s:mustUnderstand="false">${operationId}</p:OperationID>`) +
    '<p:SequenceId s:mustUnderstand="false">1</p:SequenceId>' +
    '<w:OperationTimeout>PT60.000S</w:OperationTimeout>' +
    `${headerXml}${message.extraHeaderXml ?? ''}</s:Header><s:Body>${bodyXml}</s:Body></s:Envelope>`;
  return encodeBody(xml, message.encoding ?? 'utf-16le');
};

/** Asks for the subscriptions of this computer. */
export const buildEnumerate = (message: ClientMessage): Uint8Array =>
  write(message, {
    action: `${ENUMERATION}/Enumerate`,
    headerXml: `<w:ResourceURI s:mustUnderstand="true">${MICROSOFT}/SubscriptionManager/Subscription</w:ResourceURI>`,
    bodyXml:
      '<n:Enumerate><w:OptimizeEnumeration/><w:MaxElements>32000</w:MaxElements></n:Enumerate>',
  });

const deliveryXml = ({ identifier, isAckRequested = true }: DeliveryMessage): string =>
  `<e:Identifier>${escapeText(identifier)}</e:Identifier>${isAckRequested ? '<w:AckRequested/>' : ''}`;

export const buildHeartbeat = (message: DeliveryMessage): Uint8Array =>
  write(message, {
    action: `${DMTF}/wsman/Heartbeat`,
    headerXml: deliveryXml(message),
    bodyXml: '<w:Events></w:Events>',
  });

export interface EventsMessage extends DeliveryMessage {
  /** XML texts of events. */
  readonly events: readonly string[];
  /** How an event is put into the message; Windows does what the option CDATA says. */
  readonly form?: 'cdata' | 'escaped' | 'elements';
  /** A `BookmarkList` element. */
  readonly bookmarkXml?: string;
  /** A pseudo-event that says so many were dropped. */
  readonly droppedEvents?: number;
}

const FORMS: Readonly<Record<'cdata' | 'escaped' | 'elements', (xml: string) => string>> = {
  cdata: (xml) => `<![CDATA[${xml.replaceAll(']]>', ']]]]><![CDATA[>')}]]>`,
  escaped: escapeText,
  elements: (xml) => xml,
};

export const buildEvents = (message: EventsMessage): Uint8Array => {
  const { bookmarkXml, droppedEvents } = message;
  const form = FORMS[message.form ?? 'cdata'];
  const events = message.events.map(
    (xml) => `<w:Event Action="${DMTF}/wsman/Event">${form(xml)}</w:Event>`,
  );
  const dropped =
    droppedEvents === undefined
      ? ''
      : `<w:Event Action="${DMTF}/wsman/DroppedEvents"><w:DroppedEvents Action="${DMTF}/wsman/DroppedEvents">${droppedEvents}</w:DroppedEvents></w:Event>`;
  return write(message, {
    action: `${DMTF}/wsman/Events`,
    headerXml:
      (bookmarkXml === undefined ? '' : `<w:Bookmark>${bookmarkXml}</w:Bookmark>`) +
      deliveryXml(message),
    bodyXml: `<w:Events>${events.join('')}${dropped}</w:Events>`,
  });
};

/** The computer goes down, or cannot read its events. */
export const buildSubscriptionEnd = (message: DeliveryMessage): Uint8Array =>
  write(message, {
    action: `${EVENTING}/SubscriptionEnd`,
    headerXml: deliveryXml(message),
    bodyXml:
      `<e:SubscriptionEnd><e:SubscriptionManager><a:Address>${escapeText(message.to)}</a:Address>` +
      `<a:ReferenceProperties><e:Identifier>${escapeText(message.identifier)}</e:Identifier></a:ReferenceProperties>` +
      `</e:SubscriptionManager><e:Status>${EVENTING}/SourceCancelling</e:Status>` +
      `<f:WSManFault xmlns:f="${MICROSOFT}/wsmanfault" Code="1717" Machine="${escapeText(message.machineId)}">` +
      '<f:Message><f:ProviderFault provider="Unknown provider" path="Unknown path">' +
      'The forwarder failed to read events.</f:ProviderFault></f:Message></f:WSManFault></e:SubscriptionEnd>',
  });

/** The conversation is over; posted to where the last answer came from, answered with 204. */
export const buildEnd = ({
  messageId,
  operationId,
  encoding = 'utf-16le',
}: Pick<ClientMessage, 'messageId' | 'operationId' | 'encoding'>): Uint8Array =>
  encodeBody(
    `<s:Envelope xmlns:s="${SOAP}" xmlns:a="${ADDRESSING}" xmlns:w="${DMTF}/wsman.xsd" xmlns:p="${MICROSOFT}/wsman.xsd">` +
      `<s:Header><a:To>${ANONYMOUS}</a:To>` +
      `<w:ResourceURI s:mustUnderstand="true">${MICROSOFT}/wsman/FullDuplex</w:ResourceURI>` +
      `<a:Action s:mustUnderstand="true">${MICROSOFT}/wsman/End</a:Action><a:MessageID>${messageId}</a:MessageID>` +
      (operationId === undefined ? '' : `<p:OperationID>${operationId}</p:OperationID>`) +
      '</s:Header><s:Body></s:Body></s:Envelope>',
    encoding,
  );
