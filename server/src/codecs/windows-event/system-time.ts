const TIME = /^(\d{4,6})-(\d\d)-(\d\d)[T ](\d\d):(\d\d):(\d\d)(?:\.(\d+))?(Z|[+-]\d\d:\d\d)?$/;

/** Fractional digits that a FILETIME can hold; older Windows writes nine, the last two always zero. */
const FRACTION_DIGITS = 7;

export interface SystemTime {
  readonly text: string;
  /** UTC milliseconds, rounded down. */
  readonly ms: number;
}

/**
 * Reads `TimeCreated SystemTime`. A time without zone is UTC; the text is kept as written but for digits beyond the
 * seventh. `undefined` when it is no time.
 */
export const tryParseSystemTime = (written: string): SystemTime | undefined => {
  const match = TIME.exec(written);
  if (!match) return undefined;
  const [, year = '', month, day, hour, minute, second, fraction = '', zone = 'Z'] = match;
  if (year.length > 4) return undefined;
  const kept = fraction.slice(0, FRACTION_DIGITS);
  const head = `${year}-${month}-${day}T${hour}:${minute}:${second}`;
  const ms = Date.parse(`${head}.${kept.padEnd(3, '0').slice(0, 3)}${zone}`);
  if (Number.isNaN(ms)) return undefined;
  return { text: `${head}${kept === '' ? '' : `.${kept}`}${zone}`, ms };
};
