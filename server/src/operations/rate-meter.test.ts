import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createRateMeter } from './rate-meter.ts';

test('a rate is of the last minute, or of the time since the start', () => {
  let now = 1_000_000;
  const meter = createRateMeter(() => now);
  meter.add(10);
  assert.equal(meter.perSecond(), 10);
  now += 9_000;
  meter.add(90);
  assert.equal(meter.perSecond(), 10);
  now += 55_000;
  assert.equal(meter.perSecond(), 90 / 60);
  now += 3_600_000;
  assert.equal(meter.perSecond(), 0);
});

test('a clock that is set back does no harm', () => {
  let now = 1_000_000;
  const meter = createRateMeter(() => now);
  meter.add(60);
  now -= 30_000;
  meter.add(60);
  assert.equal(meter.perSecond(), 120);
});
