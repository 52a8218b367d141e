/** What can be wrong with a request, and what this listener says when a part behind it fails. */
import { defineErrors } from '@witness/record';

const CORRECT = 'Correct the request and send it again; nothing of it was stored.';
const SEARCH_HELP = 'See the description of the API for filters, operators and forms of values.';

export const apiError = defineErrors({
  /** The text is documented; clients may look for it. */
  INTEGRATION_API_COUNT_INVALID: {
    message:
      'Invalid count parameter specified. Error details: 0x80040204 Cannot convert the attribute data type',
    advice: 'Give a whole number from 1 to 2147483647, or leave count out.',
    retry: 'never',
  },
  INTEGRATION_API_BODY_EMPTY: {
    message: 'The request has no body',
    advice: CORRECT,
    retry: 'never',
  },
  INTEGRATION_API_BODY_TOO_LARGE: {
    message: 'The body is larger than {bytesMax} bytes',
    advice: 'Send less at once.',
    retry: 'never',
  },
  INTEGRATION_API_BODY_TOO_COMPLEX: {
    message: 'Reading the body takes more memory than the server gives to one request',
    advice: 'Send fewer records at once.',
    retry: 'never',
  },
  INTEGRATION_API_BODY_ENCODED: {
    message: 'The body has the content encoding "{encoding}"',
    advice: 'Send it without Content-Encoding.',
    retry: 'never',
  },
  INTEGRATION_API_BODY_BROKEN_OFF: {
    message: 'The connection ended within the body',
    advice: 'Send the request again.',
    retry: 'now',
  },
  INTEGRATION_API_JSON_MALFORMED: {
    message: 'The body is not well-formed JSON: {reason}',
    advice: 'Send valid JSON; a comma behind the last member is an error.',
    retry: 'never',
  },
  INTEGRATION_API_ROOT_WRONG: {
    message: 'The body is {found}, not {expected}',
    advice: SEARCH_HELP,
    retry: 'never',
  },
  INTEGRATION_API_ELEMENT_UNKNOWN: {
    message: '{element} is not known here',
    advice: SEARCH_HELP,
    retry: 'never',
  },
  INTEGRATION_API_ELEMENT_REPEATED: {
    message: '{element} is given more than once',
    advice: SEARCH_HELP,
    retry: 'never',
  },
  INTEGRATION_API_FILTER_UNKNOWN: {
    message: '{filter} is not a filter',
    advice: SEARCH_HELP,
    retry: 'never',
  },
  INTEGRATION_API_FILTERS_TOO_MANY: {
    message: 'The filter list has more than {countMax} entries',
    advice: 'Ask in several searches.',
    retry: 'never',
  },
  INTEGRATION_API_OPERATOR_UNKNOWN: {
    message: '{operator} is not an operator of the filter {filter}',
    advice: SEARCH_HELP,
    retry: 'never',
  },
  INTEGRATION_API_VALUE_INVALID: {
    message: 'The value of {filter} is not {expected}',
    advice: SEARCH_HELP,
    retry: 'never',
  },
  INTEGRATION_API_VALUE_TOO_LONG: {
    message: 'The value of {filter} is longer than {lengthMax} characters',
    advice: 'Shorten the value.',
    retry: 'never',
  },
  INTEGRATION_API_MARK_INVALID: {
    message: 'The continuation mark is not one of this server',
    advice: 'Send the mark of an earlier answer unchanged, or start again without one.',
    retry: 'never',
  },
  INTEGRATION_API_MARK_WITHOUT_FILTERS: {
    message: 'The filters of this continuation mark are too long to be part of it',
    advice: 'Post the mark to activity_records/search together with the filters.',
    retry: 'never',
  },
  INTEGRATION_API_NOT_ALLOWED: {
    message: 'The account may not write there',
    advice: 'Give it the role Contributor on the plans of the records.',
    retry: 'never',
  },
  INTEGRATION_API_PLAN_UNKNOWN: {
    message:
      'The Activity Records were not processed: there is no enabled monitoring plan "{plan}" with the Netwrix API data source',
    advice: 'Create the plan, or enable its Netwrix API data source.',
    retry: 'later',
  },
  INTEGRATION_API_BUSY: {
    message: 'The server is busy; send the same request again later',
    advice: 'Wait for the time in Retry-After.',
    retry: 'later',
  },
  INTEGRATION_API_NOT_STORED: {
    message: 'One or more Activity Records were not processed',
    advice: 'Send the same request again later; nothing of it was stored.',
    retry: 'later',
  },
  INTEGRATION_API_NOT_ANSWERED: {
    message: 'The audit database cannot answer',
    advice: 'Send the same request again later.',
    retry: 'later',
  },
  INTEGRATION_API_FAILED: {
    message: 'The request failed within the server',
    advice: 'Send the same request again later; if it fails again, see the log of the server.',
    retry: 'later',
  },
  INTEGRATION_API_MARK_KEY_SHORT: {
    message: 'The key of the continuation marks has fewer than {bytesMin} bytes',
    advice: 'Give a random key that stays the same across restarts.',
    retry: 'never',
  },
  INTEGRATION_API_TIME_ZONE_UNKNOWN: {
    message: 'There is no time zone "{timeZone}"',
    advice: 'Set timeZone to a name such as Europe/Berlin or UTC.',
    retry: 'never',
  },
});

const SHOWN_LENGTH_MAX = 80;

/** A piece of a request as an error may show it. */
export const shown = (text: string): string =>
  text.length > SHOWN_LENGTH_MAX ? `${text.slice(0, SHOWN_LENGTH_MAX)}...` : text;
