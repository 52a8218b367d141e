/** Types and data of DNS resource records. Source: RFC 1035 3.2-3.4, RFC 3596, RFC 2782; [MS-DNSP] 2.2.2.2 for names as the server keeps them. */

const TYPES: Readonly<Record<string, string>> = {
  1: 'A',
  2: 'NS',
  5: 'CNAME',
  6: 'SOA',
  11: 'WKS',
  12: 'PTR',
  13: 'HINFO',
  15: 'MX',
  16: 'TXT',
  17: 'RP',
  18: 'AFSDB',
  19: 'X25',
  20: 'ISDN',
  21: 'RT',
  28: 'AAAA',
  33: 'SRV',
  34: 'ATMA',
  35: 'NAPTR',
  39: 'DNAME',
  43: 'DS',
  46: 'RRSIG',
  47: 'NSEC',
  48: 'DNSKEY',
  49: 'DHCID',
  50: 'NSEC3',
  51: 'NSEC3PARAM',
  52: 'TLSA',
  65281: 'WINS',
  65282: 'WINSR',
};

/** `AAAA` of 28. */
export const recordTypeWords = (type: string): string =>
  Object.hasOwn(TYPES, type) ? (TYPES[type] ?? type) : type;

const HEX = /^0x((?:[0-9a-f]{2}){1,4096})$/i;

const isPrintable = (bytes: Uint8Array): boolean => bytes.every((byte) => byte > 32 && byte < 127);

/** The labels up to the end of the bytes; undefined when they are not exactly a name. */
const labelsOf = (bytes: Uint8Array): string | undefined => {
  const labels: string[] = [];
  let at = 0;
  while (at < bytes.length) {
    const length = bytes[at] ?? 0;
    if (length === 0) return at === bytes.length - 1 ? labels.join('.') || '.' : undefined;
    const label = bytes.subarray(at + 1, at + 1 + length);
    if (length > 63 || label.length < length || !isPrintable(label)) return undefined;
    labels.push(Buffer.from(label).toString('latin1'));
    at += 1 + length;
  }
  return undefined;
};

/** A name on the wire, or with its length and count of labels before it. */
const nameOf = (bytes: Uint8Array): string | undefined =>
  labelsOf(bytes) ?? (bytes[0] === bytes.length - 2 ? labelsOf(bytes.subarray(2)) : undefined);

const ipv4 = (bytes: Uint8Array): string | undefined =>
  bytes.length === 4 ? bytes.join('.') : undefined;

const ipv6 = (bytes: Uint8Array): string | undefined => {
  if (bytes.length !== 16) return undefined;
  const buffer = Buffer.from(bytes);
  return Array.from({ length: 8 }, (_, i) => buffer.readUInt16BE(i * 2).toString(16)).join(':');
};

const numbersAndName =
  (count: number) =>
  (bytes: Uint8Array): string | undefined => {
    if (bytes.length < count * 2) return undefined;
    const buffer = Buffer.from(bytes);
    const name = nameOf(bytes.subarray(count * 2));
    const numbers = Array.from({ length: count }, (_, i) => buffer.readUInt16BE(i * 2));
    return name === undefined ? undefined : [...numbers, name].join(' ');
  };

const texts = (bytes: Uint8Array): string | undefined => {
  const parts: string[] = [];
  let at = 0;
  while (at < bytes.length) {
    const length = bytes[at] ?? 0;
    const part = bytes.subarray(at + 1, at + 1 + length);
    if (part.length < length) return undefined;
    parts.push(Buffer.from(part).toString('latin1'));
    at += 1 + length;
  }
  return parts.join(' ');
};

const DECODERS: Readonly<Record<string, (bytes: Uint8Array) => string | undefined>> = {
  A: ipv4,
  AAAA: ipv6,
  CNAME: nameOf,
  DNAME: nameOf,
  MX: numbersAndName(1),
  NS: nameOf,
  PTR: nameOf,
  SRV: numbersAndName(3),
  TXT: texts,
};

/** `10.1.2.3` of `0x0A010203`; data of other kinds, and what does not fit its type exactly, stay as written. */
export const recordDataWords = (type: string, data: string): string => {
  const digits = HEX.exec(data)?.[1];
  const name = recordTypeWords(type);
  const decode = Object.hasOwn(DECODERS, name) ? DECODERS[name] : undefined;
  if (digits === undefined || decode === undefined) return data;
  return decode(Buffer.from(digits, 'hex')) ?? data;
};
