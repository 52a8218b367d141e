/** The date forms of the Integration API: `YYYY-mm-ddTHH:MM:SS`, optionally a fraction, then `Z` or `+HH:MM` or `-HH:MM`. */
import {
  DAY_MS,
  dateOfDays,
  daysInMonth,
  daysOfDate,
  TIME_MS_MAX,
  TIME_MS_MIN,
  twoDigits,
} from './calendar.ts';
import { recordError, shown } from './record-errors.ts';

const DIGIT_0 = 48;
const DASH = 45;
const COLON = 58;
const PLUS = 43;
const DOT = 46;
const LETTER_T = 84;
const LETTER_Z = 90;

/** `dateTime` of XML Schema part 2 ends at 14 hours. */
const OFFSET_MINUTES_MAX = 14 * 60;

const isDigit = (code: number): boolean => code >= DIGIT_0 && code <= DIGIT_0 + 9;

/** The number of `count` digits at `start`; NaN when one of them is none. */
const digitsAt = (text: string, start: number, count: number): number => {
  let value = 0;
  for (let index = start; index < start + count; index += 1) {
    const code = text.charCodeAt(index);
    if (!isDigit(code)) return Number.NaN;
    value = value * 10 + code - DIGIT_0;
  }
  return value;
};

const dateMsOf = (text: string): number => {
  const year = digitsAt(text, 0, 4);
  const month = digitsAt(text, 5, 2);
  const day = digitsAt(text, 8, 2);
  const isDate =
    text.charCodeAt(4) === DASH &&
    text.charCodeAt(7) === DASH &&
    month >= 1 &&
    month <= 12 &&
    day >= 1 &&
    day <= daysInMonth(year, month);
  return isDate ? daysOfDate(year, month, day) * DAY_MS : Number.NaN;
};

const timeMsOf = (text: string): number => {
  const hour = digitsAt(text, 11, 2);
  const minute = digitsAt(text, 14, 2);
  const second = digitsAt(text, 17, 2);
  const isTime =
    text.charCodeAt(10) === LETTER_T &&
    text.charCodeAt(13) === COLON &&
    text.charCodeAt(16) === COLON &&
    hour <= 23 &&
    minute <= 59 &&
    second <= 59;
  return isTime ? ((hour * 60 + minute) * 60 + second) * 1000 : Number.NaN;
};

/** Milliseconds of the digits between the dot and `end`; further digits are cut off. */
const fractionMsOf = (text: string, start: number, end: number): number => {
  let ms = 0;
  for (let index = start; index < start + 3; index += 1) {
    ms = ms * 10 + (index < end ? text.charCodeAt(index) - DIGIT_0 : 0);
  }
  return ms;
};

/** `Z`, `+HH:MM` or `-HH:MM` from `start` to the end of the text. */
const offsetMsOf = (text: string, start: number): number => {
  const sign = text.charCodeAt(start);
  if (sign === LETTER_Z) return text.length === start + 1 ? 0 : Number.NaN;
  if ((sign !== PLUS && sign !== DASH) || text.length !== start + 6) return Number.NaN;
  const minute = digitsAt(text, start + 4, 2);
  const minutes = digitsAt(text, start + 1, 2) * 60 + minute;
  if (text.charCodeAt(start + 3) !== COLON || !(minute <= 59 && minutes <= OFFSET_MINUTES_MAX)) {
    return Number.NaN;
  }
  return (sign === PLUS ? minutes : -minutes) * 60_000;
};

/** As `parseWhen`; undefined when the text is none of the forms. */
export const tryParseWhen = (text: string): number | undefined => {
  let end = 19;
  let fractionMs = 0;
  if (text.charCodeAt(19) === DOT) {
    end = 20;
    while (isDigit(text.charCodeAt(end))) end += 1;
    if (end === 20) return undefined;
    fractionMs = fractionMsOf(text, 20, end);
  }
  const when = dateMsOf(text) + timeMsOf(text) + fractionMs - offsetMsOf(text, end);
  return when >= TIME_MS_MIN && when <= TIME_MS_MAX ? when : undefined;
};

/** UTC milliseconds; a finer fraction is cut off. Throws RECORD_WHEN_INVALID for every other form. */
export const parseWhen = (text: string): number => {
  const when = tryParseWhen(text);
  if (when === undefined) throw recordError('RECORD_WHEN_INVALID', { text: shown(text) });
  return when;
};

/** Records of one batch mostly share their day; keeps the last one's text. */
let lastDay = Number.NaN;
let lastDayText = '';

const dayText = (days: number): string => {
  if (days === lastDay) return lastDayText;
  const { year, month, day } = dateOfDays(days);
  lastDayText = `${String(year).padStart(4, '0')}-${twoDigits(month)}-${twoDigits(day)}T`;
  lastDay = days;
  return lastDayText;
};

/** `2024-05-06T07:08:09Z`; milliseconds are cut off. `ms` lies in the years 0 to 9999. */
export const formatWhen = (ms: number): string => {
  const days = Math.floor(ms / DAY_MS);
  const second = Math.floor((ms - days * DAY_MS) / 1000);
  const minute = Math.floor(second / 60);
  return `${dayText(days)}${twoDigits(Math.floor(minute / 60))}:${twoDigits(minute % 60)}:${twoDigits(second % 60)}Z`;
};
