import { defineErrors } from '@witness/record';

const HOSTILE = 'Windows never writes this. Check where the file or the message comes from.';
const EXPORT_AGAIN = 'Export the events again: wevtutil qe, or Get-WinEvent with ToXml().';

export const eventError = defineErrors({
  EVENT_XML_MALFORMED: {
    message: 'The event XML is not well-formed: {reason}',
    advice: EXPORT_AGAIN,
    retry: 'never',
  },
  EVENT_XML_DTD: {
    message: 'The event XML has a document type declaration',
    advice: HOSTILE,
    retry: 'never',
  },
  EVENT_XML_LIMIT: {
    message: 'The event XML is beyond a limit: {reason}',
    advice: HOSTILE,
    retry: 'never',
  },
  EVENT_XML_NOT_AN_EVENT: {
    message: 'The XML is not a Windows event: {reason}',
    advice: EXPORT_AGAIN,
    retry: 'never',
  },
  EVENT_XML_ENCODING: {
    message: 'The text is not valid {encoding}',
    advice: 'Save the file as UTF-8, or as UTF-16 with a byte order mark.',
    retry: 'never',
  },
  EVENT_JSON_INVALID: {
    message: 'The text is not a Windows event in JSON: {reason}',
    advice: 'Give one JSON object with the members that eventToJson writes.',
    retry: 'never',
  },
});
