/** Section 9.4 of the wire contract: the days of timeframes, also where clocks change. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Timeframe } from './filters.ts';
import { createTimeframes } from './timeframes.ts';

const check = (
  [timeZone, timeframe, now]: readonly [string, Timeframe, string],
  [from, to]: readonly [string, string],
): void => {
  test(`9.4: ${timeframe} in ${timeZone} at ${now}`, () => {
    const interval = createTimeframes(timeZone)(timeframe, Date.parse(now));
    assert.equal(new Date(interval.from).toISOString(), from);
    assert.equal(new Date(interval.to).toISOString(), to);
  });
};

check(
  ['UTC', 'Today', '2026-03-17T00:00:00Z'],
  ['2026-03-17T00:00:00.000Z', '2026-03-17T23:59:59.999Z'],
);
check(
  ['UTC', 'LastSevenDays', '2026-03-17T23:59:59Z'],
  ['2026-03-11T00:00:00.000Z', '2026-03-17T23:59:59.999Z'],
);
check(
  ['UTC', 'LastThirtyDays', '2024-03-01T12:00:00Z'],
  ['2024-02-01T00:00:00.000Z', '2024-03-01T23:59:59.999Z'],
);
check(
  ['UTC', 'Yesterday', '2026-01-01T05:00:00Z'],
  ['2025-12-31T00:00:00.000Z', '2025-12-31T23:59:59.999Z'],
);
// 29 March 2026 has 23 hours in Berlin, 25 October 25.
check(
  ['Europe/Berlin', 'Today', '2026-03-29T12:00:00Z'],
  ['2026-03-28T23:00:00.000Z', '2026-03-29T21:59:59.999Z'],
);
check(
  ['Europe/Berlin', 'Yesterday', '2026-10-26T00:30:00Z'],
  ['2026-10-24T22:00:00.000Z', '2026-10-25T22:59:59.999Z'],
);
check(
  ['Europe/Berlin', 'LastSevenDays', '2026-03-30T12:00:00Z'],
  ['2026-03-23T23:00:00.000Z', '2026-03-30T21:59:59.999Z'],
);
// In Beirut clocks go forward at midnight: 29 March 2026 begins at 01:00 local time.
check(
  ['Asia/Beirut', 'Today', '2026-03-29T12:00:00Z'],
  ['2026-03-28T22:00:00.000Z', '2026-03-29T20:59:59.999Z'],
);
check(
  ['America/New_York', 'Today', '2026-03-17T03:59:59Z'],
  ['2026-03-16T04:00:00.000Z', '2026-03-17T03:59:59.999Z'],
);
check(
  ['Pacific/Kiritimati', 'Today', '2026-03-17T12:00:00Z'],
  ['2026-03-17T10:00:00.000Z', '2026-03-18T09:59:59.999Z'],
);
check(
  ['Asia/Kathmandu', 'Today', '2026-03-17T12:00:00Z'],
  ['2026-03-16T18:15:00.000Z', '2026-03-17T18:14:59.999Z'],
);
check(
  ['-11:30', 'Today', '2026-03-17T12:00:00Z'],
  ['2026-03-17T11:30:00.000Z', '2026-03-18T11:29:59.999Z'],
);

test('9.4: a zone nobody knows', () => {
  assert.throws(() => createTimeframes('Mars/Olympus'), {
    code: 'INTEGRATION_API_TIME_ZONE_UNKNOWN',
  });
});
