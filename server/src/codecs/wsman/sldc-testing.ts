/** SLDC for tests, written from ECMA-321 and independent of the decompressor: writing, and reading as slowly as it reads. */

/** Writes bits from the left. */
class BitWriter {
  readonly bytes: number[] = [];
  #pending = 0;
  #count = 0;

  put(value: number, bits: number): void {
    for (let bit = bits - 1; bit >= 0; bit -= 1) {
      this.#pending = (this.#pending << 1) | ((value >> bit) & 1);
      this.#count += 1;
      if (this.#count < 8) continue;
      this.bytes.push(this.#pending);
      this.#pending = 0;
      this.#count = 0;
    }
  }

  /** Zeros to a multiple of 32 bits. */
  pad(): void {
    while (this.#count > 0 || this.bytes.length % 4 !== 0) this.put(0, 1);
  }
}

export const SLDC_CONTROL = {
  flush: 0x1ff0,
  scheme1: 0x1ff1,
  scheme2: 0x1ff2,
  fileMark: 0x1ff3,
  endOfRecord: 0x1ff4,
  reset1: 0x1ff5,
  reset2: 0x1ff6,
  endMarker: 0x1fff,
} as const;

const HISTORY_BYTES = 1024;
const MATCH_MAX = 271;

/** Match counts: smallest, prefix, bits of the prefix, bits behind it. */
const COUNTS: readonly (readonly [least: number, prefix: number, bits: number, extra: number])[] = [
  [32, 0b1111, 4, 8],
  [16, 0b1110, 4, 4],
  [8, 0b110, 3, 3],
  [4, 0b10, 2, 2],
  [2, 0b0, 1, 1],
];

const putMatch = (writer: BitWriter, count: number, place: number): void => {
  for (const [least, prefix, bits, extra] of COUNTS) {
    if (count < least) continue;
    writer.put(1, 1);
    writer.put(prefix, bits);
    writer.put(count - least, extra);
    writer.put(place, 10);
    return;
  }
};

const matchLength = (bytes: Uint8Array, from: number, at: number): number => {
  let length = 0;
  while (
    length < MATCH_MAX &&
    at + length < bytes.length &&
    bytes[from + length] === bytes[at + length]
  ) {
    length += 1;
  }
  return length;
};

/** The last place of every pair of bytes is tried: enough for tests. */
const putScheme1 = (writer: BitWriter, bytes: Uint8Array): void => {
  const places = new Map<number, number>();
  const pairAt = (at: number): number => ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
  let at = 0;
  while (at < bytes.length) {
    const candidate = places.get(pairAt(at));
    const isNear = candidate !== undefined && at - candidate <= HISTORY_BYTES;
    const length = isNear ? matchLength(bytes, candidate, at) : 0;
    if (candidate !== undefined && length >= 2) {
      putMatch(writer, length, candidate % HISTORY_BYTES);
    } else {
      writer.put(bytes[at] ?? 0, 9);
    }
    for (const end = at + (length >= 2 ? length : 1); at < end; at += 1) {
      places.set(pairAt(at), at);
    }
  }
};

const putScheme2 = (writer: BitWriter, bytes: Uint8Array): void => {
  for (const byte of bytes) {
    if (byte === 0xff) writer.put(0x1fe, 9);
    else writer.put(byte, 8);
  }
};

/** One record of SLDC, by scheme 1 (matches) or scheme 2 (bytes as they are). */
export const compressSldc = (bytes: Uint8Array, scheme: 1 | 2 = 1): Uint8Array => {
  const writer = new BitWriter();
  writer.put(scheme === 1 ? SLDC_CONTROL.reset1 : SLDC_CONTROL.reset2, 13);
  if (scheme === 1) putScheme1(writer, bytes);
  else putScheme2(writer, bytes);
  writer.put(SLDC_CONTROL.endOfRecord, 13);
  writer.pad();
  return Uint8Array.from(writer.bytes);
};

/** As a Windows client compresses: scheme 1, and the uncompressed length behind it. */
export const compressAsWindows = (bytes: Uint8Array): Uint8Array => {
  const length = Buffer.alloc(4);
  length.writeUInt32LE(bytes.length);
  return Buffer.concat([compressSldc(bytes), length]);
};

/** A symbol of a stream put together by hand. */
export type SldcSymbol =
  | keyof typeof SLDC_CONTROL
  | { readonly literal1: number }
  | { readonly literal2: number }
  | { readonly match: readonly [count: number, place: number] }
  | 'pad';

/** A stream of just these symbols, not padded. */
export const writeSldc = (symbols: readonly SldcSymbol[]): Uint8Array => {
  const writer = new BitWriter();
  for (const symbol of symbols) {
    if (symbol === 'pad') writer.pad();
    else if (typeof symbol === 'string') writer.put(SLDC_CONTROL[symbol], 13);
    else if ('literal1' in symbol) writer.put(symbol.literal1, 9);
    else if ('literal2' in symbol) putScheme2(writer, Uint8Array.of(symbol.literal2));
    else putMatch(writer, ...symbol.match);
  }
  // The last byte is filled up so that it is there.
  writer.put(0, 7);
  return Uint8Array.from(writer.bytes);
};

/** Opens a stream that is known to be sound, bit by bit, as the standard has it. */
export const openPlainly = (bytes: Uint8Array): Buffer => {
  const bits = [...bytes].map((byte) => byte.toString(2).padStart(8, '0')).join('');
  const history = new Uint8Array(HISTORY_BYTES);
  const output: number[] = [];
  let at = 0;
  let place = 0;
  let scheme = 0;
  const take = (count: number): number => {
    at += count;
    return Number.parseInt(bits.slice(at - count, at), 2);
  };
  const put = (byte: number): void => {
    output.push(byte);
    history[place] = byte;
    place = (place + 1) % HISTORY_BYTES;
  };
  const takeCount = (): number => {
    if (take(1) === 0) return 2 + take(1);
    if (take(1) === 0) return 4 + take(2);
    if (take(1) === 0) return 8 + take(3);
    return take(1) === 0 ? 16 + take(4) : 32 + take(8);
  };
  const takeMatch = (): void => {
    const count = takeCount();
    const from = take(10);
    for (let index = 0; index < count; index += 1)
      put(history[(from + index) % HISTORY_BYTES] ?? 0);
  };
  const takeData = (): void => {
    if (scheme === 1 && take(1) === 1) {
      takeMatch();
      return;
    }
    const byte = take(8);
    if (scheme === 2 && byte === 0xff) take(1);
    put(byte);
  };
  for (;;) {
    if (!bits.startsWith('111111111', at)) {
      takeData();
      continue;
    }
    const control = take(13);
    if (control === SLDC_CONTROL.endOfRecord || control === SLDC_CONTROL.endMarker) break;
    if (control === SLDC_CONTROL.reset1 || control === SLDC_CONTROL.reset2) place = 0;
    if (control === SLDC_CONTROL.scheme1 || control === SLDC_CONTROL.reset1) scheme = 1;
    if (control === SLDC_CONTROL.scheme2 || control === SLDC_CONTROL.reset2) scheme = 2;
    if (control === SLDC_CONTROL.flush || control === SLDC_CONTROL.fileMark)
      at = Math.ceil(at / 32) * 32;
  }
  return Buffer.from(output);
};
