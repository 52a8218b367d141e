/** Record ids: 17 digits of UTC time `yyyyMMddHHmmssfff`, then 32 upper-case hexadecimal digits. */
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

const TIME_DIGITS = 17;
const RID_FORM = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d{3})[0-9A-F]{32}$/;
const HASH_FORM = /^[0-9A-F]{32}$/;

/** Batches of new records share their millisecond; keeps the last one's digits. */
let lastTimeMs = Number.NaN;
let lastTimeText = '';

const timeText = (timeMs: number): string => {
  if (timeMs === lastTimeMs) return lastTimeText;
  const days = Math.floor(timeMs / DAY_MS);
  const { year, month, day } = dateOfDays(days);
  const ms = timeMs - days * DAY_MS;
  const second = Math.floor(ms / 1000);
  const minute = Math.floor(second / 60);
  lastTimeText = [
    String(year).padStart(4, '0'),
    twoDigits(month),
    twoDigits(day),
    twoDigits(Math.floor(minute / 60)),
    twoDigits(minute % 60),
    twoDigits(second % 60),
    String(ms % 1000).padStart(3, '0'),
  ].join('');
  lastTimeMs = timeMs;
  return lastTimeText;
};

/** `timeMs` in UTC milliseconds, years 0 to 9999; `hash` 32 upper-case hexadecimal digits. Throws RECORD_RID_INVALID. */
export const createRid = (timeMs: number, hash: string): string => {
  const isTime = Number.isInteger(timeMs) && timeMs >= TIME_MS_MIN && timeMs <= TIME_MS_MAX;
  if (!isTime || !HASH_FORM.test(hash)) {
    throw recordError('RECORD_RID_INVALID', { timeMs, hash: shown(hash) });
  }
  return timeText(timeMs) + hash;
};

/** UTC milliseconds; NaN when the text is no RID. */
const timeOf = (text: string): number => {
  const parts = RID_FORM.exec(text);
  if (!parts) return Number.NaN;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0, ms = 0] = parts
    .slice(1)
    .map(Number);
  const isReal =
    month >= 1 &&
    month <= 12 &&
    day >= 1 &&
    day <= daysInMonth(year, month) &&
    hour <= 23 &&
    minute <= 59 &&
    second <= 59;
  return isReal
    ? daysOfDate(year, month, day) * DAY_MS + ((hour * 60 + minute) * 60 + second) * 1000 + ms
    : Number.NaN;
};

export const isRid = (text: string): boolean => !Number.isNaN(timeOf(text));

/** UTC milliseconds. Throws RECORD_RID_INVALID. */
export const ridTimeMs = (rid: string): number => {
  const timeMs = timeOf(rid);
  if (Number.isNaN(timeMs)) throw recordError('RECORD_RID_INVALID', { timeMs, hash: shown(rid) });
  return timeMs;
};

/** The 32 hexadecimal digits of a RID. */
export const ridHash = (rid: string): string => rid.slice(TIME_DIGITS);
