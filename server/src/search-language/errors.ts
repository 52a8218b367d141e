import { defineErrors } from '@witness/record';

/** `location` of every one is `column 7`, counted from 1 in UTF-16 code units. */
export const searchError = defineErrors({
  SEARCH_FIELD_UNKNOWN: {
    message: 'Column {column}: there is no field {field}{nearest}',
    advice: 'Correct the name, or put the text in quotes to search for it as it stands: "{text}".',
    retry: 'never',
  },
  SEARCH_OPERATOR_UNSUITABLE: {
    message: 'Column {column}: {field} cannot be used with {operator}',
    advice: 'Write {field}: and a value.',
    retry: 'never',
  },
  SEARCH_VALUE_MISSING: {
    message: 'Column {column}: a value is missing behind {before}',
    advice: 'Write a word or a quoted phrase. Only = and != can be given the empty text "".',
    retry: 'never',
  },
  SEARCH_OPERAND_MISSING: {
    message: 'Column {column}: {word} has nothing to work on',
    advice: 'Write a condition on its other side, or quote it to search for the word itself.',
    retry: 'never',
  },
  SEARCH_QUOTE_OPEN: {
    message: 'Column {column}: the quotation mark is never closed',
    advice: 'Close it. A quotation mark inside quotes is written twice.',
    retry: 'never',
  },
  SEARCH_PARENTHESIS_OPEN: {
    message: 'Column {column}: the parenthesis is never closed',
    advice: 'Close it, or put text that contains parentheses in quotes.',
    retry: 'never',
  },
  SEARCH_PARENTHESIS_EXTRA: {
    message: 'Column {column}: this parenthesis closes nothing',
    advice: 'Remove it, or put text that contains parentheses in quotes.',
    retry: 'never',
  },
  SEARCH_GROUP_EMPTY: {
    message: 'Column {column}: nothing stands between the parentheses',
    advice: 'Write a condition or a value there.',
    retry: 'never',
  },
  SEARCH_LIST_INVALID: {
    message: 'Column {column}: the values of a list are separated by commas',
    advice: 'Write for instance action=(Added, Removed); quote values that contain commas.',
    retry: 'never',
  },
  SEARCH_DETAIL_INVALID: {
    message: 'Column {column}: {reason} inside detail( )',
    advice:
      'Write property, before and after with their values: detail(property=Member after:jdoe).',
    retry: 'never',
  },
  SEARCH_TIME_INVALID: {
    message: 'Column {column}: {text} is not a time: {reason}',
    advice:
      'Write today, yesterday, 7d, 24h, 2026-11-01, 2026-11-01T08:30, 2026-11-01T08:30Z or a range 2026-11-01..2026-11-05.',
    retry: 'never',
  },
  SEARCH_HOURS_INVALID: {
    message: 'Column {column}: {text} is not a time of day: {reason}',
    advice:
      'Write for instance hours:08:00-18:00, hours:mon-fri,08:00-18:00 or hours:22:00-06:00@Europe/Berlin.',
    retry: 'never',
  },
  SEARCH_TOO_LONG: {
    message: 'The search has {length} characters; {max} are allowed',
    advice: 'Shorten it.',
    retry: 'never',
  },
  SEARCH_TOO_DEEP: {
    message: 'Column {column}: more than {max} parentheses or negations inside each other',
    advice: 'Write it flatter.',
    retry: 'never',
  },
});

export const atColumn = (offset: number) => ({
  column: offset + 1,
  context: { location: `column ${offset + 1}` },
});
