/** What the collector says: bytes in the encoding of the request. The order of headers is that of Microsoft's collector. */
import { escapeXml, escapeXmlAttribute } from '@witness/record';
import { type BodyEncoding, encodeBody } from './body-text.ts';
import { FAULTS, type WsmanFault } from './faults.ts';
import type { AnswerableHeader } from './parse-wsman-request.ts';
import type { WsmanHeader } from './request-header.ts';
import { subscriptionXml, type WsmanSubscription } from './subscription.ts';
import { ACTION, ANONYMOUS, NAMESPACE } from './vocabulary.ts';

export interface Answering<Header extends WsmanHeader = AnswerableHeader> {
  /** GUID in upper case, new for every answer: `newGuid`. */
  readonly messageId: string;
  /** Header of the request that is answered. */
  readonly to: Header;
  readonly encoding: BodyEncoding;
}

/** A GUID in upper case, as Windows insists on, of 16 random bytes (RFC 9562, version 4). */
export const newGuid = (randomBytes: (count: number) => Uint8Array): string => {
  const bytes = Buffer.from(randomBytes(16));
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  return bytes
    .toString('hex')
    .toUpperCase()
    .replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
};

type Prefix = 's' | 'a' | 'e' | 'n' | 'w' | 'p';

const PREFIXES: Readonly<Record<Prefix, string>> = {
  s: NAMESPACE.soap,
  a: NAMESPACE.addressing,
  e: NAMESPACE.eventing,
  n: NAMESPACE.enumeration,
  w: NAMESPACE.wsman,
  p: NAMESPACE.microsoft,
};

const envelopeXml = (prefixes: readonly Prefix[], header: string, body: string): string => {
  const declarations = prefixes.map((prefix) => ` xmlns:${prefix}="${PREFIXES[prefix]}"`).join('');
  return (
    `<s:Envelope xml:lang="en-US"${declarations}><s:Header>${header}</s:Header>` +
    `<s:Body>${body}</s:Body></s:Envelope>`
  );
};

const TO = `<a:To>${ANONYMOUS}</a:To>`;

const beginXml = (action: string, { messageId }: Answering<WsmanHeader>): string =>
  `<a:Action>${action}</a:Action><a:MessageID>uuid:${escapeXml(messageId)}</a:MessageID>`;

const operationXml = ({ to }: Answering<WsmanHeader>): string =>
  (to.operationId === undefined
    ? ''
    : `<p:OperationID s:mustUnderstand="false">${escapeXml(to.operationId)}</p:OperationID>`) +
  (to.sequenceId === undefined ? '' : `<p:SequenceId>${to.sequenceId}</p:SequenceId>`);

const relatesToXml = ({ to }: Answering<WsmanHeader>): string =>
  to.messageId === undefined ? '' : `<a:RelatesTo>${escapeXml(to.messageId)}</a:RelatesTo>`;

/**
 * All subscriptions in one answer; Windows asks for up to 32,000. Throws WSMAN_ANSWER_INVALID. The caller compares the
 * size with `maxEnvelopeBytes` of the request.
 */
export const writeEnumerateResponse = (
  answering: Answering,
  subscriptions: readonly WsmanSubscription[],
): Uint8Array => {
  const header =
    beginXml(ACTION.enumerateResponse, answering) +
    TO +
    operationXml(answering) +
    relatesToXml(answering);
  const body =
    '<n:EnumerateResponse><n:EnumerationContext></n:EnumerationContext>' +
    `<w:Items>${subscriptions.map(subscriptionXml).join('')}</w:Items>` +
    '<w:EndOfSequence/></n:EnumerateResponse>';
  return encodeBody(envelopeXml(['s', 'a', 'n', 'w', 'p'], header, body), answering.encoding);
};

/** Acknowledges a heartbeat, a batch of events or the end of a subscription. */
export const writeAck = (answering: Answering): Uint8Array => {
  const header =
    beginXml(ACTION.ack, answering) + operationXml(answering) + TO + relatesToXml(answering);
  return encodeBody(envelopeXml(['s', 'a', 'w', 'p'], header, ''), answering.encoding);
};

export interface FaultText {
  /** One sentence for the administrator of the client, shown in its event log. */
  readonly message: string;
  /** Name of this server. */
  readonly machine: string;
}

const detailXml = (fault: WsmanFault, text: FaultText): string => {
  const { detail, windowsCode } = FAULTS[fault];
  const detailUri = detail === undefined ? '' : `<w:FaultDetail>${detail}</w:FaultDetail>`;
  if (windowsCode === undefined) return detailUri;
  return (
    `${detailUri}<f:WSManFault xmlns:f="${NAMESPACE.fault}" Code="${windowsCode}"` +
    ` Machine="${escapeXmlAttribute(text.machine)}">` +
    `<f:Message>${escapeXml(text.message)}</f:Message></f:WSManFault>`
  );
};

/** A fault; goes with HTTP status 500. `to` is an empty header when the request could not be read. */
export const writeFault = (
  answering: Answering<WsmanHeader>,
  fault: WsmanFault,
  text: FaultText,
): Uint8Array => {
  const { code, subcode, action, reason } = FAULTS[fault];
  const header =
    beginXml(action, answering) + TO + operationXml(answering) + relatesToXml(answering);
  const subcodeXml =
    subcode === undefined ? '' : `<s:Subcode><s:Value>${subcode}</s:Value></s:Subcode>`;
  const detail = detailXml(fault, text);
  const body =
    `<s:Fault><s:Code><s:Value>${code}</s:Value>${subcodeXml}</s:Code>` +
    `<s:Reason><s:Text xml:lang="en-US">${escapeXml(`${reason} ${text.message}`.trim())}</s:Text></s:Reason>` +
    `${detail === '' ? '' : `<s:Detail>${detail}</s:Detail>`}</s:Fault>`;
  return encodeBody(envelopeXml(['s', 'a', 'e', 'w', 'p'], header, body), answering.encoding);
};

/** The answer to `Identify` (DSP0226, 11). Says no version: whoever asks need not be known. */
export const writeIdentifyResponse = (encoding: BodyEncoding): Uint8Array =>
  encodeBody(
    `<s:Envelope xml:lang="en-US" xmlns:s="${NAMESPACE.soap}" xmlns:i="${NAMESPACE.identity}"><s:Header/><s:Body>` +
      `<i:IdentifyResponse><i:ProtocolVersion>${NAMESPACE.wsman}</i:ProtocolVersion>` +
      '<i:ProductVendor>Witness</i:ProductVendor><i:ProductVersion></i:ProductVersion>' +
      '</i:IdentifyResponse></s:Body></s:Envelope>',
    encoding,
  );
