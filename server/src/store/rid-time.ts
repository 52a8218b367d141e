/** The time part of a RID, without a Date: a batch has tens of thousands of them. */

const DAY_MS = 86_400_000;

const digits = (text: string, start: number, count: number): number => {
  let value = 0;
  for (let index = start; index < start + count; index += 1) {
    const digit = text.charCodeAt(index) - 48;
    if (!(digit >= 0 && digit <= 9)) return Number.NaN;
    value = value * 10 + digit;
  }
  return value;
};

/** Days since 1970-01-01 of the proleptic Gregorian calendar; years begin in March so that the leap day is last. */
const daysFromCivil = (year: number, month: number, day: number): number => {
  const shifted = month <= 2 ? year - 1 : year;
  const era = Math.floor(shifted / 400);
  const yearOfEra = shifted - era * 400;
  const dayOfYear = Math.floor((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) + day - 1;
  const dayOfEra =
    yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146_097 + dayOfEra - 719_468;
};

/** UTC milliseconds from the digits `yyyyMMddHHmmssfff`; NaN when they are not a time. */
export const ridTime = (rid: string): number => {
  const [month, day] = [digits(rid, 4, 2), digits(rid, 6, 2)];
  const [hour, minute, second] = [digits(rid, 8, 2), digits(rid, 10, 2), digits(rid, 12, 2)];
  const isTime =
    month >= 1 && month <= 12 && day >= 1 && day <= 31 && hour < 24 && minute < 60 && second < 60;
  if (!isTime) return Number.NaN;
  return (
    daysFromCivil(digits(rid, 0, 4), month, day) * DAY_MS +
    ((hour * 60 + minute) * 60 + second) * 1000 +
    digits(rid, 14, 3)
  );
};

/** `20240506070809123` for these UTC milliseconds. */
export const ridTimeDigits = (ms: number): string => {
  const iso = new Date(ms).toISOString();
  return `${iso.slice(0, 4)}${iso.slice(5, 7)}${iso.slice(8, 10)}${iso.slice(11, 13)}${iso.slice(14, 16)}${iso.slice(17, 19)}${iso.slice(20, 23)}`;
};
