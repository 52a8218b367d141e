/**
 * SLDC, Streaming Lossless Data Compression (ECMA-321, ISO/IEC 22091), as Windows compresses forwarded events with it
 * (MS-WSMV 3.1.4.1.30.1). Bits count from the left of each byte:
 *
 * - Nine ones begin a control symbol, its kind in the next four bits; see `CONTROL`.
 * - Scheme 1: `0` and a byte; or `1`, a match count and ten bits of place in a ring of 1,024 bytes.
 *   Match counts: `0x` is 2-3, `10xx` 4-7, `110xxx` 8-15, `1110xxxx` 16-31, `1111xxxxxxxx` 32-271.
 * - Scheme 2: a byte; 0xff is followed by one `0`.
 * - Flush and file mark are padded with zeros to a multiple of 32 bits.
 *
 * A body is one record. What stands behind its end is not looked at: padding, and from Windows the uncompressed length.
 */
import { wsmanError } from './wsman-errors.ts';

const CONTROL = {
  flush: 0,
  scheme1: 1,
  scheme2: 2,
  fileMark: 3,
  endOfRecord: 4,
  reset1: 5,
  reset2: 6,
  endMarker: 15,
} as const;

const HISTORY_BYTES = 1024;
const MATCH_BYTES_MAX = 271;
/** A peek reads four bytes, so this many zeros stand behind the input. */
const PEEK_BYTES = 4;
const CONTROL_BITS = 13;
/** Bits are counted in 32 bits. */
const INPUT_BYTES_MAX = 128 * 1024 * 1024;

/** Whether the bytes begin as SLDC does. Windows names the encoding on some bodies it did not compress. */
export const isSldc = (bytes: Uint8Array): boolean => {
  const [first = 0, second = 0] = bytes;
  const kind = (second >> 3) & 15;
  return first === 0xff && second >= 0x80 && kind <= CONTROL.reset2;
};

const invalid = (reason: string, bit: number): never => {
  throw wsmanError('WSMAN_SLDC_INVALID', { reason }, { location: `bit ${bit}` });
};

type Scheme = 0 | 1 | 2;

class Decompressor {
  readonly #input: Uint8Array;
  readonly #bits: number;
  readonly #bytesMax: number;
  #output: Uint8Array;
  #written = 0;
  #bit = 0;
  /** Where the history begins: it reaches back to the last reset at most. */
  #historyFrom = 0;
  #scheme: Scheme = 0;

  constructor(bytes: Uint8Array, bytesMax: number) {
    this.#input = new Uint8Array(bytes.length + PEEK_BYTES);
    this.#input.set(bytes);
    this.#bits = bytes.length * 8;
    this.#bytesMax = bytesMax;
    this.#output = new Uint8Array(Math.min(bytesMax, bytes.length * 4) + MATCH_BYTES_MAX);
  }

  run(): Uint8Array {
    while (!this.#control()) {
      if (this.#scheme === 1) this.#readScheme1();
      else if (this.#scheme === 2) this.#readScheme2();
      else invalid('data before a scheme is chosen', this.#bit);
    }
    return this.#output.subarray(0, this.#written);
  }

  /** The next bits at the top of 32; at least 25 of them are right. */
  #peek(): number {
    const at = this.#bit >>> 3;
    const input = this.#input;
    const word =
      ((input[at] as number) << 24) |
      ((input[at + 1] as number) << 16) |
      ((input[at + 2] as number) << 8) |
      (input[at + 3] as number);
    return word << (this.#bit & 7);
  }

  /** Obeys the control symbols that are next. Gives whether the data ends. */
  #control(): boolean {
    for (;;) {
      if (this.#bit + CONTROL_BITS > this.#bits) invalid('it ends early', this.#bit);
      const next = this.#peek();
      if (next >>> 23 !== 0x1ff) return false;
      const at = this.#bit;
      this.#bit += CONTROL_BITS;
      if (this.#obey((next >>> 19) & 15, at)) return true;
    }
  }

  #obey(kind: number, at: number): boolean {
    switch (kind) {
      case CONTROL.reset1:
      case CONTROL.reset2:
        this.#historyFrom = this.#written;
        this.#scheme = kind === CONTROL.reset1 ? 1 : 2;
        return false;
      case CONTROL.scheme1:
      case CONTROL.scheme2:
        this.#scheme = kind === CONTROL.scheme1 ? 1 : 2;
        return false;
      case CONTROL.flush:
      case CONTROL.fileMark:
        this.#align();
        return false;
      case CONTROL.endOfRecord:
      case CONTROL.endMarker:
        return true;
      default:
        return invalid(`control symbol ${kind}`, at);
    }
  }

  #align(): void {
    this.#bit = (this.#bit + 31) & ~31;
  }

  #room(): Uint8Array {
    if (this.#written > this.#bytesMax) {
      throw wsmanError('WSMAN_BODY_LIMIT', { bytes: this.#bytesMax });
    }
    const size = Math.min(this.#bytesMax, this.#output.length * 2) + MATCH_BYTES_MAX;
    const larger = new Uint8Array(size);
    larger.set(this.#output);
    this.#output = larger;
    return larger;
  }

  /** Symbols of scheme 1 up to the next control symbol. All state of the loop is local: it is where the time goes. */
  #readScheme1(): void {
    const input = this.#input;
    const bits = this.#bits;
    const historyFrom = this.#historyFrom;
    let output = this.#output;
    let roomUntil = output.length - MATCH_BYTES_MAX;
    let written = this.#written;
    let bit = this.#bit;
    while (bit < bits) {
      const at = bit >>> 3;
      const next =
        (((input[at] as number) << 24) |
          ((input[at + 1] as number) << 16) |
          ((input[at + 2] as number) << 8) |
          (input[at + 3] as number)) <<
        (bit & 7);
      if (written > roomUntil) {
        this.#written = written;
        output = this.#room();
        roomUntil = output.length - MATCH_BYTES_MAX;
      }
      if (next >= 0) {
        output[written] = next >>> 23;
        written += 1;
        bit += 9;
        continue;
      }
      if (next >>> 23 === 0x1ff) break;
      // Ones after the first bit; the count field has as many bits behind them, and eight behind four.
      const ones = Math.min(4, Math.clz32(~(next << 1)));
      const extra = ones === 4 ? 8 : ones + 1;
      const head = ones === 4 ? 5 : ones + 2;
      const count = (2 << ones) + ((next << head) >>> (32 - extra));
      const place = (next << (head + extra)) >>> 22;
      const back = ((written - historyFrom - place - 1) & (HISTORY_BYTES - 1)) + 1;
      if (back > written - historyFrom) invalid('a match before the history', bit);
      bit += head + extra + 10;
      for (const end = written + count; written < end; written += 1) {
        output[written] = output[written - back] as number;
      }
    }
    this.#written = written;
    this.#bit = bit;
    if (bit > bits) invalid('it ends early', bits);
    this.#checkSize();
  }

  /** Bytes of scheme 2 up to the next control symbol. */
  #readScheme2(): void {
    const bits = this.#bits;
    let output = this.#output;
    while (this.#bit < bits) {
      const next = this.#peek();
      if (next >>> 23 === 0x1ff) break;
      if (this.#written >= output.length) output = this.#room();
      output[this.#written] = next >>> 24;
      this.#written += 1;
      this.#bit += next >>> 24 === 0xff ? 9 : 8;
    }
    if (this.#bit > bits) invalid('it ends early', bits);
    this.#checkSize();
  }

  #checkSize(): void {
    if (this.#written > this.#bytesMax) {
      throw wsmanError('WSMAN_BODY_LIMIT', { bytes: this.#bytesMax });
    }
  }
}

/**
 * The bytes that SLDC data holds. Work and memory are bounded by the input and `bytesMax`.
 *
 * Throws WSMAN_SLDC_INVALID (location `bit N`), or WSMAN_BODY_LIMIT when it opens to more than `bytesMax` bytes.
 */
export const decompressSldc = (
  bytes: Uint8Array,
  { bytesMax }: { readonly bytesMax: number },
): Uint8Array => {
  if (bytes.length > INPUT_BYTES_MAX) {
    throw wsmanError('WSMAN_BODY_LIMIT', { bytes: INPUT_BYTES_MAX });
  }
  return new Decompressor(bytes, bytesMax).run();
};
