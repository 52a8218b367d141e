import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ridTime, ridTimeDigits } from './rid-time.ts';
import { RowBinaryWriter } from './row-binary-writer.ts';

const written = (write: (writer: RowBinaryWriter) => void): Buffer => {
  // So small that every write must make room.
  const writer = new RowBinaryWriter(1);
  write(writer);
  return Buffer.from(writer.bytes());
};

describe('RowBinary', () => {
  it('writes whole numbers little-endian', () => {
    const int64 = (value: number) => {
      const expected = Buffer.alloc(8);
      expected.writeBigInt64LE(BigInt(value));
      assert.deepEqual(
        written((writer) => writer.int64(value)),
        expected,
        String(value),
      );
    };
    for (const value of [
      0,
      1,
      -1,
      255,
      2 ** 32,
      -(2 ** 32),
      2 ** 53 - 1,
      -(2 ** 53) + 1,
      Date.UTC(1601, 0, 1),
    ])
      int64(value);
    for (const value of [0n, 1n, 2n ** 32n, 2n ** 63n, 2n ** 64n - 1n]) {
      const expected = Buffer.alloc(8);
      expected.writeBigUInt64LE(value);
      assert.deepEqual(
        written((writer) => writer.uint64(value)),
        expected,
        String(value),
      );
    }
  });

  it('writes lengths as LEB128', () => {
    const check = (value: number, expected: number[]) =>
      assert.deepEqual([...written((writer) => writer.varUint(value))], expected);
    check(0, [0]);
    check(127, [127]);
    check(128, [128, 1]);
    check(300, [0xac, 2]);
    check(2 ** 31, [128, 128, 128, 128, 8]);
  });

  it('writes texts of every length and alphabet as UTF-8', () => {
    const alphabets = ['a', 'é', '報', '😀', 'a\u0000', '\ud800'];
    for (const alphabet of alphabets) {
      for (const length of [0, 1, 31, 63, 64, 65, 127, 128, 129, 5000]) {
        const text = alphabet.repeat(length);
        const bytes = Buffer.from(text, 'utf8');
        const expected = Buffer.concat([written((writer) => writer.varUint(bytes.length)), bytes]);
        assert.deepEqual(
          written((writer) => writer.string(text)),
          expected,
        );
      }
    }
  });

  it('takes upper-case hexadecimal digits only', () => {
    const check = (text: string, isHex: boolean) => {
      const writer = new RowBinaryWriter(1);
      assert.equal(writer.hex(text, 1, 2), isHex, text);
      if (isHex) assert.deepEqual(Buffer.from(writer.bytes()), Buffer.from(text.slice(1), 'hex'));
    };
    check('x00FF', true);
    check('xA9B8', true);
    check('xa9B8', false);
    check('x00', false);
    check('x0g00', false);
    check('x00é0', false);
  });
});

describe('time of a RID', () => {
  it('is read back as it was written', () => {
    const times = [
      0,
      -1,
      951_782_400_000,
      Date.UTC(2024, 1, 29, 23, 59, 59, 999),
      Date.UTC(1601, 0, 1),
      Date.UTC(9999, 11, 31),
    ];
    for (const time of times) assert.equal(ridTime(`${ridTimeDigits(time)}00`), time);
    for (let day = 0; day < 60_000; day += 17) {
      const time = day * 86_400_000 + 12_345;
      assert.equal(ridTime(ridTimeDigits(time)), time);
    }
  });

  it('is no number when the digits are no time', () => {
    for (const rid of ['', '2024', '20241306070809123', '20240506240809123', 'x0240506070809123']) {
      assert.ok(Number.isNaN(ridTime(rid)), rid);
    }
  });
});
