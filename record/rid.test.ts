import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createRid, isRid, ridHash, ridTimeMs, WitnessError } from './index.ts';

const HASH = '0F1E2D3C4B5A69788796A5B4C3D2E1F0';

const isRidError = (error: unknown): boolean =>
  error instanceof WitnessError && error.code === 'RECORD_RID_INVALID';

test('a RID is 17 digits of UTC time and the hash, and gives both back', () => {
  const check = (iso: string, digits: string): void => {
    const rid = createRid(Date.parse(iso), HASH);
    assert.equal(rid, digits + HASH);
    assert.equal(rid.length, 49);
    assert.equal(isRid(rid), true);
    assert.equal(new Date(ridTimeMs(rid)).toISOString(), iso);
    assert.equal(ridHash(rid), HASH);
  };
  check('2024-05-06T07:08:09.123Z', '20240506070809123');
  check('2024-05-06T07:08:09.124Z', '20240506070809124');
  check('2024-05-06T07:08:09.000Z', '20240506070809000');
  check('2024-02-29T23:59:59.999Z', '20240229235959999');
  check('1969-12-31T23:59:59.007Z', '19691231235959007');
  check('0000-01-01T00:00:00.000Z', '00000101000000000');
  check('9999-12-31T23:59:59.999Z', '99991231235959999');
});

test('RIDs sort by time', () => {
  const times = [-1, 0, 1, 999, 1000, 1_714_979_289_123, 1_714_979_289_124, 4_000_000_000_000];
  const rids = times.map((timeMs) => createRid(timeMs, HASH));
  assert.deepEqual([...rids].sort(), rids);
});

test('createRid refuses what cannot be written', () => {
  for (const timeMs of [Number.NaN, 1.5, Number.POSITIVE_INFINITY, 8.64e15, -62_167_219_200_001]) {
    assert.throws(() => createRid(timeMs, HASH), isRidError, String(timeMs));
  }
  for (const hash of ['', HASH.toLowerCase(), HASH.slice(1), `${HASH}0`, HASH.replace('0', 'G')]) {
    assert.throws(() => createRid(0, hash), isRidError, hash);
  }
});

test('isRid knows a RID when it sees one', () => {
  for (const text of [
    '',
    HASH,
    `2024050607080912${HASH}`,
    `202405060708091234${HASH}`,
    `20241306070809123${HASH}`,
    `20240532070809123${HASH}`,
    `20230229070809123${HASH}`,
    `20240506240809123${HASH}`,
    `20240506076009123${HASH}`,
    `20240506070860123${HASH}`,
    `20240506070809123${HASH.toLowerCase()}`,
    `20240506070809123${HASH}\n`,
    ` 20240506070809123${HASH}`,
  ]) {
    assert.equal(isRid(text), false, text);
    assert.throws(() => ridTimeMs(text), isRidError, text);
  }
});
