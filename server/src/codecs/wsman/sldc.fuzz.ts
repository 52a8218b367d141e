import assert from 'node:assert/strict';
import { WitnessError } from '@witness/record';
import { decompressSldc } from '../index.ts';
import { compressSldc, openPlainly } from './sldc-testing.ts';

type Random = () => number;

const integer = (random: Random, below: number): number => Math.floor(random() * below);

const BYTES_MAX = 20_000;

/** Bytes of a small alphabet repeat as text does; of a large one, hardly. */
const makeBytes = (random: Random): Buffer => {
  const alphabet = 1 + integer(random, random() < 0.5 ? 6 : 256);
  const length = integer(random, random() < 0.2 ? 5000 : 200);
  return Buffer.from(Array.from({ length }, () => 255 - integer(random, alphabet)));
};

/** Flips bits, cuts, and repeats parts of a sound stream. */
const damage = (random: Random, sound: Uint8Array): Buffer => {
  const bytes = Buffer.from(sound);
  for (let count = integer(random, 4); count > 0; count -= 1) {
    const at = integer(random, bytes.length);
    bytes[at] = (bytes[at] ?? 0) ^ (1 << integer(random, 8));
  }
  if (random() < 0.2) return bytes.subarray(0, integer(random, bytes.length));
  if (random() > 0.2) return bytes;
  const from = integer(random, bytes.length);
  return Buffer.concat([bytes.subarray(0, from), bytes.subarray(integer(random, from + 1))]);
};

/** Whatever the bytes: what plain decoding gives and no more than the limit, or a WitnessError. */
export const fuzz = {
  name: 'sldc',
  makeInput: (random: Random): Uint8Array => {
    const bytes = makeBytes(random);
    return random() < 0.1 ? bytes : damage(random, compressSldc(bytes, random() < 0.7 ? 1 : 2));
  },
  check: (input: Uint8Array): void => {
    for (const scheme of [1, 2] as const) {
      const opened = decompressSldc(compressSldc(input, scheme), { bytesMax: input.length });
      assert.deepEqual(Buffer.from(opened), Buffer.from(input));
    }
    let opened: Uint8Array;
    try {
      opened = decompressSldc(input, { bytesMax: BYTES_MAX });
    } catch (error) {
      if (!(error instanceof WitnessError)) throw error;
      return;
    }
    assert.ok(opened.length <= BYTES_MAX);
    assert.deepEqual(Buffer.from(opened), openPlainly(input));
  },
};
