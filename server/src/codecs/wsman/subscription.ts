/** A subscription as Windows takes it: a whole Subscribe message as one item of an EnumerateResponse. */
import { escapeXml, escapeXmlAttribute, parseXmlTree } from '@witness/record';
import type { ContentFormat } from './event-batch.ts';
import {
  ACTION,
  ANONYMOUS,
  BOOKMARK_EARLIEST,
  DELIVERY_EVENTS,
  EVENT_QUERY,
  NAMESPACE,
  PROFILE,
  RESOURCE,
} from './vocabulary.ts';
import { wsmanError } from './wsman-errors.ts';

export interface WsmanSubscription {
  /** GUID in upper case that changes whenever anything below does: a client takes the subscription anew then. */
  readonly version: string;
  /** What the client puts into `e:Identifier` of its messages, usually a GUID in upper case. */
  readonly identifier: string;
  /** GUIDs in upper case of the Subscribe message itself. */
  readonly messageId: string;
  readonly operationId: string;
  readonly name: string;
  /** Where to deliver: an absolute URL of this collector that the client resolves and trusts. */
  readonly address: string;
  readonly authentication:
    | { readonly kind: 'kerberos' }
    /** SHA-1 thumbprints, in hexadecimal, of the authorities that issue the certificates of the clients. */
    | { readonly kind: 'certificate'; readonly issuerThumbprints: readonly string[] };
  readonly contentFormat: ContentFormat;
  readonly contentEncoding: 'UTF-16' | 'UTF-8';
  /** Whether the client may compress what it sends. */
  readonly isCompressed: boolean;
  /** Whether a channel that is missing, or may not be read, leaves the rest of the query in force. */
  readonly ignoresChannelErrors: boolean;
  readonly heartbeatMs: number;
  readonly connectionRetry: { readonly total: number; readonly intervalMs: number };
  /** How long a client collects before it sends. */
  readonly maxTimeMs: number;
  /** Events of a batch; the client decides when it is left out. */
  readonly maxElements?: number;
  readonly maxEnvelopeBytes: number;
  /** Language of rendered text, such as `en-US`; the client's own when it is left out. */
  readonly locale?: string;
  /** The `QueryList` element. */
  readonly query: string;
  /** Where a client begins: at what happens next, at the oldest event it has, or behind the bookmark it sent last. */
  readonly start: 'now' | 'earliest' | { readonly bookmarkXml: string };
}

const fail = (reason: string): never => {
  throw wsmanError('WSMAN_ANSWER_INVALID', { reason });
};

/** XML that goes into an answer as it is must be one element that stands alone. */
const verified = (xml: string, what: string, name?: string): string => {
  let root: string;
  try {
    root = parseXmlTree(xml).name;
  } catch (cause) {
    throw wsmanError('WSMAN_ANSWER_INVALID', { reason: `${what} is no XML` }, { cause });
  }
  return name !== undefined && root !== name ? fail(`${what} is no ${name}`) : xml;
};

const MILLISECONDS = 1000;

/** `PT30.000S`, with as many digits as Microsoft's collector writes. */
const duration = (ms: number, digits: number): string =>
  `PT${(ms / MILLISECONDS).toFixed(digits)}S`;

const THUMBPRINT = /^[\dA-Fa-f]{40}$/;

const authenticationXml = ({ authentication }: WsmanSubscription): string => {
  const profile = PROFILE[authentication.kind];
  const constraints =
    authentication.kind === 'kerberos' ? '' : certificateXml(authentication.issuerThumbprints);
  return `<auth:Authentication Profile="${profile}">${constraints}</auth:Authentication>`;
};

/** A certificate of any one issuer will do: each is a set of constraints of its own (MS-WSMV 2.2.4.1). */
const certificateXml = (issuers: readonly string[]): string => {
  if (issuers.length === 0) fail('a subscription with certificates needs an issuer');
  return issuers
    .map((issuer) => {
      if (!THUMBPRINT.test(issuer)) fail(`${issuer} is no SHA-1 thumbprint`);
      return `<auth:ClientCertificate><auth:Thumbprint Role="issuer">${issuer.toUpperCase()}</auth:Thumbprint></auth:ClientCertificate>`;
    })
    .join('');
};

const localeXml = ({ locale }: WsmanSubscription): string => {
  if (locale === undefined) return '';
  const language = `xml:lang="${escapeXmlAttribute(locale)}" s:mustUnderstand="false"`;
  return `<w:Locale ${language} /><p:DataLocale ${language} />`;
};

const flag = (name: string, isSet: boolean): string =>
  isSet ? `<w:Option Name="${name}" xsi:nil="true"/>` : '';

const option = (name: string, value: string): string =>
  `<w:Option Name="${name}">${escapeXml(value)}</w:Option>`;

/** CDATA is asked for always: the client then passes events on without reading their XML. */
const optionsXml = (subscription: WsmanSubscription): string =>
  `<w:OptionSet xmlns:xsi="${NAMESPACE.instance}">` +
  option('SubscriptionName', subscription.name) +
  (subscription.isCompressed ? option('Compression', 'SLDC') : '') +
  flag('CDATA', true) +
  option('ContentFormat', subscription.contentFormat) +
  flag('IgnoreChannelError', subscription.ignoresChannelErrors) +
  '</w:OptionSet>';

const headerXml = (subscription: WsmanSubscription): string =>
  `<s:Header><a:To>${ANONYMOUS}</a:To>` +
  `<w:ResourceURI s:mustUnderstand="true">${RESOURCE.eventLog}</w:ResourceURI>` +
  `<a:ReplyTo><a:Address s:mustUnderstand="true">${ANONYMOUS}</a:Address></a:ReplyTo>` +
  `<a:Action s:mustUnderstand="true">${ACTION.subscribe}</a:Action>` +
  `<w:MaxEnvelopeSize s:mustUnderstand="true">${subscription.maxEnvelopeBytes}</w:MaxEnvelopeSize>` +
  `<a:MessageID>uuid:${escapeXml(subscription.messageId)}</a:MessageID>` +
  localeXml(subscription) +
  `<p:OperationID s:mustUnderstand="false">uuid:${escapeXml(subscription.operationId)}</p:OperationID>` +
  '<p:SequenceId s:mustUnderstand="false">1</p:SequenceId>' +
  `${optionsXml(subscription)}</s:Header>`;

const endpointXml = ({ address, identifier }: WsmanSubscription): string =>
  `<a:Address>${escapeXml(address)}</a:Address><a:ReferenceProperties>` +
  `<e:Identifier>${escapeXml(identifier)}</e:Identifier></a:ReferenceProperties>`;

const notifyToXml = (subscription: WsmanSubscription): string =>
  `<e:NotifyTo>${endpointXml(subscription)}` +
  `<c:Policy xmlns:c="${NAMESPACE.policy}" xmlns:auth="${NAMESPACE.authentication}">` +
  `<c:ExactlyOne><c:All>${authenticationXml(subscription)}</c:All></c:ExactlyOne></c:Policy></e:NotifyTo>`;

const deliveryXml = (subscription: WsmanSubscription): string => {
  const { connectionRetry, maxElements } = subscription;
  return (
    `<e:Delivery Mode="${DELIVERY_EVENTS}">` +
    `<w:Heartbeats>${duration(subscription.heartbeatMs, 3)}</w:Heartbeats>` +
    notifyToXml(subscription) +
    `<w:ConnectionRetry Total="${connectionRetry.total}">${duration(connectionRetry.intervalMs, 1)}</w:ConnectionRetry>` +
    (maxElements === undefined ? '' : `<w:MaxElements>${maxElements}</w:MaxElements>`) +
    `<w:MaxTime>${duration(subscription.maxTimeMs, 3)}</w:MaxTime>` +
    `<w:MaxEnvelopeSize Policy="Notify">${subscription.maxEnvelopeBytes}</w:MaxEnvelopeSize>` +
    localeXml(subscription) +
    `<w:ContentEncoding>${subscription.contentEncoding}</w:ContentEncoding></e:Delivery>`
  );
};

const bookmarkXml = ({ start }: WsmanSubscription): string => {
  if (start === 'now') return '';
  const bookmark =
    start === 'earliest' ? BOOKMARK_EARLIEST : verified(start.bookmarkXml, 'the bookmark');
  return `<w:Bookmark>${bookmark}</w:Bookmark>`;
};

const bodyXml = (subscription: WsmanSubscription): string =>
  `<s:Body><e:Subscribe><e:EndTo>${endpointXml(subscription)}</e:EndTo>` +
  deliveryXml(subscription) +
  `<w:Filter Dialect="${EVENT_QUERY}">${verified(subscription.query, 'the query', 'QueryList')}</w:Filter>` +
  `${bookmarkXml(subscription)}<w:SendBookmarks/></e:Subscribe></s:Body>`;

/** One item of an EnumerateResponse. Throws WSMAN_ANSWER_INVALID. */
export const subscriptionXml = (subscription: WsmanSubscription): string =>
  `<m:Subscription xmlns:m="${NAMESPACE.subscription}">` +
  `<m:Version>uuid:${escapeXml(subscription.version)}</m:Version>` +
  `<s:Envelope xmlns:s="${NAMESPACE.soap}" xmlns:a="${NAMESPACE.addressing}" xmlns:e="${NAMESPACE.eventing}"` +
  ` xmlns:n="${NAMESPACE.enumeration}" xmlns:w="${NAMESPACE.wsman}" xmlns:p="${NAMESPACE.microsoft}">` +
  `${headerXml(subscription)}${bodyXml(subscription)}</s:Envelope></m:Subscription>`;
