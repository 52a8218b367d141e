/**
 * Values of binary XML as text, by type ([MS-EVEN6] 3.1.4.7.3), written as current Windows writes them into event XML:
 * GUIDs in lower case with braces, hexadecimal numbers without leading zeros, seven fractional digits of a second.
 */
import { ansiText, remembered, utf16Text } from './binary-text.ts';
import { fileTimeText, systemTimeText } from './file-time.ts';
import { u16, u32 } from './little-endian.ts';

export const VALUE_NULL = 0x00;
export const VALUE_STRING = 0x01;
export const VALUE_FILETIME = 0x11;
export const VALUE_BINXML = 0x21;
/** Added to the type of its elements. */
export const VALUE_ARRAY = 0x80;

const integerText = (bytes: Buffer, at: number, size: number, isSigned: boolean): string => {
  switch (size) {
    case 1:
      return String(isSigned ? bytes.readInt8(at) : bytes[at]);
    case 2:
      return String(isSigned ? bytes.readInt16LE(at) : u16(bytes, at));
    case 4:
      return String(isSigned ? bytes.readInt32LE(at) : u32(bytes, at));
    case 8:
      return String(isSigned ? bytes.readBigInt64LE(at) : bytes.readBigUInt64LE(at));
    default:
      return binaryText(bytes, at, size);
  }
};

const signedText = (bytes: Buffer, at: number, size: number): string =>
  integerText(bytes, at, size, true);

const unsignedText = (bytes: Buffer, at: number, size: number): string => {
  if (size === 4) return String(u32(bytes, at));
  if (size === 2) return String(u16(bytes, at));
  return integerText(bytes, at, size, false);
};

const hexText = (bytes: Buffer, at: number, size: number): string => {
  if (size === 4) return `0x${u32(bytes, at).toString(16)}`;
  if (size !== 8) return size === 0 ? '' : `0x${bytes.toString('hex', at, at + size)}`;
  const high = u32(bytes, at + 4);
  const low = u32(bytes, at).toString(16);
  return high === 0 ? `0x${low}` : `0x${high.toString(16)}${low.padStart(8, '0')}`;
};

const NOT_FINITE: Readonly<Record<string, string>> = {
  Infinity: '1.#INF',
  '-Infinity': '-1.#INF',
  NaN: '-1.#IND',
};

/** The shortest text that reads back as the same number. */
const realText = (bytes: Buffer, at: number, size: number): string => {
  if (size !== 4 && size !== 8) return binaryText(bytes, at, size);
  const value = size === 4 ? bytes.readFloatLE(at) : bytes.readDoubleLE(at);
  if (!Number.isFinite(value)) return NOT_FINITE[String(value)] ?? '';
  if (size === 8) return String(value);
  for (let digits = 6; digits < 9; digits += 1) {
    const short = Number(value.toPrecision(digits));
    if (Math.fround(short) === value) return String(short);
  }
  return String(Number(value.toPrecision(9)));
};

/** Any bit set is true; Windows components write 1, 0xff and 0xffffffff, and sizes of 1 and 4. */
const booleanText = (bytes: Buffer, at: number, size: number): string => {
  for (let index = 0; index < size; index += 1) if (bytes[at + index] !== 0) return 'true';
  return 'false';
};

const binaryText = (bytes: Buffer, at: number, size: number): string =>
  bytes.toString('hex', at, at + size).toUpperCase();

const guidText = remembered((bytes, at, size) => {
  if (size !== 16) return binaryText(bytes, at, size);
  const hex = (value: number, digits: number): string => value.toString(16).padStart(digits, '0');
  const head = `${hex(u32(bytes, at), 8)}-${hex(u16(bytes, at + 4), 4)}-${hex(u16(bytes, at + 6), 4)}`;
  const tail = bytes.toString('hex', at + 8, at + 16);
  return `{${head}-${tail.slice(0, 4)}-${tail.slice(4)}}`;
});

/** `S-1-5-21-...`; authorities of 2^32 and more are written in hexadecimal ([MS-DTYP] 2.4.2.1). */
const sidText = remembered((bytes, at, size) => {
  const count = bytes[at + 1] ?? 0;
  if (size < 8 || size < 8 + count * 4) return binaryText(bytes, at, size);
  const authority = bytes.readUIntBE(at + 2, 6);
  const head =
    authority < 2 ** 32 ? String(authority) : `0x${bytes.toString('hex', at + 2, at + 8)}`;
  let text = `S-${bytes[at]}-${head}`;
  for (let index = 0; index < count; index += 1) text += `-${u32(bytes, at + 8 + index * 4)}`;
  return text;
});

const timeText = (bytes: Buffer, at: number, size: number): string =>
  size === 8 ? fileTimeText(bytes, at) : binaryText(bytes, at, size);

const calendarText = (bytes: Buffer, at: number, size: number): string =>
  size === 16 ? systemTimeText(bytes, at) : binaryText(bytes, at, size);

/** Text of one value of `size` bytes. A size that does not fit its type gives the bytes in hexadecimal. */
export const valueText = (bytes: Buffer, type: number, at: number, size: number): string => {
  switch (type) {
    case VALUE_NULL:
      return '';
    case VALUE_STRING:
    case 0x23:
      return utf16Text(bytes, at, size);
    case 0x02:
      return ansiText(bytes, at, size);
    case 0x03:
    case 0x05:
    case 0x07:
    case 0x09:
      return signedText(bytes, at, size);
    case 0x04:
    case 0x06:
    case 0x08:
    case 0x0a:
      return unsignedText(bytes, at, size);
    case 0x0b:
    case 0x0c:
      return realText(bytes, at, size);
    case 0x0d:
      return booleanText(bytes, at, size);
    case 0x0f:
      return guidText(bytes, at, size);
    case VALUE_FILETIME:
      return timeText(bytes, at, size);
    case 0x12:
      return calendarText(bytes, at, size);
    case 0x13:
      return sidText(bytes, at, size);
    case 0x10:
    case 0x14:
    case 0x15:
    case 0x20:
      return hexText(bytes, at, size);
    default:
      return binaryText(bytes, at, size);
  }
};

/** Bytes of one array element by type; SIDs have their own length, strings end with NUL. */
const ELEMENT_BYTES: Readonly<Record<number, number>> = {
  3: 1, 4: 1, 5: 2, 6: 2, 7: 4, 8: 4, 9: 8, 10: 8, 11: 4, 12: 8, 13: 4,
  15: 16, 16: 8, 17: 8, 18: 16, 20: 4, 21: 8,
}; // biome-ignore format: a table
const SID = 0x13;

const elementEnd = (bytes: Buffer, type: number, at: number, end: number): number => {
  const step = type === VALUE_STRING ? 2 : 1;
  let stop = at;
  while (stop < end && !(bytes[stop] === 0 && (step === 1 || bytes[stop + 1] === 0))) stop += step;
  return Math.min(stop, end);
};

/** Texts of an array value, `type` being that of its elements. An empty array has no texts. */
export const arrayTexts = (bytes: Buffer, type: number, start: number, size: number): string[] => {
  const end = start + size;
  const texts: string[] = [];
  const isText = type === VALUE_STRING || type === 0x02;
  const fixed = ELEMENT_BYTES[type];
  if (!isText && fixed === undefined && type !== SID) return [binaryText(bytes, start, size)];
  for (let at = start; at < end; ) {
    const length = isText
      ? elementEnd(bytes, type, at, end) - at
      : Math.min(fixed ?? 8 + (bytes[at + 1] ?? 0) * 4, end - at);
    texts.push(valueText(bytes, type, at, length));
    at += isText ? length + (type === VALUE_STRING ? 2 : 1) : length;
  }
  return texts;
};
