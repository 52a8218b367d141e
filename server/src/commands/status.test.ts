import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { StatusReport } from '../operations/index.ts';
import { statusText } from './status.ts';

const NOW = Date.UTC(2025, 0, 31, 9, 12, 33);

const REPORT: StatusReport = {
  version: '1.2.3',
  isServerRunning: true,
  processId: 4711,
  startedAt: NOW - 75_000,
  now: NOW,
  dataFolder: '/srv/witness',
  addresses: [{ listener: 'Integration API', url: 'https://audit:9699/netwrix/api/v1' }],
  held: { records: 1_234_567, rejected: 3, archiveOnly: 12, storeBytes: 25 * 1024 ** 2 },
  recordsPerSecond: 41.4,
  backlogBatches: 0,
  backlogBytes: 0,
  diskFreeBytes: 80 * 1024 ** 3,
  memoryBytes: 150 * 1024 ** 2,
  sources: [{ dataSource: 'Active Directory', records: 1, newestWhen: NOW - 1_000 }],
  problems: [],
};

test('the whole report', () => {
  assert.equal(
    statusText(REPORT),
    [
      'Witness 1.2.3 runs as process 4711, for 1 min 15 s.',
      'Data folder      /srv/witness',
      'Integration API  https://audit:9699/netwrix/api/v1',
      'Records          1,234,567 (25.0 MB on disk), 12 more for the archive only, 3 raw events rejected',
      'Rate             41 records a second over the last minute',
      'Backlog          nothing waits to be stored',
      'Disk             80.0 GB free',
      'Memory           150 MB',
      '',
      'Last record per data source:',
      '  Active Directory  1 record  last 2025-01-31 09:12:32 UTC',
    ].join('\n'),
  );
});

test('what differs when something is otherwise', () => {
  const check = (change: Partial<StatusReport>, says: RegExp) =>
    assert.match(statusText({ ...REPORT, ...change }), says);
  check({ isServerRunning: false }, /^Witness 1\.2\.3: no server runs on this data folder\.$/m);
  check({ backlogBatches: 1, backlogBytes: 2048 }, /^Backlog +1 batch \(2\.0 KB\) to be stored$/m);
  check({ backlogBatches: 2000 }, /^Backlog +2,000 batches /m);
  check(
    { problems: [{ part: 'spool', reason: 'the disk is full', advice: 'Make room.' }] },
    /\n\nProblem: spool: the disk is full\n {2}Make room\.$/,
  );
  const { held: _, ...away } = REPORT;
  assert.match(statusText(away), /^Records +not known while the audit database does not answer$/m);
  assert.doesNotMatch(statusText({ ...REPORT, sources: [] }), /Last record/);
});

test('a data source is a value of records, and may be hostile', () => {
  const sources = [{ dataSource: 'x\u001b[2J\n', records: 2, newestWhen: NOW }];
  assert.match(statusText({ ...REPORT, sources }), /^ {2}x\\u001b\[2J\\n {2}2 records {2}last/m);
});
