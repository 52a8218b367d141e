/** FILETIME and SYSTEMTIME to text and to UTC milliseconds. */
import { u16, u32 } from './little-endian.ts';

/** Seconds from 1601-01-01 to 1970-01-01. */
const EPOCH_SECONDS = 11_644_473_600;
const TICKS_PER_SECOND = 10_000_000;
/** 2^32 = 429 * 10^7 + 4,967,296: splits the high half into whole seconds and a rest that stays exact. */
const HIGH_SECONDS = 429;
const HIGH_TICKS = 4_967_296;
const DAY_SECONDS = 86_400;

const TEXT = Buffer.from('0000-00-00T00:00:00.0000000Z', 'latin1');
let writtenDay = Number.NaN;

const writeDigits = (at: number, digits: number, value: number): void => {
  let rest = value;
  for (let place = at + digits - 1; place >= at; place -= 1) {
    const quotient = Math.trunc(rest / 10);
    TEXT[place] = 48 + (rest - quotient * 10);
    rest = quotient;
  }
};

/** `2025-01-31T09:12:33.1234567Z`: what current Windows writes into event XML. Years beyond 9999 keep their digits. */
const toText = (seconds: number, ticks: number): string => {
  const day = Math.floor(seconds / DAY_SECONDS);
  const second = seconds - day * DAY_SECONDS;
  const date = new Date(day * DAY_SECONDS * 1000);
  const year = day === writtenDay ? 0 : date.getUTCFullYear();
  if (year > 9999) {
    const rest = date.toISOString().replace(/^\+0*/, '').slice(0, -14);
    return `${rest}${toText(second, ticks).slice(10)}`;
  }
  if (day !== writtenDay) {
    writeDigits(0, 4, year);
    writeDigits(5, 2, date.getUTCMonth() + 1);
    writeDigits(8, 2, date.getUTCDate());
    writtenDay = day;
  }
  writeDigits(11, 2, Math.trunc(second / 3600));
  writeDigits(14, 2, Math.trunc(second / 60) % 60);
  writeDigits(17, 2, second % 60);
  writeDigits(20, 7, ticks);
  return TEXT.toString('latin1', 0, 28);
};

/** Above it the split below would leave the exact integers; it is the year 16,221. */
const HIGH_EXACT_MAX = 2 ** 30;

const bigTicks = (bytes: Uint8Array, at: number): bigint =>
  (BigInt(u32(bytes, at + 4)) << 32n) | BigInt(u32(bytes, at));

const secondsOf = (bytes: Uint8Array, at: number): number => {
  const high = u32(bytes, at + 4);
  const seconds =
    high < HIGH_EXACT_MAX
      ? high * HIGH_SECONDS + Math.floor((high * HIGH_TICKS + u32(bytes, at)) / TICKS_PER_SECOND)
      : Number(bigTicks(bytes, at) / BigInt(TICKS_PER_SECOND));
  return seconds - EPOCH_SECONDS;
};

const ticksOf = (bytes: Uint8Array, at: number): number => {
  const high = u32(bytes, at + 4);
  return high < HIGH_EXACT_MAX
    ? (high * HIGH_TICKS + u32(bytes, at)) % TICKS_PER_SECOND
    : Number(bigTicks(bytes, at) % BigInt(TICKS_PER_SECOND));
};

export const fileTimeText = (bytes: Uint8Array, at: number): string =>
  toText(secondsOf(bytes, at), ticksOf(bytes, at));

/** UTC milliseconds, rounded down. */
export const fileTimeMs = (bytes: Uint8Array, at: number): number =>
  secondsOf(bytes, at) * 1000 + Math.trunc(ticksOf(bytes, at) / 10_000);

/** `2025-01-31T09:12:33.123Z`; a SYSTEMTIME has no finer part. */
export const systemTimeText = (bytes: Uint8Array, at: number): string => {
  const part = (index: number, digits: number): string =>
    String(u16(bytes, at + index * 2)).padStart(digits, '0');
  const date = `${part(0, 4)}-${part(1, 2)}-${part(3, 2)}`;
  return `${date}T${part(4, 2)}:${part(5, 2)}:${part(6, 2)}.${part(7, 3)}Z`;
};
