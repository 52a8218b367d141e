/** Times and spans as the directory keeps them: tenths of a microsecond, in decimal. Source: [MS-ADTS] 3.1.1.2.2.2. */

const TICKS_PER_MS = 10_000n;
/** 1601 to 1970. */
const EPOCH_OFFSET_MS = 11_644_473_600_000n;
const FOREVER = 0x7fff_ffff_ffff_ffffn;
const LEAST = -0x8000_0000_0000_0000n;
const YEAR_9999_MS = 253_402_300_799_999n;

const INTEGER = /^-?\d{1,20}$/;

const toTicks = (text: string): bigint | undefined =>
  INTEGER.test(text) ? BigInt(text) : undefined;

/** `2026-01-31T09:16:47Z`; undefined when it is no time. */
export const fileTimeWords = (text: string): string | undefined => {
  const ticks = toTicks(text);
  if (ticks === undefined || ticks <= 0n || ticks === FOREVER) return undefined;
  const ms = ticks / TICKS_PER_MS - EPOCH_OFFSET_MS;
  if (ms < -EPOCH_OFFSET_MS || ms > YEAR_9999_MS) return undefined;
  return new Date(Number(ms)).toISOString().replace(/\.\d{3}Z$/, 'Z');
};

export const isForever = (text: string): boolean => {
  const ticks = toTicks(text);
  return ticks === FOREVER || ticks === LEAST;
};

const UNITS: readonly (readonly [seconds: bigint, name: string])[] = [
  [86_400n, 'day'],
  [3_600n, 'hour'],
  [60n, 'minute'],
  [1n, 'second'],
];

/** `1 day 12 hours`; the sign is lost, because spans are kept as negative numbers. Undefined when it is no span. */
export const intervalWords = (text: string): string | undefined => {
  const ticks = toTicks(text);
  if (ticks === undefined || isForever(text)) return undefined;
  let seconds = (ticks < 0n ? -ticks : ticks) / (TICKS_PER_MS * 1_000n);
  const words: string[] = [];
  for (const [size, name] of UNITS) {
    const count = seconds / size;
    seconds %= size;
    if (count > 0n) words.push(`${count} ${name}${count === 1n ? '' : 's'}`);
  }
  return words.length === 0 ? 'none' : words.join(' ');
};

/** `2021-02-22T22:35:21Z` for the directory's own `20210222223521.0Z`. */
export const generalizedTimeWords = (text: string): string | undefined => {
  const match = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(?:\.\d+)?Z$/.exec(text);
  if (match === null) return undefined;
  const [, year, month, day, hour, minute, second] = match;
  return `${year}-${month}-${day}T${hour}:${minute}:${second}Z`;
};
