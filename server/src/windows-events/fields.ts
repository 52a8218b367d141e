/** Reading the data of a Windows event by name. Events carry 5 to 30 values, so a scan beats building an index. */
import type { WindowsEvent, XmlElement } from '../codecs/index.ts';

/** Printable ASCII: surely no blank. */
const isInk = (code: number): boolean => code > 32 && code < 127;

/** Windows writes `-` where it has no value. */
const present = (value: string | undefined): string | undefined => {
  if (value === undefined || value === '-' || value === '') return undefined;
  // Most values have no blanks around them, and looking is cheaper than trimming.
  if (isInk(value.charCodeAt(0)) && isInk(value.charCodeAt(value.length - 1))) return value;
  const trimmed = value.trim();
  return trimmed === '' || trimmed === '-' ? undefined : trimmed;
};

/** As written; undefined only when the event has no such value. */
export const rawField = (event: WindowsEvent, name: string): string | undefined => {
  const { data } = event;
  for (let i = 0; i < data.length; i += 1) {
    const datum = data[i];
    if (datum !== undefined && datum.name === name) return datum.value;
  }
  return undefined;
};

/** Without surrounding blanks; empty and `-` are absent. */
export const field = (event: WindowsEvent, name: string): string | undefined =>
  present(rawField(event, name));

/** The same for a child of UserData, as 1102 and 104 have them. */
export const userDataField = (event: WindowsEvent, name: string): string | undefined =>
  present(
    event.userData?.children?.find((child: XmlElement): boolean => child.name === name)?.text,
  );

/** `0x00000000000003E7` and `0x3e7` are the same value and read the same: `0x3e7`. Other text stays. */
export const shortHex = (text: string): string => {
  if (!text.startsWith('0x') && !text.startsWith('0X')) return text;
  let start = 2;
  while (start < text.length - 1 && text.charCodeAt(start) === 48) start += 1;
  return `0x${text.slice(start).toLowerCase()}`;
};

/** A whole number in decimal or `0x` notation. */
export const numberOf = (text: string | undefined): number | undefined => {
  if (text === undefined || text === '') return undefined;
  const value = Number(text);
  return Number.isSafeInteger(value) ? value : undefined;
};

export const hexField = (event: WindowsEvent, name: string): string | undefined => {
  const value = field(event, name);
  return value === undefined ? undefined : shortHex(value);
};

export const numberField = (event: WindowsEvent, name: string): number | undefined =>
  numberOf(field(event, name));

/** `%%NNNN` lists and multi-line lists (privileges, services) are separated by line breaks and tabs. */
export const listOf = (text: string): string[] =>
  text.split(/[\s,]+/).filter((part) => part !== '');

/** IPv4 written as IPv6 is shown as IPv4; `LOCAL` means no network was involved. */
export const addressOf = (text: string | undefined): string | undefined => {
  if (text === undefined || text === 'LOCAL') return undefined;
  return text.startsWith('::ffff:') && text.includes('.') ? text.slice(7) : text;
};

export const isLoopback = (address: string): boolean =>
  address === '::1' || address.startsWith('127.');
