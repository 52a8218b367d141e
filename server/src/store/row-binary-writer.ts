/**
 * Writes ClickHouse's RowBinary into one growing buffer: https://clickhouse.com/docs/interfaces/formats/RowBinary.
 * LowCardinality columns are plain strings in this format.
 */

const CAPACITY_BYTES_MIN = 64 * 1024;
/** Longer texts are measured and written by the runtime, shorter ones character by character. */
const SHORT_TEXT_LENGTH_MAX = 64;
const TWO_32 = 4_294_967_296;

export class RowBinaryWriter {
  #buffer: Buffer;
  #length = 0;

  constructor(capacityBytes = CAPACITY_BYTES_MIN) {
    this.#buffer = Buffer.allocUnsafeSlow(capacityBytes);
  }

  get length(): number {
    return this.#length;
  }

  /** A view, valid until the next write. */
  bytes(): Uint8Array {
    return this.#buffer.subarray(0, this.#length);
  }

  reset(): void {
    this.#length = 0;
  }

  #reserve(bytes: number): void {
    const needed = this.#length + bytes;
    if (needed <= this.#buffer.length) return;
    const grown = Buffer.allocUnsafeSlow(Math.max(needed, this.#buffer.length * 2));
    this.#buffer.copy(grown, 0, 0, this.#length);
    this.#buffer = grown;
  }

  uint8(value: number): void {
    this.#reserve(1);
    this.#buffer[this.#length++] = value;
  }

  /** A whole number within 2^53, as Int64. */
  int64(value: number): void {
    const high = Math.floor(value / TWO_32);
    this.#words(value - high * TWO_32, high);
  }

  uint64(value: bigint): void {
    this.#words(Number(value & 0xffff_ffffn), Number(value >> 32n));
  }

  #words(low: number, high: number): void {
    this.#reserve(8);
    const buffer = this.#buffer;
    const at = this.#length;
    buffer[at] = low;
    buffer[at + 1] = low >>> 8;
    buffer[at + 2] = low >>> 16;
    buffer[at + 3] = low >>> 24;
    buffer[at + 4] = high;
    buffer[at + 5] = high >>> 8;
    buffer[at + 6] = high >>> 16;
    buffer[at + 7] = high >>> 24;
    this.#length = at + 8;
  }

  /** Unsigned LEB128: the length of strings and arrays. */
  varUint(value: number): void {
    this.#reserve(5);
    let rest = value;
    while (rest >= 0x80) {
      this.#buffer[this.#length++] = (rest & 0x7f) | 0x80;
      rest >>>= 7;
    }
    this.#buffer[this.#length++] = rest;
  }

  /** UTF-8; lone surrogates become U+FFFD. */
  string(text: string): void {
    const length = text.length;
    if (length > SHORT_TEXT_LENGTH_MAX || !this.#shortAscii(text, length)) {
      const bytes = Buffer.byteLength(text);
      this.varUint(bytes);
      this.#reserve(bytes);
      this.#buffer.write(text, this.#length, 'utf8');
      this.#length += bytes;
    }
  }

  /** False, with nothing written, when the text is not all ASCII. */
  #shortAscii(text: string, length: number): boolean {
    this.#reserve(length + 1);
    const buffer = this.#buffer;
    const start = this.#length + 1;
    for (let index = 0; index < length; index += 1) {
      const code = text.charCodeAt(index);
      if (code > 0x7f) return false;
      buffer[start + index] = code;
    }
    buffer[start - 1] = length;
    this.#length = start + length;
    return true;
  }

  /** Nullable(String). */
  optionalString(text: string | undefined): void {
    this.uint8(text === undefined ? 1 : 0);
    if (text !== undefined) this.string(text);
  }

  /** String of raw bytes. */
  byteString(bytes: Uint8Array): void {
    this.varUint(bytes.length);
    this.#reserve(bytes.length);
    this.#buffer.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  /** Hexadecimal digits of `text` from `start` as `bytes` raw bytes; false when one is not a digit. */
  hex(text: string, start: number, bytes: number): boolean {
    this.#reserve(bytes);
    let invalid = 0;
    for (let index = 0; index < bytes; index += 1) {
      const high = NIBBLES[text.charCodeAt(start + index * 2)] ?? 0xff;
      const low = NIBBLES[text.charCodeAt(start + index * 2 + 1)] ?? 0xff;
      invalid |= high | low;
      this.#buffer[this.#length + index] = (high << 4) | low;
    }
    this.#length += bytes;
    return invalid < 0x10;
  }
}

/** Upper-case digits only, as RIDs have them; 0xff for everything else. */
const NIBBLES = Uint8Array.from({ length: 128 }, (_, code) => {
  const digit = '0123456789ABCDEF'.indexOf(String.fromCharCode(code));
  return digit < 0 ? 0xff : digit;
});
