/** Everything that can be wrong with a record's text. */
import { defineErrors } from './errors.ts';

const REPEAT_CORRECTED = 'Correct the request and send it again; nothing of it was stored.';

/**
 * `RECORD_JSON_MALFORMED` is text that is no JSON at all; every other `RECORD_*` is readable text with something wrong
 * in it; `XML_*` is XML that is not well-formed or exceeds a limit; `TEXT_*` is bytes that are no text.
 */
export const recordError = defineErrors({
  RECORD_JSON_MALFORMED: {
    message: 'The text is not well-formed JSON: {reason}',
    advice: 'Send valid JSON; a comma behind the last member is an error.',
    retry: 'never',
  },
  RECORD_JSON_TOO_COMPLEX: {
    message: 'The JSON text has more {what} than Activity Records can have',
    advice: 'Send an array of Activity Records.',
    retry: 'never',
  },
  RECORD_BODY_EMPTY: {
    message: 'There is no Activity Record: the text is empty',
    advice: 'Send a list of Activity Records; an empty list is allowed.',
    retry: 'never',
  },
  RECORD_ROOT_WRONG: {
    message: 'The root element is {element} in the namespace "{namespace}", not ActivityRecordList',
    advice:
      'Use ActivityRecordList in the namespace http://schemas.netwrix.com/api/v1/activity_records/.',
    retry: 'never',
  },
  RECORD_ELEMENT_MISSING: {
    message: '{element} is missing',
    advice: REPEAT_CORRECTED,
    retry: 'never',
  },
  RECORD_ELEMENT_UNKNOWN: {
    message: '{element} is not known in {parent}',
    advice:
      'Names are case-sensitive. AuditedSystem is now DataSource, ManagedObject is now MonitoringPlan.',
    retry: 'never',
  },
  RECORD_ELEMENT_REPEATED: {
    message: '{element} is given more than once',
    advice: REPEAT_CORRECTED,
    retry: 'never',
  },
  RECORD_ELEMENT_KIND: {
    message: '{element} is not {expected}',
    advice: REPEAT_CORRECTED,
    retry: 'never',
  },
  RECORD_VALUE_TOO_LONG: {
    message: '{element} is longer than {lengthMax} characters',
    advice: 'Shorten the value and send the request again; nothing of it was stored.',
    retry: 'never',
  },
  RECORD_DETAILS_TOO_MANY: {
    message: 'DetailList has more than {countMax} members',
    advice: 'Spread the details over several Activity Records.',
    retry: 'never',
  },
  RECORD_WHEN_INVALID: {
    message: '"{text}" is not a date and time with an offset',
    advice: 'Write 2024-05-06T07:08:09Z or 2024-05-06T09:08:09+02:00.',
    retry: 'never',
  },
  RECORD_FLAG_INVALID: {
    message: '{element} is neither true nor false',
    advice: 'Write true or false, or leave it out.',
    retry: 'never',
  },
  RECORD_RID_INVALID: {
    message: 'No record id can be made of the time {timeMs} and the hash "{hash}"',
    advice:
      'The time must lie in the years 0 to 9999, the hash be 32 upper-case hexadecimal digits.',
    retry: 'never',
  },
  XML_MALFORMED: {
    message: 'The XML is not well-formed: {reason}',
    advice: 'Send well-formed XML with &, <, >, " and \' escaped in values.',
    retry: 'never',
  },
  XML_DTD_REFUSED: {
    message: 'The XML has a document type declaration',
    advice: 'Remove the DOCTYPE; entities are not expanded.',
    retry: 'never',
  },
  XML_TOO_LARGE: {
    message: 'The XML has more than {max} {what}',
    advice: 'Send less at once.',
    retry: 'never',
  },
  TEXT_ENCODING_INVALID: {
    message: 'The bytes are not valid {encoding}',
    advice: 'Send UTF-8, or UTF-16 with a byte order mark.',
    retry: 'never',
  },
});

const SHOWN_LENGTH_MAX = 80;

/** A piece of foreign text as an error message may show it. */
export const shown = (text: string): string =>
  text.length > SHOWN_LENGTH_MAX ? `${text.slice(0, SHOWN_LENGTH_MAX)}...` : text;
