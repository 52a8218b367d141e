import { defineErrors } from '@witness/record';

const HOSTILE =
  'Windows never sends this. Check which program on that computer speaks to this port.';
const RESEND =
  'The computer sends it again by itself. If it stays, restart its Windows Remote Management.';
const SETTING =
  'This is a fault of Witness or of its settings: check the subscription it was made from.';

export const wsmanError = defineErrors({
  WSMAN_CONTENT_ENCODING: {
    message: 'The content encoding {encoding} is not supported',
    advice: 'Send the body as it is, or compressed with SLDC.',
    retry: 'never',
  },
  WSMAN_SLDC_INVALID: {
    message: 'The SLDC data is damaged: {reason}',
    advice: RESEND,
    retry: 'never',
  },
  WSMAN_BODY_LIMIT: {
    message: 'The body is larger than {bytes} bytes',
    advice: 'Lower MaxEnvelopeSize of the subscription, or raise the limit of this listener.',
    retry: 'never',
  },
  WSMAN_CHARSET: {
    message: 'The body is not valid {charset}',
    advice: 'Send UTF-16, or UTF-8, and name it in the charset of the content type.',
    retry: 'never',
  },
  WSMAN_MULTIPART: {
    message: 'The encrypted body is not framed as WS-Management does: {reason}',
    advice: RESEND,
    retry: 'never',
  },
  WSMAN_XML_MALFORMED: {
    message: 'The SOAP message is not well-formed: {reason}',
    advice: RESEND,
    retry: 'never',
  },
  WSMAN_XML_DTD: {
    message: 'The SOAP message has a document type declaration',
    advice: HOSTILE,
    retry: 'never',
  },
  WSMAN_XML_LIMIT: {
    message: 'The SOAP message is beyond a limit: {reason}',
    advice: HOSTILE,
    retry: 'never',
  },
  WSMAN_SOAP_INVALID: {
    message: 'The SOAP message is not what its action needs: {reason}',
    advice: RESEND,
    retry: 'never',
  },
  WSMAN_HEADER_MISSING: {
    message: 'The SOAP message has no {header} header',
    advice: RESEND,
    retry: 'never',
  },
  WSMAN_NOT_UNDERSTOOD: {
    message: 'The SOAP message demands that the header {header} is understood, which it is not',
    advice: 'Send it without mustUnderstand, or leave it out.',
    retry: 'never',
  },
  WSMAN_ANSWER_INVALID: {
    message: 'The answer cannot be written: {reason}',
    advice: SETTING,
    retry: 'never',
  },
  WSMAN_QUERY_INVALID: {
    message: 'The event query cannot be written: {reason}',
    advice: SETTING,
    retry: 'never',
  },
});
