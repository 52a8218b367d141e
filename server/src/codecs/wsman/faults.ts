/** SOAP 1.2 faults of WS-Management (DSP0226, 14.6), WS-Addressing and WS-Eventing that a collector answers with. */
import { ACTION } from './vocabulary.ts';

export type WsmanFault =
  | 'access-denied'
  | 'action-not-supported'
  | 'destination-unreachable'
  | 'encoding-limit'
  | 'header-required'
  | 'internal-error'
  | 'invalid-message'
  | 'not-understood'
  | 'quota-limit'
  | 'unsupported-feature';

export interface FaultDefinition {
  readonly code: 's:Sender' | 's:Receiver' | 's:MustUnderstand';
  readonly subcode?: string;
  readonly action: string;
  readonly reason: string;
  /** URI that tells which of several causes it was. */
  readonly detail?: string;
  /** Error code of Windows, shown in the event log of the client. */
  readonly windowsCode?: number;
}

const DETAIL = 'http://schemas.dmtf.org/wbem/wsman/1/wsman/faultDetail';

export const FAULTS: Readonly<Record<WsmanFault, FaultDefinition>> = {
  'access-denied': {
    code: 's:Sender',
    subcode: 'w:AccessDenied',
    action: ACTION.fault,
    reason: 'The sender was not authorized to access the resource.',
    windowsCode: 5,
  },
  'action-not-supported': {
    code: 's:Sender',
    subcode: 'a:ActionNotSupported',
    action: ACTION.addressingFault,
    reason: 'The action is not supported by the service.',
    windowsCode: 2_150_858_771,
  },
  'destination-unreachable': {
    code: 's:Sender',
    subcode: 'a:DestinationUnreachable',
    action: ACTION.addressingFault,
    reason: 'No route can be determined to reach the destination role defined by the To header.',
  },
  'encoding-limit': {
    code: 's:Sender',
    subcode: 'w:EncodingLimit',
    action: ACTION.fault,
    reason: 'An internal encoding limit was exceeded in a request.',
    detail: `${DETAIL}/ServiceEnvelopeLimit`,
    windowsCode: 2_150_858_805,
  },
  'header-required': {
    code: 's:Sender',
    subcode: 'a:MessageInformationHeaderRequired',
    action: ACTION.addressingFault,
    reason: 'A required header is missing from the message.',
  },
  'internal-error': {
    code: 's:Receiver',
    subcode: 'w:InternalError',
    action: ACTION.fault,
    reason: 'The service cannot comply with the request due to internal processing errors.',
    windowsCode: 1359,
  },
  'invalid-message': {
    code: 's:Sender',
    subcode: 'e:InvalidMessage',
    action: ACTION.eventingFault,
    reason: 'The message is not valid and cannot be processed.',
    windowsCode: 2_150_858_791,
  },
  'not-understood': {
    code: 's:MustUnderstand',
    action: ACTION.addressingFault,
    reason: 'A header that must be understood is not.',
  },
  'quota-limit': {
    code: 's:Sender',
    subcode: 'w:QuotaLimit',
    action: ACTION.fault,
    reason: 'The service is busy servicing other requests.',
  },
  'unsupported-feature': {
    code: 's:Sender',
    subcode: 'w:UnsupportedFeature',
    action: ACTION.fault,
    reason: 'The specified feature is not supported.',
  },
};

const FAULT_OF_CODE: ReadonlyMap<string, WsmanFault> = new Map([
  ['WSMAN_BODY_LIMIT', 'encoding-limit'],
  ['WSMAN_XML_LIMIT', 'encoding-limit'],
  ['WSMAN_CONTENT_ENCODING', 'unsupported-feature'],
  ['WSMAN_CHARSET', 'unsupported-feature'],
  ['WSMAN_SLDC_INVALID', 'invalid-message'],
  ['WSMAN_MULTIPART', 'invalid-message'],
  ['WSMAN_XML_MALFORMED', 'invalid-message'],
  ['WSMAN_XML_DTD', 'invalid-message'],
  ['WSMAN_SOAP_INVALID', 'invalid-message'],
  ['WSMAN_HEADER_MISSING', 'header-required'],
  ['WSMAN_NOT_UNDERSTOOD', 'not-understood'],
]);

/** The fault to answer an error with, by its code. What is not the sender's fault is an internal error. */
export const faultOfError = (code: string): WsmanFault =>
  FAULT_OF_CODE.get(code) ?? 'internal-error';
